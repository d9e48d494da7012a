extension ModelManifest {
    /// What a rule for level `auto` assumes of tickets that none of the labels fits.
    package struct ForeignTickets: Codable, Sendable, Equatable {
        /// Their share of all tickets, from 0 up to 1; 0 where the rule was solved without any.
        package var share: Double
        /// The tickets without labels that the share was estimated from; nil when it was stated.
        package var estimatedFrom: Int?
        /// The greatest out-of-scope score of an `auto` answer, at most that from which a ticket is out of scope; nil when
        /// no answer is `auto`.
        package var scopeLimit: Float?
        /// Foreign rows that the rule was solved with.
        package var rows: Int
        /// Of these, the rows that would be `auto`.
        package var above: Int

        package init(share: Double, estimatedFrom: Int? = nil, scopeLimit: Float?, rows: Int, above: Int) {
            (self.share, self.estimatedFrom) = (share, estimatedFrom)
            (self.scopeLimit, self.rows, self.above) = (scopeLimit, rows, above)
        }
    }
}

extension ModelManifest.AutoRule {
    /// The share of foreign tickets for which reports give the precision of a rule that was solved without any.
    package static let exampleShare = 0.1

    /// The share of `auto` answers that is right where foreign tickets, each answered wrongly, are among them.
    ///
    /// Their share of all tickets is the rule's own, or the example's. Nil when no held-out row is `auto`.
    package var precisionWithForeign: Double? {
        guard let foreign, above > 0, rows > 0, foreign.rows > 0 else { return nil }
        let share = foreign.share > 0 ? foreign.share : ModelManifest.AutoRule.exampleShare
        let own = (1 - share) / Double(rows)
        let wrong = share * Double(foreign.above) / Double(foreign.rows)
        return own * Double(above - errors) / (own * Double(above) + wrong)
    }

    /// Whether a ticket looks enough like the training data for an `auto` answer.
    package func allows(outOfScope: Float?) -> Bool {
        guard let limit = foreign?.scopeLimit, let outOfScope else { return true }
        return outOfScope <= limit
    }
}
