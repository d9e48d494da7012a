internal import TriageNumerics

extension ModelManifest {
    /// When corrected tickets move a field's answer: bounds of likeness.
    package struct MemoryRule: Codable, Sendable, Equatable {
        /// The bound for tickets that the model gives the label which people corrected in the others.
        package var sameLabel: Float
        /// The bound for all tickets, against likeness less `doubt` × the log-odds of the model's label.
        package var anyLabel: Float
        /// Held-out rows by which they were fitted; 0 for the standard bounds.
        package var rows: Int

        package init(sameLabel: Float, anyLabel: Float, rows: Int) {
            (self.sameLabel, self.anyLabel, self.rows) = (sameLabel, anyLabel, rows)
        }

        /// Those of a bundle without held-out rows, and of one that an earlier version trained: a little above what
        /// Banking77 gives.
        package static let standard = MemoryRule(sameLabel: 1.1, anyLabel: 1.25, rows: 0)

        /// τ of the sum over corrected tickets.
        package static let softness: Float = 0.25
        /// What one unit of the log-odds between the model's label and another takes from the likeness.
        package static let doubt: Float = 0.1

        /// How far corrected tickets of one label are above the bound that they have to pass; negative when they do not.
        ///
        /// `votes` are the likeness of each, and whether the model gave it the label that it gives this ticket; `own` is
        /// the probability of the model's label, `other` that of the corrected one.
        package func strength(
            _ votes: [(likeness: Float, isSameLabel: Bool)], confidence own: Float, of other: Float
        ) -> Float {
            let margin = MemoryRule.doubt * MemoryRule.margin(own, other)
            let all = MemoryRule.sum(votes.map(\.likeness)) - margin - anyLabel
            let same = MemoryRule.sum(votes.filter(\.isSameLabel).map(\.likeness)) - sameLabel
            return max(all, same)
        }

        /// The log-odds between the model's label and another, neither less than a millionth; at least 0.
        package static func margin(_ own: Float, _ other: Float) -> Float {
            max(0, SublinearTF.log(max(own, 1e-6)) - SublinearTF.log(max(other, 1e-6)))
        }

        /// τ · log Σ exp(likeness ÷ τ).
        package static func sum(_ likenesses: [Float]) -> Float {
            softness * Softmax.logSumExp(likenesses.map { $0 / softness }[...])
        }
    }
}
