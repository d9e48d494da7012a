import Foundation
import Testing

struct OriginalContractTests {
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
}
