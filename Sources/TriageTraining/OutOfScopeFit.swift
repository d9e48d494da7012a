import TriageModel
import TriageNumerics

/// Fits the score for "none of these labels": logistic regression over `OutOfScopeFeatures`.
///
/// Any site's data fits it. Whole labels are held out in turn: a model trained without them meets their rows as it will
/// meet tickets of a kind it has never seen. For the score, labels are kept away in groups of like ones, as a new field of
/// work would be: groups that leave each label a like one teach that likeness is strange, which on CLINC150 lowers the
/// recall of real foreign rows by two points. The threshold for `auto` is solved with two rows of that harder kind, as a
/// new request in a known field would be, for each of the other. Rows labelled as out of scope are used instead when there
/// are enough. The threshold keeps all but a twentieth of the rows that models of all labels held out.
struct OutOfScopeFit {
    static let accepted = 0.95
    private static let rounds = 2
    private static let minimumLabels = 4
    private static let minimumOutside = 20
    /// Looser than the last fit's: both kinds of rows are scored by the same weights.
    private static let tolerance = 0.04
    /// So many rows tell what a fit without some labels looks like.
    private static let enoughTrained = 20000
    /// Folds are taken until so many rows of labels that were kept away beside a like one are found.
    private static let enoughForeign = 1500

    let whole: HeadFit
    let folds: Folds
    let settings: ModelManifest.Hyperparameters
    let temperature: Float

    /// What was found: the score, nil with too few labels or rows to hold any out, and the rows of no known label.
    struct Outcome {
        var scope: ModelManifest.OutOfScopeModel?
        var foreign: ForeignRows
    }

    /// Rows that none of the labels fits, as a model that never met their labels sees them.
    struct ForeignRows {
        /// `columns` a row; labels that were kept away have no chance.
        var logits: [Float] = []
        var signals: [OutOfScopeFeatures] = []

        mutating func append(_ other: ForeignRows) {
            logits += other.logits
            signals += other.signals
        }

        /// So many of the rows at most, evenly spaced.
        func evenly(_ count: Int, columns: Int) -> ForeignRows {
            guard count < signals.count else { return self }
            let kept = (0..<count).map { $0 * signals.count / count }
            return ForeignRows(
                logits: kept.flatMap { logits[$0 * columns..<($0 + 1) * columns] },
                signals: kept.map { signals[$0] })
        }
    }

    /// The logit of a label that was kept away: its probability is 0.
    private static let noChance: Float = -1e30

    /// The signals of rows that models of all labels held out.
    func inside(_ outOfFold: OutOfFold) -> [OutOfScopeFeatures] {
        signals(outOfFold.heldOut.logits, outOfFold.contents, labels: Array(0..<whole.classCount))
    }

    func fit(
        _ outOfFold: OutOfFold, _ inside: [OutOfScopeFeatures], progress: (Double) throws -> Void
    ) rethrows -> Outcome {
        var observations: [LogisticRegression.Observation] = []
        var foreign = ForeignRows()
        if outOfFold.outsideContents.count >= OutOfScopeFit.minimumOutside {
            foreign = ForeignRows(
                logits: outOfFold.outsideLogits,
                signals: signals(
                    outOfFold.outsideLogits, outOfFold.outsideContents, labels: Array(0..<whole.classCount)))
            observations =
                OutOfScopeFit.observations(inside, isOutside: false)
                + OutOfScopeFit.observations(foreign.signals, isOutside: true)
        } else if whole.classCount >= OutOfScopeFit.minimumLabels {
            (observations, foreign) = try holdOutLabels(progress)
        }
        return Outcome(scope: OutOfScopeFit.scope(observations, inside), foreign: foreign)
    }

    private func holdOutLabels(
        _ progress: (Double) throws -> Void
    ) rethrows -> ([LogisticRegression.Observation], ForeignRows) {
        var observations: [LogisticRegression.Observation] = []
        var (near, foreign) = (ForeignRows(), ForeignRows())
        // In time, the first stretch has nothing before it to train on.
        let usable = (0..<folds.count).filter { !folds.split($0).training.isEmpty }
        guard !usable.isEmpty else { return ([], foreign) }
        let means = ClassMeans(whole)
        for (round, away) in means.neighbourhoods(OutOfScopeFit.rounds).enumerated() {
            try progress(0.4 * Double(round) / Double(OutOfScopeFit.rounds))
            guard let rows = holdOut(Set(away), fold: usable[round % usable.count]) else { continue }
            observations += rows.observations
            near.append(rows.foreign)
        }
        let groups = means.alternates(OutOfScopeFit.rounds)
        for (place, fold) in usable.enumerated() where foreign.signals.count < OutOfScopeFit.enoughForeign {
            for (round, away) in groups.enumerated() {
                try progress(
                    0.4 + 0.6 * (Double(place) + Double(round) / Double(groups.count)) / Double(usable.count))
                guard let rows = holdOut(Set(away), fold: fold) else { continue }
                foreign.append(rows.foreign)
            }
        }
        foreign.append(near.evenly(foreign.signals.count / 2, columns: whole.columns))
        return (observations, foreign)
    }

    private struct HeldOutLabels {
        var observations: [LogisticRegression.Observation] = []
        var foreign = ForeignRows()
    }

    /// One fold's rows by weights that never met some of the labels.
    private func holdOut(_ away: Set<Int>, fold: Int) -> HeldOutLabels? {
        let split = folds.split(fold)
        let training = split.training.filter { !away.contains(whole.targets[$0]) }
        guard !training.isEmpty, !split.test.isEmpty else { return nil }
        let step = max(1, training.count / OutOfScopeFit.enoughTrained)
        let fit = whole.subset(stride(from: 0, to: training.count, by: step).map { training[$0] })
        var parameters: [Float] = []
        _ = fit.fit(&parameters, settings, tolerance: OutOfScopeFit.tolerance) { _ in }
        let rows = split.test.map { whole.rows[$0] }
        let logits = fit.logits(of: rows, parameters, settings)
        let known = (0..<whole.classCount).filter { !away.contains($0) }
        let signals = signals(
            logits, ContentMeasure(fit, settings).measure(rows, logits, labels: known), labels: known)
        var found = HeldOutLabels()
        // More rows than a bundle keeps need no logits beside the others'.
        let foreignRows = split.test.count { away.contains(whole.targets[$0]) }
        let keepEach = (foreignRows + ForeignScores.maximumCount - 1) / ForeignScores.maximumCount
        var met = 0
        for (place, row) in split.test.enumerated() {
            let isForeign = away.contains(whole.targets[row])
            found.observations.append(
                LogisticRegression.Observation(features: signals[place].values + [1], isPositive: isForeign))
            guard isForeign else { continue }
            met += 1
            guard met % max(1, keepEach) == 0 else { continue }
            var cells = Array(logits[place * whole.columns..<(place + 1) * whole.columns])
            for label in away { cells[label] = OutOfScopeFit.noChance }
            found.foreign.logits += cells
            found.foreign.signals.append(signals[place])
        }
        return found
    }

    private func signals(
        _ logits: [Float], _ contents: [OutOfScopeFeatures.Content], labels: [Int]
    ) -> [OutOfScopeFeatures] {
        contents.enumerated().map { place, content in
            let known = labels.map { logits[place * whole.columns + $0] }
            return OutOfScopeFeatures(
                logits: known[...], Softmax.Partition(known[...], temperature: temperature), content)
        }
    }

    private static func observations(
        _ signals: [OutOfScopeFeatures], isOutside: Bool
    ) -> [LogisticRegression.Observation] {
        signals.map { LogisticRegression.Observation(features: $0.values + [1], isPositive: isOutside) }
    }

    /// Both kinds count the same, however many there are of each.
    private static func scope(
        _ observations: [LogisticRegression.Observation], _ inside: [OutOfScopeFeatures]
    ) -> ModelManifest.OutOfScopeModel? {
        let outside = observations.count { $0.isPositive }
        guard outside >= minimumOutside, observations.count - outside >= minimumOutside else { return nil }
        let (ofOutside, ofInside) = (0.5 / Double(outside), 0.5 / Double(observations.count - outside))
        let balanced = observations.map { one in
            var one = one
            one.weight = 1000 * (one.isPositive ? ofOutside : ofInside)
            return one
        }
        let weights = directed(balanced)
        guard weights.allSatisfy(\.isFinite) else { return nil }
        var scope = ModelManifest.OutOfScopeModel(
            weights: Array(weights.dropLast()), intercept: weights[weights.count - 1], threshold: 1)
        let scores = inside.map { scope.score($0) }.sorted()
        scope.threshold = scores[min(scores.count - 1, Int(Double(scores.count) * accepted))]
        return scope
    }

    /// The weights, intercept last, in which each signal counts in its own direction or not at all: a held-out label
    /// that happens to lie near another must not teach that likeness is strange.
    private static func directed(_ observations: [LogisticRegression.Observation]) -> [Float] {
        var active = Array(0...OutOfScopeFeatures.count)
        while true {
            let chosen = observations.map { one in
                var one = one
                one.features = active.map { one.features[$0] }
                return one
            }
            let fitted = LogisticRegression.fit(chosen, penalty: 0.1)
            var weights = [Float](repeating: 0, count: OutOfScopeFeatures.count + 1)
            for (place, weight) in zip(active, fitted) { weights[place] = Float(weight) }
            let wrong = active.filter {
                $0 < OutOfScopeFeatures.count && weights[$0] * OutOfScopeFeatures.directions[$0] < 0
            }
            guard let worst = wrong.max(by: { abs(weights[$0]) < abs(weights[$1]) }) else { return weights }
            active.removeAll { $0 == worst }
        }
    }
}
