internal import RealModule
import TriageModel
import TriageNumerics

/// What the threshold of each tag is solved for, on rows that were held out.
package enum TagGoal: Sendable, Equatable {
    /// The largest F1 of the tag.
    case f1
    /// At least this share of the tickets that are given the tag have it, with 95 % confidence.
    case precision(Double)

    package static let expected =
        "f1, or precision=P with a share between 0 and 1, such as precision=0.9 or 90%"

    /// Reads "f1" or "precision=0.9"; nil for anything else.
    package init?(parsing text: String) {
        if text.lowercased() == "f1" {
            self = .f1
        } else if case .precision(let share)? = AutoTarget(parsing: text) {
            self = .precision(share)
        } else {
            return nil
        }
    }

    package var text: String {
        switch self {
        case .f1: "f1"
        case .precision(let share): "precision=\(share)"
        }
    }
}

/// Solves the thresholds of tags on held-out rows.
struct TagThresholds {
    /// One tag in all held-out rows: probabilities, falling, and whether the row has the tag.
    struct Column {
        var probabilities: [Float]
        var isPositive: [Bool]
        var positives: Int

        init(_ heldOut: HeldOut, tag: Int, isTagged: [Bool], temperature: Float) {
            // Rows below every threshold count only if they have the tag.
            let rows = heldOut.targets.indices.map {
                (p: heldOut.probability(row: $0, tag: tag, temperature: temperature), has: isTagged[$0])
            }.filter { $0.p >= TagThresholds.leastThreshold || $0.has }
            let sorted = rows.sorted { $0.p == $1.p ? !$0.has && $1.has : $0.p > $1.p }
            probabilities = sorted.map(\.p)
            isPositive = sorted.map(\.has)
            positives = isPositive.count { $0 }
        }

        /// The rows above each threshold, and how many have the tag: ties together, few rows first.
        var cuts: [(threshold: Float, above: Int, right: Int)] {
            var cuts: [(threshold: Float, above: Int, right: Int)] = []
            var right = 0
            for place in probabilities.indices {
                if isPositive[place] { right += 1 }
                let next = place + 1 < probabilities.count ? probabilities[place + 1] : -1
                guard next != probabilities[place] else { continue }
                cuts.append((probabilities[place], place + 1, right))
                // Behind the last row that has the tag, F1 only falls.
                if right == positives { break }
            }
            return cuts
        }
    }

    /// Below so many rows with a tag its own threshold is chance, so that it has the one of all tags.
    static let minimumPositives = 8

    let columns: [Column]
    let rows: Int

    init(_ heldOut: HeldOut, temperature: Float) {
        let tags = heldOut.tags ?? []
        rows = tags.count
        columns = (0..<heldOut.classCount).map { tag in
            Column(
                heldOut, tag: tag, isTagged: tags.map { $0.contains(Int32(tag)) }, temperature: temperature)
        }
    }

    func solve(_ goal: TagGoal) -> [Float?] {
        switch goal {
        case .f1:
            let common = best(columns)
            return columns.map { column in
                guard column.positives >= TagThresholds.minimumPositives else { return common }
                return TagThresholds.shrunk(best([column]), to: common, positives: column.positives)
            }
        case .precision(let precision):
            return columns.map {
                threshold($0, precision: precision, error: ThresholdSolver.error)?.threshold
            }
        }
    }

    /// A threshold between a tag's own and the common one, nearer to its own the more rows have the tag.
    ///
    /// ln t = w ln own + (1 − w) ln common with w = n / (n + 20). The own one of a rare tag is noisy, and often so low that
    /// the tag is given far too often: of 377 tags of public tickets it costs 0.05 of the micro-F1.
    static func shrunk(_ own: Float, to common: Float, positives: Int) -> Float {
        let weight = Float(positives) / (Float(positives) + 20)
        return Softmax.rounded(Float.exp(weight * Float.log(own) + (1 - weight) * Float.log(common)))
    }

    /// The rule for level `auto`: a threshold a tag, the allowed error shared out among the tags.
    ///
    /// Only a precision can be shown of a tag: coverage and costs are of whole answers.
    func auto(_ target: AutoTarget, labels: [String]) -> ModelManifest.AutoRule {
        var rule = ModelManifest.AutoRule(unshown: target.text)
        rule.rows = rows
        guard case .precision(let precision) = target else { return rule }
        let share = ThresholdSolver.error / Double(max(columns.count, 1))
        rule.labelThresholds = [:]
        for (label, column) in zip(labels, columns) {
            guard let cut = threshold(column, precision: precision, error: share) else { continue }
            rule.labelThresholds?[label] = cut.threshold
            (rule.above, rule.errors) = (rule.above + cut.above, rule.errors + cut.above - cut.right)
        }
        return rule
    }

    /// The threshold of largest F1 over some tags together, midway to the next probability below.
    ///
    /// One half where no threshold does better than giving the tag to every row: then the held-out rows show nothing.
    private func best(_ columns: [Column]) -> Float {
        let positives = columns.reduce(0) { $0 + $1.positives }
        var rows: [(p: Float, has: Bool)] = []
        for column in columns {
            rows += zip(column.probabilities, column.isPositive).map { ($0, $1) }
        }
        rows.sort { $0.p > $1.p }
        let everywhere = 2 * Double(positives) / Double(max(columns.count * self.rows + positives, 1))
        var (right, best, threshold): (Int, Double, Float) = (0, 1.01 * everywhere, 0.5)
        for (place, row) in rows.enumerated() {
            if row.has { right += 1 }
            let next = place + 1 < rows.count ? rows[place + 1].p : 0
            guard next < row.p else { continue }
            let f1 = 2 * Double(right) / Double(place + 1 + positives)
            if f1 > best { (best, threshold) = (f1, Softmax.rounded((row.p + next) / 2)) }
        }
        return max(threshold, TagThresholds.leastThreshold)
    }

    /// No tag is given below this probability.
    static let leastThreshold: Float = 0.01

    /// The least threshold whose rows show a precision, walking from few rows to many.
    private func threshold(
        _ column: Column, precision: Double, error: Double
    ) -> (threshold: Float, above: Int, right: Int)? {
        let least = ThresholdSolver.minimumRows(precision: precision, error: error)
        var found: (threshold: Float, above: Int, right: Int)?
        for cut in column.cuts where cut.above >= least {
            let wrong = cut.above - cut.right
            guard Binomial.cumulative(wrong, of: cut.above, probability: 1 - precision) <= error else {
                break
            }
            found = cut
        }
        return found.flatMap { $0.threshold >= TagThresholds.leastThreshold ? $0 : nil }
    }
}
