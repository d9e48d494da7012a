package import TriageEngine
package import TriageSearch
package import TriageTickets

/// A draft of the matched article's reply: the same for the same ticket, and offline.
///
/// An article's action and steps and the playbook's next action are for the agent, and stay in the decision. The reply
/// in the ticket's language where the article has it; else it is quoted as it is, and the agent who reads the draft
/// decides.
package enum TemplateDraft {
    /// The draft of a decided ticket.
    package static func write(_ ticket: TicketText, _ decision: Decision, with snapshot: Snapshot) -> Draft {
        let article = snapshot.answer(to: ticket, decision)
        return write(
            decision, article, reason: "no_model",
            otherwise: snapshot.languageOfArticles(article, decision))
    }

    /// The draft from an article; `reason` is why no model wrote it, and `language` is that of the knowledge base, for a
    /// ticket whose own language is unknown or has no phrases.
    package static func write(
        _ decision: Decision, _ article: Article?, reason: String, otherwise language: String? = nil
    ) -> Draft {
        let phrases = DraftPhrases.of(decision.language) ?? DraftPhrases.of(language) ?? .english
        var parts = [
            phrases.greeting, opening(phrases, decision.summary), article?.reply ?? phrases.received,
            phrases.closing,
        ]
        if let article { parts.append("(\(phrases.basedOn): \(article.id), \(article.title))") }
        return Draft(
            text: parts.joined(separator: "\n\n"), source: .template, reason: reason,
            language: phrases.language, basedOn: article.map { [$0.id] } ?? [])
    }

    /// The thanks, and what was understood where there is something.
    private static func opening(_ phrases: DraftPhrases, _ summary: String) -> String {
        summary.isEmpty ? phrases.thanks : "\(phrases.thanks) \(phrases.understood)\n“\(summary)”"
    }
}

extension Snapshot {
    /// The language of a ticket's article, or of the titles nearest to it, which stand for the whole knowledge base; nil
    /// when it cannot be told.
    package func languageOfArticles(_ article: Article?, _ decision: Decision) -> String? {
        let titles = (decision.matches + decision.nearMisses).map(\.title).joined(separator: "\n")
        return languageIdentifier?.identify(
            Array((article.map { "\($0.title)\n\($0.reply ?? $0.body)" } ?? titles).utf8))
    }

    /// The article that answers a decided ticket, in the ticket's language where it can be; nil for a new issue.
    package func answer(to ticket: TicketText, _ decision: Decision) -> Article? {
        guard decision.isKnownIssue, let id = decision.matches.first?.id, let index else { return nil }
        return index.search(ticket, count: decision.matches.count).hits.lazy
            .map { index.article(of: $0) }.first { $0.id == id }?.translated(into: decision.language)
    }
}
