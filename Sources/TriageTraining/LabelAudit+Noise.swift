internal import Foundation
internal import TriageNumerics

/// Whether confident learning's count of wrong labels means anything, found from held-out answers.
///
/// The count takes every confident disagreement for the label's mistake. It rests on labels and a model that are both more
/// often right than wrong, in each label (diagonal dominance; Northcutt, Jiang and Chuang, 2021, theorem 2), and on
/// mistakes that do not depend on the text. So it is withheld
///
/// 1. unless the one-sided 95 % bound of the model's agreement with the labels is above 1/2 (Clopper–Pearson): exchange
///    labels and model, and agreement is the same, so that below 1/2 neither can judge the other;
/// 2. unless the mean over labels of the share of a label's rows that get it is above 1/2: a model that knows only the
///    common labels takes the rows of the others for mistakes;
/// 3. unless at least half of what it counts can be wrong labels. Let d be the upper 95 % bound of disagreement in the
///    surest quarter of rows, picked without a look at their labels. If labels are wrong with a probability ν whatever
///    the text, then ν ≤ d, and of the counted share c at most d / c are wrong labels; below 1/2 most are the model's
///    own mistakes.
struct NoiseEvidence {
    /// One held-out answer to a row whose label was in training too.
    struct Answer {
        var label: Int
        var predicted: Int
        /// The probability of the predicted label.
        var confidence: Float
    }

    private let answers: [Answer]
    private let right: Int

    private static let error = 0.05
    private static let least = 0.5

    init(_ answers: [Answer]) {
        self.answers = answers
        right = answers.count { $0.label == $0.predicted }
    }

    /// The share as an estimate of wrong labels, or the reason why it is none.
    func estimate(counted share: Double) -> LabelAudit.NoiseEstimate {
        guard share > 0 else { return .share(share) }
        let reason = weakness ?? labelWeakness ?? excess(of: share)
        return reason.map { .withheld(reason: $0) } ?? .share(share)
    }

    private var weakness: String? {
        let bound = Binomial.lowerBound(right, of: answers.count, error: NoiseEvidence.error)
        guard bound <= NoiseEvidence.least else { return nil }
        return
            "held-out answers of the model agree with \(percent(Double(right) / Double(max(answers.count, 1)))) of "
            + "\(answers.count) labels, and more than half are needed (at least \(percent(bound)) are certain); below that a "
            + "disagreement is as likely the model's mistake"
    }

    private var labelWeakness: String? {
        let byLabel = Dictionary(grouping: answers, by: \.label)
        let shares = byLabel.values.map { own in
            Double(own.count { $0.label == $0.predicted }) / Double(own.count)
        }
        let mean = shares.sorted().reduce(0, +) / Double(max(shares.count, 1))
        guard mean <= NoiseEvidence.least else { return nil }
        return
            "averaged over labels the model finds \(percent(mean)) of a label's rows, and more than half are needed; "
            + "it knows the common labels only and takes the rows of the others for mistakes"
    }

    private func excess(of share: Double) -> String? {
        let surest = answers.indices.sorted {
            (answers[$1].confidence, $0) < (answers[$0].confidence, $1)
        }.prefix((answers.count + 3) / 4)
        let others = surest.count { answers[$0].label != answers[$0].predicted }
        let bound = Binomial.upperBound(others, of: surest.count, error: NoiseEvidence.error)
        guard 2 * bound < share else { return nil }
        return
            "the method counts \(percent(share)), but in the surest quarter of rows at most \(percent(bound)) of the labels "
            + "differ (95 % bound); most of what it counts are mistakes of the model"
    }

    private func percent(_ share: Double) -> String { String(format: "%.1f %%", 100 * share) }
}

extension LabelAudit {
    /// The share of labels that are probably wrong.
    package enum NoiseEstimate: Sendable, Equatable {
        case share(Double)
        /// The model is too weak to tell; the reason, as a clause.
        case withheld(reason: String)
    }

    /// Whether single rows can be called probably wrong.
    package var judgesRows: Bool {
        if case .withheld = noiseEstimate { return false }
        return true
    }
}
