import Foundation
import Logging
import ServerTestSupport
import Synchronization
import Testing
import TriageData
import TriageEngine
import TriageLLM
import TriageStore

@testable import TriageServer

/// The page of counts: changes in tickets, times, and the budget of the language model.
struct OperationsPageTests {
    private func withDesk(
        llm: LLMClient = .disabled, _ body: @Sendable @escaping (LiveServer) async throws -> Void
    ) async throws {
        let scratch = try Scratch()
        let store = try TicketStore(scratch.file("store"), .write, StoreOptions())
        defer { try? store.close() }
        try await LiveServer.run(change: {
            $0.store = store
            $0.llm = llm
        }) { server in try await body(server) }
    }

    private func page(_ server: LiveServer, _ path: String) async throws -> String {
        try await server.ask("GET", path, headers: ["Accept": "text/html"]).text
    }

    /// The page once its comparison is there.
    private func compared(_ server: LiveServer, _ path: String) async throws -> String {
        let end = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < end {
            let text = try await page(server, path)
            if !text.contains(" data-again>") { return text }
            try await Task.sleep(for: .milliseconds(50))
        }
        Issue.record("the comparison did not end")
        return ""
    }

    @Test func `what is missing is said plainly, in both languages`() async throws {
        try await withDesk { server in
            let english = try await compared(server, "/ui/operations")
            #expect(english.contains("The store has 0 tickets of the model in use with kept text."))
            #expect(english.contains("The service uses no language model, so there is no budget."))
            let german = try await compared(server, "/ui/operations?lang=de")
            #expect(german.contains("Ein Vergleich braucht 100.") && german.contains("kein Sprachmodell"))
        }
    }

    @Test func `tickets are compared, and times have a chart with a table`() async throws {
        try await withDesk { server in
            let texts = ["my account is locked", "please refund the second charge", "the report is slow"]
            for number in 0..<120 {
                let json = JSONWriter.object { json in
                    json.string("body", "\(texts[number % 3]) case \(number)")
                }
                _ = try await server.ask(
                    "POST", "/v1/triage", json: String(decoding: json, as: UTF8.self), headers: [:])
            }
            let text = try await compared(server, "/ui/operations?days=1")
            #expect(text.contains("The newest 80 tickets beside the 40 before them."))
            #expect(text.contains("Nothing changed beyond chance.") && text.contains("id=\"drift-title\""))
            #expect(text.contains("Deciding a ticket") && text.contains("Storing a decision"))
            #expect(!text.contains("A call of the language model"))
            #expect(text.contains(">120</td>"))
        }
    }

    @Test func `the budget has a bar and a table, and a model without one has a sentence`() async throws {
        var status = LLMStatus()
        (status.budgets[.daily], status.dailyRemaining) = (20, 5.5)
        var totals = LLMStatus.Totals()
        (totals.calls, totals.cost) = (7, 14.5)
        status.models["m"] = totals
        func client(_ status: LLMStatus) -> LLMClient {
            LLMClient(
                model: "m", complete: { (_) throws(LLMError) in throw LLMError.disabled },
                status: { status })
        }
        try await withDesk(llm: client(status)) { server in
            let text = try await page(server, "/ui/operations")
            #expect(
                text.contains(">14.50</td>") && text.contains(">20.00</td>") && text.contains(">5.50</td>"))
            #expect(text.contains("Calls since the service started: 7, cost: 14.50"))
            #expect(text.contains("width=\"73\"") && !text.contains("This month (UTC)"))
            #expect(try await page(server, "/ui/operations?lang=de").contains(">14,50</td>"))
        }
        try await withDesk(llm: client(LLMStatus())) { server in
            let text = try await page(server, "/ui/operations")
            #expect(text.contains("llm.daily-budget"))
        }
    }

    @Test func `a result is computed once for a version, anew for another model, and again after a failure`()
        async throws
    {
        let results = BackgroundResults<Int>(maximumAge: .zero, logger: Logger(label: "test"))
        let runs = Mutex(0)
        @Sendable func compute() -> Int {
            runs.withLock {
                $0 += 1
                return $0
            }
        }
        func value(_ model: String, _ version: Int64, _ compute: @escaping @Sendable () throws -> Int) async
            -> Int?
        {
            for _ in 0..<200 {
                switch await results.state("x", model: model, version: version, compute) {
                case .ready(let value): return value
                case .failed: return nil
                case .running: continue
                }
            }
            return -1
        }
        #expect(await value("a", 1, compute) == 1)
        #expect(await value("a", 1, compute) == 1)
        #expect(await value("b", 1, compute) == 2)
        // An old result is shown until the new one is there.
        let shown = await value("b", 2, compute)
        #expect(shown == 2 || shown == 3)
        struct Failure: Error {}
        #expect(await value("c", 1) { throw Failure() } == nil)
        for _ in 0..<200 where await value("c", 1, compute) == nil {
            try await Task.sleep(for: .milliseconds(5))
        }
        #expect(await value("c", 1, compute) ?? 0 >= 3)
    }
}
