import Foundation
import Logging
import ServerTestSupport
import Testing
import TriageData
import TriageEngine
import TriageLLM
import TriageStore

@testable import TriageServer
import TriageTickets

/// Decisions in which a scripted language model chooses labels, over the wire.
struct LanguageModelTests {
    private static let body = #"{"id":"7","body":"Just wanted to say happy Friday to all of you."}"#
    private static let ticket = Ticket(id: "7", body: "Just wanted to say happy Friday to all of you.")
    private static let labels = #"{"category":"Support","severity":"High"}"#

    /// What a test changes of the model's settings.
    private struct Setup: Sendable {
        var llm: @Sendable (inout LLMOptions) -> Void = { _ in }
        var deciding: @Sendable (inout LLMDecider.Options) -> Void = { _ in }
        var store: TicketStore?
        var shadow = Shadow()
        /// Nil for the starter.
        var snapshot: Snapshot?
        var isDeciding = true
    }

    /// Runs a service whose model does what the script says.
    private func run<Value: Sendable>(
        _ setup: Setup,
        _ script: @escaping @Sendable (ScriptedServer.Captured) -> [ScriptedServer.Act],
        _ body: @Sendable @escaping (LiveServer, ScriptedServer) async throws -> Value
    ) async throws -> Value {
        let snapshot = try setup.snapshot ?? starter.get()
        return try await ScriptedServer.run(script) { model in
            var options = LLMOptions(url: model.url, model: "m")
            options.deadline = .seconds(10)
            options.retries.maximumRetries = 0
            options.cache = nil
            setup.llm(&options)
            let client = try LLMClient.http(options)
            var deciding = LLMDecider.Options()
            deciding.fields = ["category", "severity"]
            setup.deciding(&deciding)
            let decider = try LLMDecider(client, for: snapshot, deciding)
            let value = try await LiveServer.run(change: {
                $0.snapshots = SnapshotHolder(snapshot)
                $0.store = setup.store
                $0.shadow = setup.shadow
                $0.llm = client
                $0.modelDecider = setup.isDeciding ? decider : nil
            }) { try await body($0, model) }
            await client.shutdown()
            return value
        }
    }

    private func fields(_ answer: Answer) -> [String: [String: Any]] {
        answer.object["predictions"] as? [String: [String: Any]] ?? [:]
    }

    private func notes(_ answer: Answer) -> String { answer.object["notes"] as? String ?? "" }

    @Test func `a model that may only write drafts is not asked, and decisions are the engine's bytes`()
        async throws
    {
        var setup = Setup()
        setup.isDeciding = false
        try await run(setup, { _ in [.chat(Self.labels)] }) { server, model in
            let answer = try await server.ask("POST", "/v1/triage", json: Self.body)
            #expect(answer.text == (try starter.get().decide(Self.ticket).json))
            #expect(model.captured.isEmpty && model.connectionCount == 0)
        }
    }

    @Test func `every way to ask for one decision takes the model's label, and the notes say so`()
        async throws
    {
        try await run(Setup(), { _ in [.chat(Self.labels)] }) { server, model in
            for path in ["/v1/triage", "/v1/triage?explain=true", "/v1/explain"] {
                let answer = try await server.ask("POST", path, json: Self.body)
                #expect(answer.object["category"] as? String == "Support", "\(path)")
                #expect(answer.object["severity"] as? String == "High", "\(path)")
                #expect(
                    notes(answer).contains("The language model chose category Support; the engine had Other.")
                )
                let marked = fields(answer).values.filter {
                    ($0["reasons"] as? [String])?.contains("LANGUAGE_MODEL") ?? false
                }
                #expect(marked.count == 2)
            }
            let original = try await server.ask(
                "POST", "/triage", json: #"{"description":"Just wanted to say happy Friday to all of you."}"#)
            #expect(original.object["category"] as? String == "Support")
            #expect(model.captured.count == 4)
        }
    }

    @Test func `a batch is judged in order, never more at a time than the model may be asked`() async throws {
        let folder = NSTemporaryDirectory() + "triage-store-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try TicketStore(folder, .write, StoreOptions())
        defer { try? store.close() }
        var setup = Setup()
        setup.store = store
        setup.deciding = { $0.concurrency = 2 }
        // With room for two calls and nobody waiting, a third at a time would be refused as overloaded.
        setup.llm = { ($0.gate.concurrency, $0.gate.queue) = (2, 0) }
        try await run(setup, { [.pause(5 * (3 - $0.number % 3)), .chat(Self.labels)] }) { server, model in
            let lines = (0..<25).map { #"{"id":"\#($0)","body":"happy Friday number \#($0) to you"}"# }
            let text = (lines[..<12] + ["{"] + lines[12...]).joined(separator: "\n")
            let answers = try await server.ask("POST", "/v1/triage/batch", Array(text.utf8)).text
                .split(separator: "\n")
            #expect(answers.count == 26 && answers[12].contains(#""line":13,"error""#))
            let decided = (answers[..<12] + answers[13...]).enumerated()
            for (number, answer) in decided {
                #expect(answer.contains(#""category":"Support""#) && answer.contains(#""id":"\#(number)""#))
            }
            #expect(model.captured.count == 25)
            #expect(try store.verify().decisions == 25)
        }
    }

    @Test func `a ticket of the queue is judged too, and its decision can be made again without the model`()
        async throws
    {
        let folder = NSTemporaryDirectory() + "triage-store-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try TicketStore(folder, .write, StoreOptions())
        defer { try? store.close() }
        var setup = Setup()
        setup.store = store
        let snapshot = try starter.get()
        // The fourth answer is none, and the model is gone after it.
        let script: @Sendable (ScriptedServer.Captured) -> [ScriptedServer.Act] = { request in
            request.number < 2
                ? [.chat(Self.labels)] : request.number < 4 ? [.chat("no label")] : [.answer(500, "")]
        }
        let ids = try await run(setup, script) { server, model in
            let taken = try await server.ask("POST", "/v1/tickets", json: Self.body)
            let place = try #require(taken.headers["location"])
            var state = try await server.ask("GET", place)
            #expect(
                try await eventually {
                    state = try await server.ask("GET", place)
                    return state.object["state"] as? String == "done"
                })
            let decision = try #require(state.object["decision"] as? [String: Any])
            #expect(decision["category"] as? String == "Support")
            var ids = [try #require(state.object["decision_id"] as? String)]
            for _ in 0..<3 {
                let answer = try await server.ask("POST", "/v1/triage", json: Self.body)
                ids.append(try #require(answer.headers["triage-decision-id"]))
            }
            #expect(model.captured.count == 5)
            return ids
        }
        let versions = SnapshotVersions(snapshot)
        for id in ids {
            let replay = try store.replay(id, with: snapshot, versions)
            #expect(replay.differing.isEmpty, "\(replay.differing)")
            #expect(replay.stored == replay.replayed)
        }
        let record = try #require(try store.decision(ids[1])).record
        #expect(record.fields.allSatisfy { $0.reasons.contains("LANGUAGE_MODEL") && $0.level != "auto" })
        let last = try store.replay(ids[3], with: snapshot, versions).stored
        #expect(last.contains("no answer of the language model (http_500)"))
    }

    @Test func `an answer that is no label twice leaves the engine's, and says so`() async throws {
        try await run(Setup(), { _ in [.chat(#"{"category":"PWNED","severity":7}"#)] }) { server, model in
            let answer = try await server.ask("POST", "/v1/triage", json: Self.body)
            let engine = try starter.get().decide(Self.ticket)
            #expect(answer.object["category"] as? String == engine.category)
            #expect(notes(answer).contains("no label of the bundle for category, asked twice"))
            #expect(!answer.text.contains("LANGUAGE_MODEL") && !answer.text.contains("PWNED"))
            #expect(model.captured.count == 2)
        }
    }

    @Test func `with a dead model the breaker opens, and decisions are the engine's at once`() async throws {
        var setup = Setup()
        setup.llm = { options in
            options.gate.failures = 2
            options.gate.probeInterval = .seconds(600)
        }
        try await run(setup, { _ in [.answer(503, "")] }) { server, model in
            for reason in ["http_503", "http_503", "breaker_open", "breaker_open"] {
                let answer = try await server.ask("POST", "/v1/triage", json: Self.body)
                #expect(
                    notes(answer)
                        == "The engine's labels stand: no answer of the language model (\(reason)).")
            }
            #expect(model.captured.count == 2)
        }
    }

    @Test func `a model that is slow costs a decision its time and no more`() async throws {
        var setup = Setup()
        setup.deciding = { $0.deadline = .milliseconds(200) }
        setup.llm = { $0.gate.failures = 2 }
        try await run(setup, { _ in [.hang] }) { server, model in
            let start = ContinuousClock.now
            for reason in ["timeout", "timeout", "breaker_open"] {
                let answer = try await server.ask("POST", "/v1/triage", json: Self.body)
                #expect(notes(answer).contains("(\(reason))"))
            }
            #expect(ContinuousClock.now - start < .seconds(5), "the client alone would wait 10 s each")
        }
    }

    @Test func `over the budget the engine decides, and both a decision and a draft say so`() async throws {
        var setup = Setup()
        setup.llm = { options in
            // 120 tokens of the script's usage cost 0.004; the third call goes beyond 0.01, and is the last.
            options.prices = PriceTable(["m": .init(input: 30, output: 50)])
            options.budget = BudgetOptions(daily: 0.01)
        }
        try await run(setup, { _ in [.chat(Self.labels)] }) { server, model in
            for _ in 0..<3 {
                #expect(
                    try await server.ask("POST", "/v1/triage", json: Self.body).text.contains(
                        "LANGUAGE_MODEL"))
            }
            for _ in 0..<3 {
                let answer = try await server.ask("POST", "/v1/triage", json: Self.body)
                #expect(notes(answer).contains("(over_daily_budget)"))
                #expect(answer.text.contains("LANGUAGE_MODEL") == false)
            }
            let draft = try await server.ask("POST", "/v1/draft", json: Self.body)
            #expect(draft.object["source"] as? String == "template")
            #expect(draft.object["reason"] as? String == "over_daily_budget")
            #expect(model.captured.count == 3)
        }
    }

    @Test func `the model gives no auto, takes no auto further, and stays above a safety floor`() async throws
    {
        let bundle = try BundleCopy()
        try bundle.changeManifest("\"isCalibrated\" : false", to: "\"isCalibrated\" : true")
        let snapshot = try bundle.load()
        let sure = Ticket(body: "I forgot my password and cannot log in to my account, please reset it.")
        let engine = snapshot.decide(sure)
        try #require(engine.predictions.first { $0.field == "category" }?.level == .auto)
        var setup = Setup()
        setup.snapshot = snapshot
        let same = #"{"category":"\#(engine.category)","severity":"\#(engine.severity)"}"#
        try await run(setup, { [.chat($0.number == 0 ? same : #"{"category":"Other","severity":"Low"}"#)] }) {
            server, _ in
            let agreed = try await server.ask("POST", "/v1/triage", json: #"{"body":"\#(sure.body)"}"#)
            #expect(notes(agreed).contains("The language model agrees on category."))
            #expect(fields(agreed)["category"]?["level"] as? String == "suggest")
            #expect(fields(agreed)["severity"]?["level"] as? String != "auto")
            let floor = try await server.ask(
                "POST", "/v1/triage",
                json: #"{"body":"There is ransomware on the file server, all shares are affected."}"#)
            #expect(floor.object["severity"] as? String == "Critical")
            #expect(fields(floor)["severity"]?["level"] as? String == "review")
            #expect(notes(floor).contains("by the safety floor ransomware"))
        }
    }

    @Test func `only doubtful tickets are asked about where that is said`() async throws {
        var setup = Setup()
        setup.deciding = { ($0.fields, $0.below) = (["category"], 0.6) }
        let snapshot = try starter.get()
        let bodies = ["invoice refund charged twice", "something is odd here"]
        let doubtful = bodies.filter { text in
            snapshot.decide(Ticket(body: text)).predictions.contains {
                $0.field == "category" && $0.probability < 0.6
            }
        }
        try #require(doubtful.count == 1)
        try await run(setup, { _ in [.chat(#"{"category":"Bug"}"#)] }) { server, model in
            for text in bodies {
                let answer = try await server.ask("POST", "/v1/triage", json: #"{"body":"\#(text)"}"#)
                #expect(answer.text.contains("LANGUAGE_MODEL") == doubtful.contains(text))
            }
            #expect(model.captured.count == 1)
        }
    }

    @Test func `the shadow is compared with the engine, not with the model`() async throws {
        let snapshot = try starter.get()
        var setup = Setup()
        setup.shadow = Shadow(snapshot)
        let shadow = setup.shadow
        try await run(setup, { _ in [.chat(Self.labels)] }) { server, _ in
            let answer = try await server.ask("POST", "/v1/triage", json: Self.body)
            #expect(answer.text.contains("LANGUAGE_MODEL"))
            #expect(await eventually { shadow.report(count: 9).decided == 1 })
            #expect(shadow.report(count: 9).recent.isEmpty)
        }
    }

    @Test func `the document names every reason that a decision may have`() async throws {
        try await LiveServer.run { server in
            let document = try await server.ask("GET", "/openapi.json").text
            for reason in Decision.Reason.allCases { #expect(document.contains("\"\(reason.rawValue)\"")) }
        }
    }

    @Test func `a bundle without the model's fields is refused on reload, and the old one stays`()
        async throws
    {
        let bundle = try BundleCopy()
        let first = try bundle.load()
        let client = LLMClient(model: "m") { (_) throws(LLMError) in ChatReply(text: "{}") }
        var deciding = LLMDecider.Options()
        deciding.fields = ["category"]
        var made = ServerDependencies(
            snapshots: SnapshotHolder(first),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        made.modelDecider = try LLMDecider(client, for: first, deciding)
        let dependencies = made
        let reloader = SnapshotReloader(dependencies) { LoadedSnapshots(deciding: try bundle.load()) }
        try await LiveServer.run(change: {
            ($0.snapshots, $0.modelDecider) = (dependencies.snapshots, dependencies.modelDecider)
            $0.reloader = reloader
        }) { server in
            try bundle.changeManifest("\"field\" : \"category\"", to: "\"field\" : \"queue\"")
            let refused = try await server.ask("POST", "/v1/admin/reload")
            #expect(refused.status == 409)
            #expect(
                "\(refused.object["detail"] ?? "")".contains(
                    "llm.fields: the bundle has no field category; it has queue, severity"))
            let answer = try await server.ask("POST", "/v1/triage", json: Self.body)
            #expect(fields(answer).keys.contains("category"))
            try bundle.changeManifest("\"field\" : \"queue\"", to: "\"field\" : \"category\"")
            #expect(try await server.ask("POST", "/v1/admin/reload").status == 200)
        }
    }
}
