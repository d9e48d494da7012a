import Foundation
import Glibc
import ServerTestSupport
import Testing

/// The service as it is run, with a scripted language model and settings alone.
@Suite(.serialized)
struct ServiceModelTests {
    private static let ticket = #"{"id":"7","body":"Just wanted to say happy Friday to all of you."}"#

    private func flags(_ model: ScriptedServer) -> [String] { ["--llm-url", model.url, "--llm-model", "m"] }

    private func isStopped(_ service: Service) -> Bool {
        service.signal(SIGTERM)
        return service.end() == 0
    }

    @Test
    func `an address alone decides nothing; fields do, and the ledger makes it again without the model`()
        async throws
    {
        let workspace = try ServeTests().desk()
        let id = try await ScriptedServer.run({ _ in [.chat(#"{"category":"Support","severity":"Low"}"#)] }) {
            model in
            let plain = try Service(workspace, flags(model))
            let engine = try plain.ask("POST", "/v1/triage", Self.ticket).text
            #expect(!engine.contains("LANGUAGE_MODEL") && model.connectionCount == 0)
            #expect(isStopped(plain))
            let service = try Service(
                workspace, flags(model) + ["--llm-fields", "category,severity"], keeps: true)
            let answer = try service.ask("POST", "/v1/triage", Self.ticket)
            #expect(answer.text.contains(#""category":"Support""#) && answer.text.contains("LANGUAGE_MODEL"))
            #expect(
                try service.ask("GET", "/metrics").text.contains(
                    #"triage_llm_decisions_total{model="m",outcome="chose"} 1"#))
            #expect(isStopped(service))
            return answer.head.firstMatch(of: /(?i)triage-decision-id: (\S+)/).map { String($0.1) }
        }
        let replay = try workspace.run(["ledger", "replay", try #require(id)])
        #expect(replay.status == 0, "\(replay.errors)")
        #expect(replay.text.contains("the same, byte for byte"))
    }

    @Test func `fields that the bundle does not have end the service before it listens`() throws {
        let workspace = try ServeTests().desk()
        let outcome = try workspace.run([
            "serve", "--stateless", "--port", "0", "--llm-url", "http://127.0.0.1:9/v1", "--llm-model", "m",
            "--llm-fields", "colour",
        ])
        #expect(outcome.status == 78)
        #expect(outcome.errors.contains("llm.fields: the bundle has no field colour; it has category"))
    }

    @Test func `calls end within one call of the budget, also at once and after a restart, and it is said`()
        async throws
    {
        let workspace = try ServeTests().desk()
        // 100 and 20 tokens a call cost 0.004: the third is the last that finds something left of 0.01.
        try workspace.write("prices.json", #"{"m":{"input":30,"output":50}}"#)
        try await ScriptedServer.run({ _ in [.pause(20), .chat(#"{"category":"Support"}"#)] }) { model in
            let settings =
                flags(model) + [
                    "--llm-prices", "prices.json", "--llm-daily-budget", "0.01", "--llm-fields", "category",
                    "--llm-cache", "0", "--llm-concurrency", "8",
                ]
            let service = try Service(workspace, settings, keeps: true)
            let port = service.port
            let answers = try await withThrowingTaskGroup(of: String.self) { group in
                for number in 0..<12 {
                    group.addTask {
                        let body = #"{"body":"happy Friday number \#(number)"}"#
                        return try await Self.ask(port, "/v1/triage", body)
                    }
                }
                return try await group.reduce(into: [String]()) { $0.append($1) }
            }
            #expect(answers.count { $0.contains("LANGUAGE_MODEL") } == 3)
            #expect(answers.count { $0.contains("(over_daily_budget)") } == 9)
            let draft = try await Self.ask(port, "/v1/draft", Self.ticket)
            #expect(draft.contains(#""reason":"over_daily_budget""#))
            #expect(model.captured.count == 3)
            let metrics = try service.ask("GET", "/metrics").text
            for line in [
                #"triage_llm_budget_remaining{window="daily"} 0"#, #"triage_llm_cost_total{model="m"} 0.012"#,
                #"triage_llm_calls_total{model="m",outcome="ok"} 3"#,
                #"triage_llm_decisions_total{model="m",outcome="over_daily_budget"} 9"#,
            ] {
                #expect(metrics.contains(line + "\n"), "\(line)")
            }
            #expect(isStopped(service))
            let next = try Service(workspace, settings, keeps: true)
            #expect(
                try next.ask("POST", "/v1/triage", Self.ticket).text.contains("(over_daily_budget)"))
            #expect(model.captured.count == 3)
            #expect(isStopped(next))
        }
    }

    @Test func `two services with one Redis ask the model once`() async throws {
        let workspace = try ServeTests().desk()
        let redis = try RedisServer()
        try workspace.write("redis", redis.url)
        try await ScriptedServer.run({ _ in [.chat(#"{"category":"Support"}"#)] }) { model in
            let settings = flags(model) + ["--redis-url-file", "redis", "--llm-fields", "category"]
            let first = try Service(workspace, settings)
            let answer = try first.ask("POST", "/v1/triage", Self.ticket).text
            #expect(answer.contains("LANGUAGE_MODEL"))
            #expect(isStopped(first))
            let second = try Service(workspace, settings)
            #expect(try second.ask("POST", "/v1/triage", Self.ticket).text == answer)
            #expect(model.captured.count == 1)
            redis.end()
            #expect(try second.ask("POST", "/v1/triage", Self.ticket).text == answer)
            #expect(model.captured.count == 2)
            #expect(isStopped(second))
        }
    }

    /// One request off the test's own thread.
    private static func ask(_ port: UInt16, _ path: String, _ body: String) async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(
                    with: Result {
                        let exchange = try Exchange(port: port)
                        exchange.send(Exchange.request("POST", path, body))
                        return try #require(exchange.receive()).text
                    })
            }
        }
    }
}
