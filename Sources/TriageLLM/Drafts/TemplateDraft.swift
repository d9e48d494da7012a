internal import TriageEngine
internal import TriageSearch

/// A draft of what the article lets be said: the same for the same ticket, and offline.
///
/// An article's action and steps and the playbook's next action are for the agent, and stay in the decision. The reply
/// is quoted as it is, also to a ticket in another language: the agent who reads the draft sees to it.
enum TemplateDraft {
    /// Writes it; `reason` says why no model did.
    static func write(_ decision: Decision, _ article: Article?, reason: String) -> Draft {
        let phrases = DraftPhrases.of(decision.language)
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
