import Foundation
import Testing
import TriageSettings

@testable import TriageServer

struct LegacyAgentContractTests {
    @Test func `the original's answers keep their fields, names and order`() async throws {
        try await LiveServer.run { server in
            #expect(try await server.ask("GET", "/").text == #"{"message":"Triage agent running"}"#)
            let answer = try await server.ask(
                "POST", "/triage", json: #"{"description":"my account is locked"}"#)
            #expect(answer.status == 200)
            let names = [
                "summary", "category", "severity", "match_type", "kb_matches", "next_action", "notes",
            ]
            #expect(Set(answer.object.keys) == Set(names))
            let places = names.compactMap { answer.text.range(of: "\"\($0)\":")?.lowerBound }
            #expect(places.count == 7 && places == places.sorted())
            #expect(answer.object["match_type"] as? String == "known_issue")
            #expect(answer.object["category"] as? String == "Login")
        }
    }

    @Test(arguments: [
        (#"{"description":"  "}"#, 400), (#"{"description":""}"#, 400), (#"{"description":"#, 422),
        ("[]", 422),
        (#"{"text":"xyzzy"}"#, 422), (#"{"description":["xyzzy"]}"#, 422), ("", 422),
    ])
    func `what the original refused is refused with its detail`(body: String, status: Int) async throws {
        try await LiveServer.run { server in
            let answer = try await server.ask("POST", "/triage", json: body)
            #expect(answer.status == status)
            #expect(answer.object["detail"] != nil)
            #expect(!answer.text.contains("xyzzy"))
            if status == 400 { #expect(answer.text == #"{"detail":"description is required"}"#) }
        }
    }

    @Test func `sister services get their names, unknown names are refused`() async throws {
        try await LiveServer.run { server in
            let body = #"{"description":"my account is locked"}"#
            let answer = try await server.ask(
                "POST", "/triage?names=known_issue,related_issues,next_step,question_how_to", json: body)
            #expect(answer.object["known_issue"] as? Bool == true)
            #expect(answer.object["match_type"] == nil && answer.object["next_action"] == nil)
            #expect(answer.object["next_step"] is String)
            let first = (answer.object["related_issues"] as? [[String: Any]])?.first
            #expect(first.map { Set($0.keys) } == ["id", "title", "similarity_score"])
            #expect(try await server.ask("POST", "/triage?names=mood", json: body).status == 422)
        }
    }

    @Test func `another method is 405 with Allow, another path 404`() async throws {
        try await LiveServer.run { server in
            let wrong = try await server.ask("DELETE", "/triage")
            #expect(wrong.status == 405 && wrong.headers["allow"] == "POST")
            #expect(wrong.object["detail"] is String)
            let missing = try await server.ask("GET", "/v1/nothing")
            #expect(missing.status == 404)
            #expect(missing.headers["content-type"] == "application/problem+json")
        }
    }

    @Test(arguments: [
        ("names=", ["match_type", "kb_matches", "next_action"]), ("names", ["match_type"]),
        ("names=%20issue_type%20,%20related_issues%20", ["issue_type", "related_issues", "next_action"]),
        ("names=+next_step+,,", ["next_step", "match_type"]),
        ("names=issue_type&names=next_step", ["issue_type", "next_step"]),
        ("names=issue_type,issue_type", ["issue_type"]),
    ])
    func `blank and spaced names are read`(query: String, fields: [String]) async throws {
        try await LiveServer.run { server in
            let answer = try await server.ask("POST", "/triage?\(query)", json: Self.body)
            #expect(answer.status == 200, "\(answer.text)")
            #expect(answer.object.count == 7)
            for field in fields { #expect(answer.object.keys.contains(field), "\(field)") }
        }
    }

    @Test(arguments: [
        ("issue_type,known_issue", "issue_type and known_issue both replace match_type; give one of them"),
        ("next_step,suggested_next_step", "next_step and suggested_next_step both replace next_action"),
    ])
    func `two names of one field are an error that names both`(names: String, words: String) async throws {
        try await LiveServer.run { server in
            let answer = try await server.ask("POST", "/triage?names=\(names)", json: Self.body)
            #expect(answer.status == 422)
            #expect(answer.text.contains(words), "\(answer.text)")
        }
    }

    @Test func `the settings give the names where a request gives none, and GET / its status`() async throws {
        var options = ServerOptions()
        options.legacy.names = [.issueType, .nextStep]
        options.legacy.status = "ok"
        try await LiveServer.run(options) { server in
            let sign = try await server.ask("GET", "/")
            #expect(sign.text == #"{"message":"Triage agent running","status":"ok"}"#)
            let answer = try await server.ask("POST", "/triage", json: Self.body).object
            #expect(answer["issue_type"] is String && answer["next_step"] is String)
            #expect(answer["match_type"] == nil && answer["next_action"] == nil)
            let blank = try await server.ask("POST", "/triage?names=", json: Self.body).object
            #expect(blank["match_type"] is String && blank["next_action"] is String)
        }
    }

    // MARK: - Clients

    private static let body = #"{"description":"my account is locked"}"#

    /// A sister service's contract, as its client reads it without any parameter.
    struct Dialect: Sendable, CustomTestStringConvertible {
        var names: [LegacyName]
        /// Each field with a check of its value.
        var fields: [String: @Sendable (Any) -> Bool]
        var testDescription: String { names.map(\.rawValue).joined(separator: ",") }

        static let text: @Sendable (Any) -> Bool = { ($0 as? String)?.isEmpty == false }
        static let issue: @Sendable (Any) -> Bool = { ["known_issue", "new_issue"].contains($0 as? String) }
        static let truth: @Sendable (Any) -> Bool = { $0 is Bool }
        static let original = list(["id", "title", "score", "recommended_action"], score: "score")
        static let related = list(["id", "title", "similarity_score"], score: "similarity_score")

        /// A list of at most three articles with exactly these members and a score from 0 to 1.
        static func list(_ names: Set<String>, score: String) -> @Sendable (Any) -> Bool {
            { value in
                guard let items = value as? [[String: Any]], items.count <= 3 else { return false }
                return items.allSatisfy {
                    Set($0.keys) == names && (0...1).contains($0[score] as? Double ?? -1)
                }
            }
        }
    }

    @Test(arguments: [
        Dialect(
            names: [],
            fields: [
                "match_type": Dialect.issue, "kb_matches": Dialect.original, "next_action": Dialect.text,
            ]),
        Dialect(
            names: [.issueType],
            fields: [
                "issue_type": Dialect.issue, "kb_matches": Dialect.original, "next_action": Dialect.text,
            ]),
        Dialect(
            names: [.relatedIssues],
            fields: [
                "match_type": Dialect.issue, "related_issues": Dialect.related, "next_action": Dialect.text,
            ]),
        Dialect(
            names: [.knownIssue],
            fields: [
                "known_issue": Dialect.truth, "kb_matches": Dialect.original, "next_action": Dialect.text,
            ]),
        Dialect(
            names: [.suggestedNextStep],
            fields: [
                "match_type": Dialect.issue, "kb_matches": Dialect.original,
                "suggested_next_step": Dialect.text,
            ]),
        Dialect(
            names: [.nextStep],
            fields: ["match_type": Dialect.issue, "kb_matches": Dialect.original, "next_step": Dialect.text]),
        Dialect(
            names: [.question],
            fields: [
                "match_type": Dialect.issue, "kb_matches": Dialect.original, "next_action": Dialect.text,
            ]),
        Dialect(
            names: [.knownIssue, .relatedIssues, .suggestedNextStep, .question],
            fields: [
                "known_issue": Dialect.truth, "related_issues": Dialect.related,
                "suggested_next_step": Dialect.text,
            ]),
    ])
    func `a client of each dialect works unchanged`(dialect: Dialect) async throws {
        var options = ServerOptions()
        options.legacy.names = LegacyNames(dialect.names)
        let categories = ["Bug", "Billing", "Login", "Performance", "Security", "Support", "Other"].map {
            $0 == "Support" && dialect.names.contains(.question) ? "Question/How-To" : $0
        }
        try await LiveServer.run(options) { server in
            #expect(try await server.ask("GET", "/health").text == #"{"status":"healthy"}"#)
            var seen: Set<String> = []
            for text in [
                "my account is locked", "How can I record a Teams meeting and share it?", "zzz qqq vvv",
            ] {
                let answer = try await server.ask("POST", "/triage", json: #"{"description":"\#(text)"}"#)
                #expect(answer.status == 200 && answer.headers["content-type"] == "application/json")
                let object = answer.object
                #expect(
                    Set(object.keys)
                        == Set(dialect.fields.keys).union(["summary", "category", "severity", "notes"]))
                for (name, isGood) in dialect.fields { #expect(isGood(object[name] ?? ""), "\(name)") }
                #expect(Dialect.text(object["summary"] ?? ""))
                #expect(["Low", "Medium", "High", "Critical"].contains(object["severity"] as? String))
                #expect(object["notes"] is NSNull || object["notes"] is String)
                seen.insert(object["category"] as? String ?? "")
            }
            #expect(seen.isSubset(of: categories) && seen.contains(categories[5]), "\(seen)")
        }
    }

    @Test func `a client of the original works, line by line of its contract`() async throws {
        try await LiveServer.run { server in
            #expect(try await server.ask("GET", "/").text == #"{"message":"Triage agent running"}"#)
            let known = try await server.ask("POST", "/triage", json: Self.body).object
            #expect(known["match_type"] as? String == "known_issue")
            let matches = try #require(known["kb_matches"] as? [[String: Any]])
            #expect((1...3).contains(matches.count))
            let scores = matches.compactMap { $0["score"] as? Double }
            #expect(scores.count == matches.count && scores == scores.sorted(by: >))
            #expect(known["next_action"] as? String == matches[0]["recommended_action"] as? String)
            let new = try await server.ask(
                "POST", "/triage",
                json: #"{"description":"Nobody in the hospital can open the patient record system."}"#
            ).object
            #expect(new["match_type"] as? String == "new_issue")
            #expect((new["kb_matches"] as? [Any])?.isEmpty == true)
            let blank = try await server.ask("POST", "/triage", json: #"{"description":" \n "}"#)
            #expect(blank.status == 400 && blank.text == #"{"detail":"description is required"}"#)
            let malformed = try await server.ask("POST", "/triage", json: "{")
            #expect(malformed.status == 422 && malformed.object["detail"] != nil)
            let page = try await server.ask("GET", "/ui")
            for part in ["<textarea", "Samples", ">Triage</button>", "id=\"mode\""] {
                #expect(page.text.contains(part), "\(part)")
            }
            #expect(
                try await server.ask("GET", "/docs").headers["content-type"]?.hasPrefix("text/html") == true)
            #expect(try await server.ask("GET", "/openapi.json").object["openapi"] as? String == "3.1.0")
        }
    }
}
