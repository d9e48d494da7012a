import TriageModel
import TriageNumerics

/// Fits the score for "none of these labels": logistic regression over `OutOfScopeFeatures`.
///
/// Any site's data fits it. Whole labels are held out in turn: a model trained without them meets their rows as it will
/// meet tickets of a kind it has never seen. Rows labelled as out of scope are used instead when there are enough.
/// The threshold keeps all but a twentieth of the rows that models of all labels held out.
struct OutOfScopeFit {
    static let accepted = 0.95
    private static let rounds = 2
    private static let minimumLabels = 4
    private static let minimumOutside = 20
    /// Looser than the last fit's: both kinds of rows are scored by the same weights.
    private static let tolerance = 0.04
    /// So many rows tell what a fit without some labels looks like.
    private static let enoughTrained = 20000

    let whole: HeadFit
    let folds: Folds
    let settings: ModelManifest.Hyperparameters
    let temperature: Float

    /// The signals of rows that models of all labels held out.
    func inside(_ outOfFold: OutOfFold) -> [OutOfScopeFeatures] {
        signals(outOfFold.heldOut.logits, outOfFold.novelty, labels: Array(0..<whole.classCount))
    }

    /// The score; nil with too few labels, or rows, to hold any out.
    func fit(
        _ outOfFold: OutOfFold, _ inside: [OutOfScopeFeatures], progress: (Double) throws -> Void
    ) rethrows -> ModelManifest.OutOfScopeModel? {
        var observations: [LogisticRegression.Observation] = []
        if outOfFold.outsideNovelty.count >= OutOfScopeFit.minimumOutside {
            let outside = signals(
                outOfFold.outsideLogits, outOfFold.outsideNovelty, labels: Array(0..<whole.classCount))
            observations =
                OutOfScopeFit.observations(inside, isOutside: false)
                + OutOfScopeFit.observations(outside, isOutside: true)
        } else if whole.classCount >= OutOfScopeFit.minimumLabels {
            // In time, the first stretch has nothing before it to train on.
            let usable = (0..<folds.count).filter { !folds.split($0).training.isEmpty }
            guard !usable.isEmpty else { return nil }
            for (round, away) in ClassMeans(whole).neighbourhoods(OutOfScopeFit.rounds).enumerated() {
                try progress(Double(round) / Double(OutOfScopeFit.rounds))
                observations += holdOut(Set(away), fold: usable[round % usable.count])
            }
        }
        return OutOfScopeFit.scope(observations, inside)
    }

    /// Signals of one fold's rows by weights that never met some of the labels.
    private func holdOut(_ away: Set<Int>, fold: Int) -> [LogisticRegression.Observation] {
        let split = folds.split(fold)
        let training = split.training.filter { !away.contains(whole.targets[$0]) }
        guard !training.isEmpty, !split.test.isEmpty else { return [] }
        let step = max(1, training.count / OutOfScopeFit.enoughTrained)
        let fit = whole.subset(stride(from: 0, to: training.count, by: step).map { training[$0] })
        var parameters: [Float] = []
        _ = fit.fit(&parameters, settings, tolerance: OutOfScopeFit.tolerance) { _ in }
        let rows = split.test.map { whole.rows[$0] }
        let logits = fit.logits(of: rows, parameters, settings)
        let known = (0..<whole.classCount).filter { !away.contains($0) }
        let signals = signals(logits, fit.novelty(of: rows, logits, settings), labels: known)
        return zip(signals, split.test).map { signals, place in
            LogisticRegression.Observation(
                features: signals.values + [1], isPositive: away.contains(whole.targets[place]))
        }
    }

    private func signals(
        _ logits: [Float], _ novelty: [OutOfFold.Novelty], labels: [Int]
    ) -> [OutOfScopeFeatures] {
        novelty.enumerated().map { place, row in
            let known = labels.map { logits[place * whole.columns + $0] }
            return OutOfScopeFeatures(
                logits: known[...], Softmax.Partition(known[...], temperature: temperature),
                unseenWords: row.unseenWords,
                unseenCharacters: row.unseenCharacters, similarity: row.similarity)
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
