package import TriageModel
internal import TriageNumerics

/// Solves the probability threshold for level `auto` on held-out rows.
///
/// For a precision, thresholds are tested from few rows towards many; each passes when the one-sided Clopper–Pearson
/// bound of those at or above it reaches the target, and the walk ends at the first that does not (learn then test,
/// Angelopoulos et al., 2021). Walks begin at an eighth, a quarter and a half of the rows, as far as these are enough to
/// pass without an error, and share the allowed error; what was tested depends on no label, so the bound holds for the
/// threshold that is chosen.
package struct ThresholdSolver {
    /// One point of the precision–coverage curve.
    package struct Point: Sendable, Equatable {
        /// The least probability.
        package var threshold: Float
        /// Rows at or above it.
        package var above: Int
        package var errors: Int

        /// The one-sided Clopper–Pearson bound of the share that is right.
        package func lowerBound(error: Double) -> Double {
            Binomial.lowerBound(above - errors, of: above, error: error)
        }
    }

    package struct Solution: Sendable, Equatable {
        /// The chosen point; nil when the target is out of reach.
        package var point: Point?
    }

    /// The probability of a wrong bound.
    package static let error = 0.05
    private static let steps = 200

    private let scores: HeldOutScores
    /// Places in `scores`, by falling confidence.
    private let places: [Int]
    /// All rows of the label, or of all.
    private let whole: Int

    /// A solver over the rows that are clear and at least suggested, all or those whose best label is `label`.
    package init(_ scores: HeldOutScores, suggest: Float, label: Int? = nil) {
        self.scores = scores
        whole = (0..<scores.count).count { label == nil || Int(scores.predicted[$0]) == label }
        places = (0..<scores.count).filter {
            scores.clear[$0] == 1 && scores.confidence[$0] >= suggest
                && (label == nil || Int(scores.predicted[$0]) == label)
        }
    }

    /// The curve in equal steps of coverage, ties together, few rows first.
    package var curve: [Point] {
        var points: [Point] = []
        var (errors, above) = (0, 0)
        let step = max(1, places.count / ThresholdSolver.steps)
        for (rank, place) in places.enumerated() {
            above += 1
            if scores.predicted[place] != scores.gold[place] { errors += 1 }
            let isTied =
                rank + 1 < places.count && scores.confidence[places[rank + 1]] == scores.confidence[place]
            guard !isTied, above - (points.last?.above ?? 0) >= step || rank + 1 == places.count else {
                continue
            }
            points.append(Point(threshold: scores.confidence[place], above: above, errors: errors))
        }
        return points
    }

    /// The threshold for a target; `error` is shared out by the caller when several are solved at once.
    package func solve(_ target: AutoTarget, error: Double = error) -> Solution {
        switch target {
        case .precision(let precision): return solve(precision: precision, error: error)
        case .coverage(let coverage):
            let wanted = Int((coverage * Double(whole)).rounded(.up))
            return Solution(point: curve.first { $0.above >= wanted })
        case .cost(let matrix): return Solution(point: cheapest(matrix))
        }
    }

    /// Rows without an error that show a precision: ln(error) / ln(precision), so 59 for 0.95, 299 for 0.99.
    package static func minimumRows(precision: Double, error: Double = error) -> Int {
        var rows = 1
        while Binomial.cumulative(0, of: rows, probability: 1 - precision) > error { rows += 1 }
        return rows
    }

    private func solve(precision: Double, error: Double) -> Solution {
        let curve = curve
        let (starts, share) = ThresholdSolver.starts(places.count, precision: precision, error: error)
        var best: Point?
        for start in starts {
            for point in curve where point.above >= start {
                guard ThresholdSolver.shows(precision, point, error: share) else { break }
                if point.above > best?.above ?? 0 { best = point }
            }
        }
        return Solution(point: best)
    }

    private static func shows(_ precision: Double, _ point: Point, error: Double) -> Bool {
        Binomial.cumulative(point.errors, of: point.above, probability: 1 - precision) <= error
    }

    /// Where walks begin, in rows, and the error that each is allowed.
    private static func starts(_ rows: Int, precision: Double, error: Double) -> ([Int], Double) {
        for count in [3, 2, 1] {
            let least = minimumRows(precision: precision, error: error / Double(count))
            let starts = [rows / 8, rows / 4, rows / 2].suffix(count).filter { $0 >= least }
            if starts.count == count { return (starts, error / Double(count)) }
        }
        let least = minimumRows(precision: precision, error: error)
        return (least <= rows ? [least] : [], error)
    }

    private func cheapest(_ matrix: CostMatrix) -> Point? {
        let curve = curve
        var (cost, next) = (Double(places.count) * matrix.review, 0)
        var best: (point: Point?, cost: Double) = (nil, cost)
        for point in curve {
            for place in places[next..<point.above] {
                cost += matrix.cost(gold: Int(scores.gold[place]), predicted: Int(scores.predicted[place]))
                cost -= matrix.review
            }
            next = point.above
            if cost < best.cost { best = (point, cost) }
        }
        return best.point
    }
}

extension ModelManifest.AutoRule {
    /// The rule that a target gives on held-out rows that are suggested from a probability on.
    ///
    /// By label if so chosen, the allowed error shared out among the labels.
    package init(
        _ target: AutoTarget, _ scores: HeldOutScores, labels: [String], suggest: Float, byLabel: Bool = false
    ) {
        self.init(target: target.text, threshold: nil, rows: scores.count, above: 0, errors: 0)
        if byLabel {
            let share = ThresholdSolver.error / Double(labels.count)
            labelThresholds = [:]
            for (place, label) in labels.enumerated() {
                let solver = ThresholdSolver(scores, suggest: suggest, label: place)
                guard let point = solver.solve(target, error: share).point else { continue }
                labelThresholds?[label] = point.threshold
                (above, errors) = (above + point.above, errors + point.errors)
            }
        } else if let point = ThresholdSolver(scores, suggest: suggest).solve(target).point {
            (threshold, above, errors) = (point.threshold, point.above, point.errors)
        }
    }
}
