/// What is gained by answering only the surest rows.
package struct CoverageCurve: Sendable {
    /// The rows at least as sure as some row.
    package struct Point: Sendable, Equatable {
        /// The least probability among them.
        package var threshold: Float
        /// How many they are.
        package var covered: Int
        /// How many of them are right.
        package var correct: Int

        /// The share of covered rows that are right.
        package var precision: Double { Double(correct) / Double(max(covered, 1)) }
        package var risk: Double { 1 - precision }
    }

    /// One point a threshold, the highest first; at most a few hundred, even in coverage.
    package let points: [Point]
    package let rows: Int
    private let all: [Point]

    private static let maximumPoints = 200

    init(_ measurer: FieldMeasurer) {
        rows = measurer.order.count
        var (all, correct) = ([Point](), 0)
        for tie in Reliability.ties(measurer.confidence) {
            correct += tie.count { measurer.isCorrect[$0] }
            all.append(
                Point(
                    threshold: measurer.confidence[tie.lowerBound], covered: tie.upperBound, correct: correct)
            )
        }
        self.all = all
        var kept: [Point] = []
        let step = max(1, rows / CoverageCurve.maximumPoints)
        for point in all
        where kept.isEmpty || point.covered >= (kept.last?.covered ?? 0) + step || point == all.last {
            kept.append(point)
        }
        points = kept
    }

    /// The share of rows a point covers.
    package func coverage(_ point: Point) -> Double { Double(point.covered) / Double(max(rows, 1)) }

    /// The first point that covers at least this share of rows.
    package func point(covering share: Double) -> Point? {
        all.first { Double($0.covered) >= share * Double(rows) } ?? all.last
    }
}

/// What handling and mending a ticket take.
package struct Costs: Sendable, Equatable {
    /// Minutes to triage a ticket by hand.
    package var reviewMinutes: Double
    /// Minutes that a wrong automatic answer costs.
    package var errorMinutes: Double

    /// Two minutes to triage by hand, ten to put a wrong answer right.
    package init(reviewMinutes: Double = 2, errorMinutes: Double = 10) {
        self.reviewMinutes = reviewMinutes
        self.errorMinutes = errorMinutes
    }

    /// Minutes saved in 100 tickets against triage by hand, when a point's rows are answered without review.
    func saved(_ point: CoverageCurve.Point, rows: Int) -> Double {
        let wrong = Double(point.covered - point.correct)
        return 100 * (Double(point.covered) * reviewMinutes - wrong * errorMinutes) / Double(max(rows, 1))
    }
}
