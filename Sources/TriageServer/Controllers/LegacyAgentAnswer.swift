internal import TriageData
internal import TriageEngine
internal import TriageSettings

/// The seven fields of the original contract, under its names or those of its sister services.
struct LegacyAgentAnswer {
    let decision: Decision
    let names: LegacyNames

    init(_ decision: Decision, _ names: LegacyNames = []) {
        self.decision = decision
        self.names = names
    }

    func write(to json: inout JSONWriter) {
        json.object { json in
            json.key("summary")
            json.string(decision.summary)
            json.key("category")
            json.string(
                names.contains(.question) && decision.category == "Support"
                    ? "Question/How-To" : decision.category)
            json.key("severity")
            json.string(decision.severity)
            writeMatches(&json)
            json.key(
                names.contains(.suggestedNextStep)
                    ? "suggested_next_step" : names.contains(.nextStep) ? "next_step" : "next_action")
            json.string(decision.nextAction)
            json.key("notes")
            json.string(decision.notes)
        }
    }

    private func writeMatches(_ json: inout JSONWriter) {
        if names.contains(.knownIssue) {
            json.key("known_issue")
            json.bool(decision.isKnownIssue)
        } else {
            json.key(names.contains(.issueType) ? "issue_type" : "match_type")
            json.string(decision.isKnownIssue ? "known_issue" : "new_issue")
        }
        let related = names.contains(.relatedIssues)
        json.key(related ? "related_issues" : "kb_matches")
        json.array(decision.matches) { json, match in
            json.object { json in
                json.key("id")
                json.string(match.id)
                json.key("title")
                json.string(match.title)
                json.key(related ? "similarity_score" : "score")
                json.sixDecimals(match.score)
                if !related {
                    json.key("recommended_action")
                    json.string(match.recommendedAction)
                }
            }
        }
    }
}
