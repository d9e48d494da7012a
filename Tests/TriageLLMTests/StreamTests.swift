import ServerTestSupport
import Synchronization
import Testing

import TriageDrafts
@testable import TriageLLM

private let question = ChatRequest([.init(.user, "hello")])

struct StreamTests {
    /// What arrived and how it ended.
    private func stream(_ acts: [ScriptedServer.Act]) async throws -> (
        pieces: [String], error: LLMError?, calls: Int
    ) {
        try await ScriptedServer.run({ _ in acts }) { server in
            let client = try LLMClient.http(options(server))
            let pieces = Mutex<[String]>([])
            let error = await failure { () throws(LLMError) in
                try await client.stream(question) { piece in pieces.withLock { $0.append(piece) } }
            }
            await client.shutdown()
            return (pieces.withLock { $0 }, error, server.captured.count)
        }
    }

    @Test func `pieces arrive in order, each once`() async throws {
        let result = try await stream(ScriptedServer.Act.stream(["Guten ", "Tag", ", 世界"]))
        #expect(result.error == nil && result.pieces == ["Guten ", "Tag", ", 世界"])
    }

    @Test func `events cut anywhere, with other line ends, comments and no last line, are read`() async throws
    {
        let data = #"data: {"choices":[{"delta":{"content":"é"}}]}"#
        let bytes = ": hello\r\n\r\nevent: x\r\n\(data)\r\n\r\n\(data)\r\rdata: [DONE]"
        var acts: [ScriptedServer.Act] = [.streamHead]
        for character in bytes { acts += [.bytes(String(character))] }
        let result = try await stream(acts + [.close])
        #expect(result.error == nil && result.pieces == ["é", "é"])
    }

    @Test func `a stream that breaks off is an error, and not begun again once text was handed on`()
        async throws
    {
        let result = try await stream([.streamHead, .event("Half a"), .close])
        #expect(result.pieces == ["Half a"] && result.calls == 1)
        guard case .badAnswer = result.error else {
            Issue.record("\(String(describing: result.error))")
            return
        }
    }

    @Test func `a tool call in a stream is refused`() async throws {
        let call = #"data: {"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"name":"f"}}]}}]}"#
        let result = try await stream([.streamHead, .event("Hi"), .bytes(call + "\n\n"), .done, .close])
        guard case .badAnswer = result.error else {
            Issue.record("\(String(describing: result.error))")
            return
        }
    }

    @Test func `usage at the end is taken, and estimated and marked where there is none`() async throws {
        let usage = #"data: {"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":3}}"#
        try await ScriptedServer.run({ request in
            [.streamHead, .event("Hello you"), .event(nil, finish: "stop")]
                + (request.number == 0 ? [.bytes(usage + "\n\n")] : []) + [.done, .close]
        }) { server in
            let client = try LLMClient.http(options(server))
            #expect(try await client.stream(question) { _ in }.usage == TokenUsage(input: 7, output: 3))
            let estimated = try await client.stream(question) { _ in }.usage
            #expect(estimated.isEstimated && estimated.output == 3)
            await client.shutdown()
        }
    }
}
