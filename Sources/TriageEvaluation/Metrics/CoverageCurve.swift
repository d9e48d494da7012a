/// What is gained by answering only the surest rows.
public struct CoverageCurve: Sendable {
    /// The rows at least as sure as some row.
    public struct Point: Sendable, Equatable {
        /// The least probability among them.
        public var threshold: Float
        /// How many they are.
        public var covered: Int
        /// How many of them are right.
        public var correct: Int

        /// The share of covered rows that are right.
        public var precision: Double { Double(correct) / Double(max(covered, 1)) }
        /// Its complement.
        public var risk: Double { 1 - precision }
    }

    /// One point a threshold, the highest first; at most a few hundred, even in coverage.
    public let points: [Point]
    /// All rows.
    public let rows: Int
    private let all: [Point]

    private static let mostPoints = 200

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
        let step = max(1, rows / CoverageCurve.mostPoints)
        for point in all
        where kept.isEmpty || point.covered >= (kept.last?.covered ?? 0) + step || point == all.last {
            kept.append(point)
        }
        points = kept
    }

    /// The share of rows a point covers.
    public func coverage(_ point: Point) -> Double { Double(point.covered) / Double(max(rows, 1)) }

    /// The first point that covers at least this share of rows.
    public func point(covering share: Double) -> Point? {
        all.first { Double($0.covered) >= share * Double(rows) } ?? all.last
    }
}

/// What handling and mending a ticket take.
public struct Costs: Sendable, Equatable {
    /// Minutes to triage a ticket by hand.
    public var reviewMinutes: Double
    /// Minutes that a wrong automatic answer costs.
    public var errorMinutes: Double

    /// Two minutes to triage by hand, ten to put a wrong answer right.
    public init(reviewMinutes: Double = 2, errorMinutes: Double = 10) {
        self.reviewMinutes = reviewMinutes
        self.errorMinutes = errorMinutes
    }

    /// Minutes saved in 100 tickets against triage by hand, when a point's rows are answered without review.
    func saved(_ point: CoverageCurve.Point, rows: Int) -> Double {
        let wrong = Double(point.covered - point.correct)
        return 100 * (Double(point.covered) * reviewMinutes - wrong * errorMinutes) / Double(max(rows, 1))
    }
}
