internal import TriageData
internal import TriageEngine
internal import TriageSettings

/// The seven members of the original contract over a decision, under its names or those of its sister services.
enum LegacyAgentAnswer {
    /// With the original's names, as the OpenAPI document has it.
    static let wire = wire([])

    static func wire(_ names: LegacyNames) -> WireType<Decision> {
        .object(
            "LegacyAgentAnswer", "The original agent's answer; the query parameter names renames members."
        ) { object in
            object.member("summary", .text) { $0.summary }
            object.member("category", .text) {
                names.contains(.question) && $0.category == "Support" ? "Question/How-To" : $0.category
            }
            object.member("severity", .text) { $0.severity }
            // What a name replaces is not required.
            if names.contains(.knownIssue) {
                object.optional("known_issue", .flag) { $0.isKnownIssue }
            } else {
                object.optional(names.contains(.issueType) ? "issue_type" : "match_type", .choice) {
                    $0.matchType
                }
            }
            if names.contains(.relatedIssues) {
                object.optional("related_issues", .list(of: related)) { $0.matches }
            } else {
                object.optional("kb_matches", .list(of: Decision.Match.wire)) { $0.matches }
            }
            object.optional(
                names.contains(.suggestedNextStep)
                    ? "suggested_next_step" : names.contains(.nextStep) ? "next_step" : "next_action", .text
            ) { $0.nextAction }
            object.member("notes", .orNull(.text)) { $0.notes }
        }
    }

    private static let related = WireType<Decision.Match>.object { object in
        object.member("id", .text) { $0.id }
        object.member("title", .text) { $0.title }
        object.member("similarity_score", .share) { $0.score }
    }
}
