internal import TriageData
internal import TriageEngine

/// The seven fields of the original contract, under its names or those of its sister services.
struct OriginalAnswer {
    /// A name of a sister service, which stands in place of one of the original's.
    enum Name: String, CaseIterable {
        case issueType = "issue_type"
        case knownIssue = "known_issue"
        case relatedIssues = "related_issues"
        case suggestedNextStep = "suggested_next_step"
        case nextStep = "next_step"
        case question = "question_how_to"

        /// All of them, for people.
        static var all: String { allCases.map(\.rawValue).joined(separator: ", ") }

        /// The JSON Schema of the query parameter.
        static var schema: String {
            let one = "(\(allCases.map(\.rawValue).joined(separator: "|")))"
            return "{\"type\":\"string\",\"pattern\":\"^\(one)(,\(one))*$\"}"
        }

        /// The names in a query parameter.
        ///
        /// - Throws: `OriginalFault.unknownName`.
        static func parse(_ text: String?) throws(OriginalFault) -> Set<Name> {
            var names: Set<Name> = []
            guard let text else { return [] }
            for word in text.split(separator: ",", omittingEmptySubsequences: false) {
                guard let name = Name(rawValue: String(word)) else { throw .unknownName }
                names.insert(name)
            }
            return names
        }
    }

    let decision: Decision
    let names: Set<Name>

    init(_ decision: Decision, _ names: Set<Name> = []) {
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
