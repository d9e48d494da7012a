import Foundation
import ServerTestSupport
import Synchronization
import Testing
import TriageData

import TriageDrafts
@testable import TriageLLM

/// A client for a scripted server, quick to give up and to try again.
func options(_ server: ScriptedServer, _ change: (inout LLMOptions) -> Void = { _ in }) -> LLMOptions {
    var options = LLMOptions(url: server.url, model: "m")
    options.deadline = .seconds(5)
    options.retries.basePause = .milliseconds(1)
    options.cache = nil
    change(&options)
    return options
}

/// The error that a call ends with.
func failure(_ work: () async throws(LLMError) -> ChatReply) async -> LLMError? {
    do throws(LLMError) {
        _ = try await work()
        return nil
    } catch { return error }
}

private let question = ChatRequest([.init(.user, "hello")])

struct FaultTests {
    @Test func `a plain answer carries text, model, tokens and the request carries deterministic settings`()
        async throws
    {
        try await ScriptedServer.run({ _ in [.chat("Hi.")] }) { server in
            let client = try LLMClient.http(options(server) { $0.key = { () throws(LLMError) in "k-1" } })
            let reply = try await client.complete(question)
            #expect(reply.text == "Hi." && reply.model == "scripted" && reply.finishReason == "stop")
            #expect(reply.usage == TokenUsage(input: 100, output: 20) && reply.retries == 0)
            let sent = try #require(server.captured.first)
            #expect(sent.head.hasPrefix("POST /v1/chat/completions HTTP/1.1"))
            #expect(sent.header("authorization") == "Bearer k-1")
            #expect(sent.object["temperature"] as? Double == 0 && sent.object["seed"] as? Int == 1)
            #expect(sent.header("traceparent") == nil)
            await client.shutdown()
        }
    }

    @Test(arguments: ["1", "soon"])
    func `429 is tried again after the pause that Retry-After asks for`(form: String) async throws {
        try await ScriptedServer.run({ request in
            let date = Date(timeIntervalSinceNow: 2)
            let format = DateFormatter()
            format.locale = Locale(identifier: "en_US_POSIX")
            format.timeZone = TimeZone(identifier: "GMT")
            format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
            let value = form == "1" ? "1" : format.string(from: date)
            return request.number == 0 ? [.answer(429, "{}", ["retry-after": value])] : [.chat("Hi.")]
        }) { server in
            let client = try LLMClient.http(options(server))
            let start = ContinuousClock.now
            let reply = try await client.complete(question)
            #expect(reply.retries == 1 && server.captured.count == 2)
            #expect(start.duration(to: .now) > .milliseconds(900))
            await client.shutdown()
        }
    }

    @Test func `a pause longer than allowed is not waited for`() async throws {
        try await ScriptedServer.run({ _ in [.answer(503, "", ["retry-after": "3600"])] }) { server in
            let client = try LLMClient.http(options(server))
            #expect(
                await failure { () throws(LLMError) in try await client.complete(question) }
                    == .badStatus(503))
            #expect(server.captured.count == 1)
            await client.shutdown()
        }
    }

    @Test func `500 is tried again so many times and no more`() async throws {
        try await ScriptedServer.run({ _ in [.answer(500, "oops")] }) { server in
            let client = try LLMClient.http(options(server))
            #expect(
                await failure { () throws(LLMError) in try await client.complete(question) }
                    == .badStatus(500))
            #expect(server.captured.count == 3)
            await client.shutdown()
        }
    }

    @Test(arguments: [400, 401, 403, 404])
    func `a fault of ours is not tried again`(status: Int) async throws {
        try await ScriptedServer.run({ _ in [.answer(status, "{}")] }) { server in
            let client = try LLMClient.http(options(server))
            #expect(
                await failure { () throws(LLMError) in try await client.complete(question) }
                    == .badStatus(status))
            #expect(server.captured.count == 1)
            await client.shutdown()
        }
    }

    @Test func `retries of all calls together end with their budget`() async throws {
        try await ScriptedServer.run({ _ in [.answer(500, "oops")] }) { server in
            let client = try LLMClient.http(
                options(server) {
                    $0.retries.initialRetryTokens = 3
                    $0.retries.retryBudgetRatio = 0
                    $0.gate.failures = 1000
                })
            for _ in 0..<10 {
                _ = await failure { () throws(LLMError) in try await client.complete(question) }
            }
            #expect(server.captured.count == 13)
            await client.shutdown()
        }
    }

    @Test func `a server that hangs costs the deadline and no more`() async throws {
        try await ScriptedServer.run({ _ in [.hang] }) { server in
            let client = try LLMClient.http(options(server) { $0.deadline = .milliseconds(300) })
            let start = ContinuousClock.now
            let error = await failure { () throws(LLMError) in try await client.complete(question) }
            #expect(error?.code == "timeout")
            #expect(start.duration(to: .now) < .seconds(3))
            await client.shutdown()
        }
    }

    @Test func `a slow drip costs the deadline and no more`() async throws {
        let drip: [ScriptedServer.Act] = (0..<200).flatMap { _ in [.bytes(" "), .pause(50)] }
        try await ScriptedServer.run({ _ in [.bytes("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")] + drip
        }) { server in
            let client = try LLMClient.http(options(server) { $0.deadline = .milliseconds(400) })
            let start = ContinuousClock.now
            #expect(
                await failure { () throws(LLMError) in try await client.complete(question) }
                    == .timedOut(seconds: 0.4))
            #expect(start.duration(to: .now) < .seconds(3))
            await client.shutdown()
        }
    }

    @Test func `a huge answer is cut off`() async throws {
        let flood: [ScriptedServer.Act] = (0..<64).map { _ in .bytes(String(repeating: "x", count: 1 << 16)) }
        try await ScriptedServer.run({ _ in
            [.bytes("HTTP/1.1 200 OK\r\ncontent-length: 99999999\r\n\r\n")] + flood + [.hang]
        }) { server in
            let client = try LLMClient.http(options(server) { $0.maximumAnswerBytes = 1 << 20 })
            #expect(
                await failure { () throws(LLMError) in try await client.complete(question) }
                    == .tooLarge(limit: 1 << 20))
            await client.shutdown()
        }
    }

    static let wrong: [(String, String)] = [
        ("not JSON", "<html>busy</html>"), ("half", #"{"choices":[{"message":{"content":"Hi"#),
        ("a list", "[]"),
        ("an error", #"{"error":{"message":"no such model"}}"#), ("no choices", #"{"choices":[]}"#),
        ("no message", #"{"choices":[{"index":0}]}"#),
        ("no text", #"{"choices":[{"message":{"role":"assistant","content":null}}]}"#),
        ("blank text", #"{"choices":[{"message":{"role":"assistant","content":"  \n"}}]}"#),
        ("a list of parts", #"{"choices":[{"message":{"content":[{"type":"text","text":"Hi"}]}}]}"#),
        ("a tool call", #"{"choices":[{"message":{"content":null,"tool_calls":\#(calls)}}]}"#),
        ("a tool call beside text", #"{"choices":[{"message":{"content":"Hi","tool_calls":\#(calls)}}]}"#),
        ("a call's end", #"{"choices":[{"finish_reason":"tool_calls","message":{"content":"Hi"}}]}"#),
        ("a function call", #"{"choices":[{"message":{"content":"Hi","function_call":{"name":"f"}}}]}"#),
    ]

    private static let calls =
        #"[{"id":"1","type":"function","function":{"name":"f","arguments":"{\"url\":\"http://127.0.0.1:1/\"}"}}]"#

    @Test(arguments: wrong)
    func `an answer that is none is an error that repeats nothing of it`(name: String, body: String)
        async throws
    {
        try await ScriptedServer.run({ _ in [.answer(200, body)] }) { server in
            let client = try LLMClient.http(options(server))
            let error = await failure { () throws(LLMError) in try await client.complete(question) }
            guard case .badAnswer = error else {
                Issue.record("\(name): \(String(describing: error))")
                return
            }
            #expect(!"\(String(describing: error))".contains("no such model"))
            #expect(server.captured.count == 1)
            await client.shutdown()
        }
    }

    @Test func `a redirect is refused, and the other host is never called`() async throws {
        try await ScriptedServer.run({ _ in [.chat("stolen")] }) { other in
            try await ScriptedServer.run({ _ in
                [.answer(307, "", ["location": "http://127.0.0.1:\(other.port)/v1/chat/completions"])]
            }) { server in
                let client = try LLMClient.http(options(server))
                #expect(
                    await failure { () throws(LLMError) in try await client.complete(question) }
                        == .redirected)
                #expect(server.captured.count == 1 && other.captured.isEmpty)
                await client.shutdown()
            }
        }
    }

    @Test func `a connection that breaks off is tried again, and its end is an error`() async throws {
        try await ScriptedServer.run({ request in
            request.number == 0
                ? [.bytes("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"), .close] : [.chat("Hi.")]
        }) { server in
            let client = try LLMClient.http(options(server))
            let reply = try await client.complete(question)
            #expect(reply.text == "Hi." && reply.retries == 1)
            await client.shutdown()
        }
        let port = try await ScriptedServer.deadPort()
        var dead = LLMOptions(url: "http://127.0.0.1:\(port)/v1", model: "m")
        dead.retries.basePause = .milliseconds(1)
        let client = try LLMClient.http(dead)
        guard
            case .unreachable = await failure({ () throws(LLMError) in try await client.complete(question) })
        else {
            Issue.record("a dead port answered")
            return
        }
        await client.shutdown()
    }

    @Test func `a schema is sent where the server takes it, and left out after it was refused`() async throws
    {
        try await ScriptedServer.run({ request in
            request.object["response_format"] != nil ? [.answer(400, "{}")] : [.chat("{}")]
        }) { server in
            let client = try LLMClient.http(options(server))
            var request = question
            request.schema = .init(name: "s", schema: .object(["type": .string("object")]))
            _ = try await client.complete(request)
            _ = try await client.complete(request)
            let withSchema = server.captured.map { $0.object["response_format"] != nil }
            #expect(withSchema == [true, false, false])
            await client.shutdown()
        }
    }
}
