import Foundation
import Testing
import TriageEngine
import TriageDrafts
import TriageLLM

@testable import TriageServer

struct DraftEndpointTests {
    private static let ticket =
        #"{"id":"T-7","subject":"Charged twice","body":"I was charged twice, 588.00 EUR each, for order 4711."}"#

    /// A model that says one thing, in pieces of three characters.
    private func model(_ text: String) -> LLMClient {
        LLMClient(
            model: "scripted",
            complete: { (_) throws(LLMError) in ChatReply(text: text, usage: TokenUsage(input: 7, output: 3))
            },
            stream: { (_, onText) async throws(LLMError) in
                var rest = text[...]
                while !rest.isEmpty {
                    await onText(String(rest.prefix(3)))
                    rest = rest.dropFirst(3)
                }
                return ChatReply(text: text)
            })
    }

    @Test func `without a model the template writes the draft, and says so`() async throws {
        try await LiveServer.run { server in
            let answer = try await server.ask("POST", "/v1/draft", json: Self.ticket)
            #expect(answer.status == 200)
            #expect(answer.object["id"] as? String == "T-7")
            #expect(answer.object["source"] as? String == "template")
            #expect(answer.object["reason"] as? String == "no_model")
            #expect(answer.object["based_on"] as? [String] == ["KB-121"])
            #expect((answer.object["draft"] as? String)?.hasPrefix("Hello,\n\nThank you") ?? false)
            #expect(try await server.ask("POST", "/v1/draft", json: "{").status == 400)
            #expect(try await server.ask("POST", "/v1/draft?stream=maybe", json: Self.ticket).status == 422)
        }
    }

    @Test func `with one its reply is the draft, unless it is refused`() async throws {
        try await LiveServer.run(change: { $0.llm = model("Hello, we look at order 4711.") }) { server in
            let answer = try await server.ask("POST", "/v1/draft", json: Self.ticket)
            #expect(
                answer.object["source"] as? String == "model" && answer.object["reason"] as? String == "ok")
            #expect(answer.object["draft"] as? String == "Hello, we look at order 4711.")
            #expect((answer.object["usage"] as? [String: Any])?["input_tokens"] as? Int == 7)
        }
        try await LiveServer.run(change: { $0.llm = model("See evil.com.") }) { server in
            let answer = try await server.ask("POST", "/v1/draft", json: Self.ticket)
            #expect(answer.object["source"] as? String == "template")
            #expect(answer.object["reason"] as? String == "refused_link" && !answer.text.contains("evil"))
        }
    }

    @Test func `a stream brings checked sentences, a reset when they are void, and the draft at the end`()
        async throws
    {
        try await LiveServer.run(change: { $0.llm = model("Hello. We look at order 4711. Bye") }) { server in
            let answer = try await server.ask("POST", "/v1/draft?stream=true", json: Self.ticket)
            #expect(answer.headers["content-type"] == "text/event-stream")
            let events = answer.text.components(separatedBy: "\n\n").dropLast()
            #expect(events.dropLast().allSatisfy { $0.hasPrefix("event: text\ndata: {\"text\":\"") })
            #expect(
                events.last?.hasPrefix("event: done\ndata: {\"id\":\"T-7\",\"draft\":\"Hello. We look")
                    ?? false)
        }
        try await LiveServer.run(change: { $0.llm = model("Hello. We are here. See evil.com. Bye.") }) {
            server in
            let text = try await server.ask("POST", "/v1/draft?stream=true", json: Self.ticket).text
            #expect(text.contains("event: text") && text.contains("event: reset\ndata: {}\n\nevent: done"))
            #expect(!text.contains("evil") && text.contains(#""reason":"refused_link""#))
        }
    }
}
