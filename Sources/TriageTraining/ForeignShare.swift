package import TriageModel
internal import TriageNumerics

/// The share of tickets to come that none of a field's labels fits.
package struct ForeignShare: Sendable, Equatable {
    /// From 0 up to 1, without 1.
    package let share: Double
    /// The tickets without labels that it was estimated from; nil when it was stated.
    package let estimatedFrom: Int?

    /// A share that was stated; nil when it is not from 0 up to 0.95.
    package init?(_ share: Double, estimatedFrom: Int? = nil) {
        guard (0...ForeignShare.maximum).contains(share) else { return nil }
        (self.share, self.estimatedFrom) = (share, estimatedFrom)
    }

    /// What a rule was solved with.
    package init?(_ rule: ModelManifest.AutoRule?) {
        guard let foreign = rule?.foreign, foreign.share > 0 else { return nil }
        self.init(foreign.share, estimatedFrom: foreign.estimatedFrom)
    }

    /// Beyond this share next to no target can be shown.
    package static let maximum = 0.95
    /// What a share may be, after "takes".
    package static let expected = "a share from 0 to 0.95 of all tickets, such as 0.1 or 10%"

    /// An estimate from how many tickets look like none of the training data.
    ///
    /// Of tickets with a label, the share a of held-out rows is out of scope, of foreign ones the share b of `foreign`;
    /// where q of all tickets are, (q − a) / (b − a) are foreign (adjusted counting, Forman, 2008).
    ///
    /// Nil when the bundle kept no foreign rows, or its score does not distinguish them.
    package init?(outOfScope tickets: Int, of count: Int, _ heldOut: HeldOutScores, limit: Float) {
        guard count > 0, let foreign = heldOut.foreign, foreign.count >= ForeignScores.minimumCount,
            let scores = heldOut.outOfScope
        else { return nil }
        func share(_ scores: ConstantBuffer<Float>) -> Double {
            Double((0..<scores.count).count { scores[$0] > limit }) / Double(scores.count)
        }
        let (own, others) = (share(scores), share(foreign.outOfScope))
        guard others > own + 0.1 else { return nil }
        let estimate = (Double(tickets) / Double(count) - own) / (others - own)
        let rounded = (max(0, min(ForeignShare.maximum, estimate)) * 1000).rounded() / 1000
        self.init(rounded, estimatedFrom: count)
    }
}
