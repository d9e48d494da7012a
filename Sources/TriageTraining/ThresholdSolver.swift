package import TriageModel
internal import TriageNumerics

/// Solves the probability threshold for level `auto` on held-out rows.
///
/// For a precision, thresholds are tested from few rows towards many; each passes when the one-sided Clopper–Pearson
/// bound of those at or above it reaches the target, and the walk ends at the first that does not (learn then test,
/// Angelopoulos et al., 2021). Walks begin at an eighth, a quarter and a half of the rows, as far as these are enough to
/// pass without an error, and share the allowed error; what was tested depends on no label, so the bound holds for the
/// threshold that is chosen.
///
/// With foreign tickets in it, the share s of all, each foreign row of the sample counts as so many wrong answers as make
/// them that share; where these are more than one each, all counts are divided by that, so that the bound rests on no more
/// rows than there are. The bound holds as far as foreign tickets score like these rows.
package struct ThresholdSolver {
    /// One point of the precision–coverage curve.
    package struct Point: Sendable, Equatable {
        /// The least probability.
        package var threshold: Float
        /// Rows at or above it.
        package var above: Int
        package var errors: Int
        /// Foreign rows at or above it.
        package var foreign = 0

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
    /// The falling confidences of foreign rows.
    private let foreign: [Float]
    /// The wrong answers that one foreign row stands for.
    private let weight: Double

    /// Foreign tickets among those to come, and the greatest out-of-scope score of an answer.
    package struct OpenWorld: Sendable {
        package var share: Double
        package var scopeLimit: Float

        package init(share: Double, scopeLimit: Float) { (self.share, self.scopeLimit) = (share, scopeLimit) }
    }

    /// A solver over the rows that are clear and at least suggested, all or those whose best label is `label`.
    package init(
        _ scores: HeldOutScores, suggest: Float, label: Int? = nil, openWorld: OpenWorld? = nil
    ) {
        self.scores = scores
        whole = (0..<scores.count).count { label == nil || Int(scores.predicted[$0]) == label }
        let limit = openWorld?.scopeLimit ?? .infinity
        places = (0..<scores.count).filter { row in
            scores.clear[row] == 1 && scores.confidence[row] >= suggest
                && (label == nil || Int(scores.predicted[row]) == label)
                && (scores.outOfScope.map { $0[row] <= limit } ?? true)
        }
        guard let openWorld, openWorld.share > 0, let rows = scores.foreign, rows.count > 0 else {
            (foreign, weight) = ([], 0)
            return
        }
        foreign = (0..<rows.count).filter {
            rows.clear[$0] == 1 && rows.confidence[$0] >= suggest && rows.outOfScope[$0] <= limit
                && (label == nil || Int(rows.predicted[$0]) == label)
        }.map { rows.confidence[$0] }
        let odds = openWorld.share / (1 - openWorld.share)
        weight = odds * Double(scores.count) / Double(rows.count)
    }

    /// The curve in equal steps of coverage, ties together, few rows first.
    package var curve: [Point] {
        var points: [Point] = []
        var (errors, above, foreignAbove) = (0, 0, 0)
        let step = max(1, places.count / ThresholdSolver.steps)
        for (rank, place) in places.enumerated() {
            above += 1
            if scores.predicted[place] != scores.gold[place] { errors += 1 }
            let isTied =
                rank + 1 < places.count && scores.confidence[places[rank + 1]] == scores.confidence[place]
            guard !isTied, above - (points.last?.above ?? 0) >= step || rank + 1 == places.count else {
                continue
            }
            while foreignAbove < foreign.count, foreign[foreignAbove] >= scores.confidence[place] {
                foreignAbove += 1
            }
            points.append(
                Point(
                    threshold: scores.confidence[place], above: above, errors: errors, foreign: foreignAbove))
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
        let (starts, share) = starts(precision: precision, error: error)
        var best: Point?
        for start in starts {
            for point in curve where point.above >= start {
                guard shows(precision, point, error: share) else { break }
                if point.above > best?.above ?? 0 { best = point }
            }
        }
        return Solution(point: best)
    }

    /// Whether the bound of the rows and the foreign tickets at or above a point reaches a precision.
    private func shows(_ precision: Double, _ point: Point, error: Double) -> Bool {
        guard weight > 0 else {
            return Binomial.cumulative(point.errors, of: point.above, probability: 1 - precision) <= error
        }
        let (foreign, scale) = (weight * Double(point.foreign), max(1, weight))
        let wrong = Int(((Double(point.errors) + foreign) / scale).rounded(.up))
        let trials = Int((Double(point.above) + foreign) / scale)
        return Binomial.cumulative(wrong, of: trials, probability: 1 - precision) <= error
    }

    /// Rows without an error that show a precision, where a foreign row may stand for several.
    private func leastRows(precision: Double, error: Double) -> Int {
        let least = ThresholdSolver.minimumRows(precision: precision, error: error)
        return weight > 1 ? Int((Double(least) * weight).rounded(.up)) : least
    }

    /// Where walks begin, in rows, and the error that each is allowed.
    private func starts(precision: Double, error: Double) -> ([Int], Double) {
        let rows = places.count
        for count in [3, 2, 1] {
            let least = leastRows(precision: precision, error: error / Double(count))
            let starts = [rows / 8, rows / 4, rows / 2].suffix(count).filter { $0 >= least }
            if starts.count == count { return (starts, error / Double(count)) }
        }
        let least = leastRows(precision: precision, error: error)
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
