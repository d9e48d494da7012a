internal import TriageNumerics

extension ModelManifest {
    /// When corrected tickets move a field's answer: bounds of likeness.
    ///
    /// One correction moves near-duplicates alone: most are slips of a model that is right about the tickets around.
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

        /// Those of a bundle without held-out rows, and of one that an earlier version trained: what Banking77 gives.
        package static let standard = MemoryRule(sameLabel: 0.9, anyLabel: 1.3, rows: 0)

        /// Corrections to a label that it takes to move more than near-duplicates, and the number of nearest ones that count: many
        /// corrected tickets far away do not add up to evidence.
        package static let minimumVotes = 3
        /// τ of the sum over corrected tickets.
        package static let softness: Float = 0.25
        /// What one unit of the log-odds between the model's label and another takes from the likeness.
        package static let doubt: Float = 0.1
        /// What each unit takes from it by which the model is surer of a ticket than it was of the corrected one.
        package static let caution: Float = 0.3

        /// The evidence of one corrected ticket about another.
        package struct Vote: Sendable {
            package var likeness: Float
            /// Whether the model gave it the label that it gives the other ticket.
            package var isSameLabel: Bool
            /// The probability that the model gave its own label there.
            package var confidence: Float

            package init(likeness: Float, isSameLabel: Bool, confidence: Float) {
                (self.likeness, self.isSameLabel, self.confidence) = (likeness, isSameLabel, confidence)
            }
        }

        /// How far corrected tickets of one label are above the bound that they have to pass; negative when they do not.
        ///
        /// `own` is the probability of the model's label, `other` that of the corrected one; `support` counts all
        /// corrections to that label, and `sameSupport` those from the model's label, near or not.
        package func strength(
            _ votes: [Vote], confidence own: Float, of other: Float, support: Int, sameSupport: Int
        ) -> Float {
            var strength = -Float.infinity
            if support >= MemoryRule.minimumVotes {
                let margin = MemoryRule.doubt * MemoryRule.margin(own, other)
                strength = MemoryRule.sum(votes.map(\.likeness)) - margin - anyLabel
            }
            if sameSupport >= MemoryRule.minimumVotes {
                let same = votes.filter(\.isSameLabel)
                strength = max(
                    strength, MemoryRule.sum(same.map { MemoryRule.cautious($0, own) }) - sameLabel)
            }
            return strength
        }

        /// Whether `strength` can be 0 or more for votes that are not liker than `likeness` each.
        package func mayPass(
            votes: Int, sameVotes: Int, likeness: Float, confidence own: Float, of other: Float
        ) -> Bool {
            // A thousandth for rounding.
            func most(_ votes: Int) -> Float {
                likeness + MemoryRule.softness
                    * SublinearTF.log(Float(max(1, min(votes, MemoryRule.minimumVotes))))
                    + 0.001
            }
            return most(votes) >= MemoryRule.doubt * MemoryRule.margin(own, other) + anyLabel
                || sameVotes >= MemoryRule.minimumVotes && most(sameVotes) >= sameLabel
        }

        /// A vote's likeness, less for a ticket of which the model is surer.
        package static func cautious(_ vote: Vote, _ own: Float) -> Float {
            vote.likeness - caution * max(0, logOdds(own) - logOdds(vote.confidence))
        }

        /// Whether the model is surer of an answer than it was of a corrected one, by more than small changes of a text make.
        package static func isSurer(_ own: Float, _ corrected: Float) -> Bool {
            logOdds(own) - logOdds(corrected) > 1
        }

        private static func logOdds(_ probability: Float) -> Float {
            let bounded = min(max(probability, 0.001), 0.999)
            return SublinearTF.log(bounded / (1 - bounded))
        }

        /// The log-odds between the model's label and another, neither less than a millionth; at least 0.
        package static func margin(_ own: Float, _ other: Float) -> Float {
            max(0, SublinearTF.log(max(own, 1e-6)) - SublinearTF.log(max(other, 1e-6)))
        }

        /// τ · log Σ exp(likeness ÷ τ) over the greatest `minimumVotes` of them.
        package static func sum(_ likenesses: [Float]) -> Float {
            let nearest = likenesses.sorted(by: >).prefix(minimumVotes)
            return softness * Softmax.logSumExp(nearest.map { $0 / softness }[...])
        }
    }
}
