import Foundation
import ServerTestSupport
import Synchronization
import Testing

@testable import TriageLLM

private let question = ChatRequest([.init(.user, "hello")], maximumTokens: 20)

struct BudgetTests {
    /// 100 tokens in and 20 out: 0.0015 a call.
    private func priced(_ server: ScriptedServer, _ file: String? = nil, daily: Double = 0.01) -> LLMOptions {
        options(server) {
            $0.prices = PriceTable(["m": .init(input: 10, output: 25)])
            $0.budget = BudgetOptions(daily: daily, monthly: 1, file: file)
        }
    }

    @Test func `a budget of 0.01 stops within one call of the limit, and says so`() async throws {
        try await ScriptedServer.run({ _ in [.chat("Hi.")] }) { server in
            let client = try LLMClient.http(priced(server))
            var costs: [Double] = []
            var stop: LLMError?
            for _ in 0..<20 {
                do throws(LLMError) { costs.append(try await client.complete(question).cost ?? -1) } catch {
                    stop = stop ?? error
                }
            }
            // Six calls make 0.009, the seventh 0.0105.
            #expect(costs.count == 7 && costs.allSatisfy { abs($0 - 0.0015) < 1e-9 })
            #expect(stop == .overBudget(window: .daily))
            #expect(server.captured.count == 7)
            #expect(client.refusal() == .overBudget(window: .daily))
            #expect(
                await eventually { client.refusal() == nil }, "another day, or another limit, must be seen")
            let status = await client.status()
            #expect(status.dailyRemaining == 0)
            #expect(abs((status.monthlyRemaining ?? 0) - (1 - 0.0105)) < 1e-9)
            #expect(status.models["m"]?.calls == 7 && status.models["m"]?.inputTokens == 700)
            await client.shutdown()
        }
    }

    @Test func `many calls at once stay within one call of the limit`() async throws {
        try await ScriptedServer.run({ _ in [.pause(20), .chat("Hi.")] }) { server in
            var options = priced(server)
            (options.gate.concurrency, options.gate.queue) = (50, 50)
            let client = try LLMClient.http(options)
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<50 {
                    group.addTask {
                        _ = await failure { () throws(LLMError) in try await client.complete(question) }
                    }
                }
            }
            let spent = 0.0015 * Double(server.captured.count)
            #expect(server.captured.count > 0 && spent <= 0.01 + 0.0015)
            await client.shutdown()
        }
    }

    @Test func `a call has its own time, if that is shorter, and waiting in vain costs nothing`() async throws
    {
        try await ScriptedServer.run({ _ in [.hang] }) { server in
            var options = priced(server, daily: 1)
            options.gate.concurrency = 1
            let client = try LLMClient.http(options)
            let first = Task { await failure { () throws(LLMError) in try await client.complete(question) } }
            #expect(await eventually { server.captured.count == 1 })
            var hurried = question
            hurried.deadline = .milliseconds(100)
            let start = ContinuousClock.now
            let late = await failure { [hurried] () throws(LLMError) in try await client.complete(hurried) }
            #expect(late == .timedOut(seconds: 0.1))
            #expect(ContinuousClock.now - start < .seconds(3), "the client alone would wait 5 s")
            #expect(server.captured.count == 1)
            #expect(await client.status().dailyRemaining == 1)
            first.cancel()
            _ = await first.value
            await client.shutdown()
        }
    }

    @Test func `spending outlives the process, and ends with the day`() async throws {
        let folder = try Folder()
        let file = "\(folder.path)/spent.json"
        let today = 1_700_000_000
        let options = BudgetOptions(daily: 1, monthly: 3, file: file)
        let first = BudgetTracker(options, now: { today })
        for _ in 0..<2 { try await first.settle(try await first.reserve(0.4), cost: 0.4) }
        let second = BudgetTracker(options, now: { today })
        #expect(abs((await second.remaining()[.daily] ?? -1) - 0.2) < 1e-9)
        try await second.settle(try await second.reserve(0.4), cost: 0.4)
        let refused = BudgetTracker(options, now: { today + 60 })
        await #expect(throws: LLMError.overBudget(window: .daily)) { try await refused.reserve(0.1) }
        let tomorrow = BudgetTracker(options, now: { today + 86_400 })
        try await tomorrow.settle(try await tomorrow.reserve(1.9), cost: 1.9)
        let later = BudgetTracker(options, now: { today + 2 * 86_400 })
        await #expect(throws: LLMError.overBudget(window: .monthly)) { try await later.reserve(0.1) }
        let nextMonth = BudgetTracker(options, now: { today + 31 * 86_400 })
        _ = try await nextMonth.reserve(0.1)
    }

    @Test(arguments: ["garbage", "", #"{"day":"2026-11-25"}"#])
    func `a record that is none of spending is refused when the client is made`(content: String) throws {
        let folder = try Folder()
        let file = "\(folder.path)/spent.json"
        try Data(content.utf8).write(to: URL(fileURLWithPath: file))
        var options = LLMOptions(url: "http://127.0.0.1:9/v1", model: "m")
        options.prices = PriceTable(["m": .init(input: 10, output: 25)])
        options.budget = BudgetOptions(daily: 1, file: file)
        let sentence = "not a record of spending; correct it, or delete it to begin at 0"
        #expect(throws: LLMError.badSetting(name: file, problem: sentence)) { try LLMClient.http(options) }
        options.budget.file = "\(folder.path)/none/spent.json"
        let error = #expect(throws: LLMError.self) { try LLMClient.http(options) }
        #expect(error?.description.contains("make the folder first") ?? false)
        options.budget = BudgetOptions(file: file)
        _ = try LLMClient.http(options)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["spent.json"])
    }

    @Test func `two processes share one budget`() async throws {
        let folder = try Folder()
        let options = BudgetOptions(daily: 1000, file: "\(folder.path)/spent.json")
        let trackers = (0..<4).map { _ in BudgetTracker(options) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for tracker in trackers {
                group.addTask {
                    for _ in 0..<25 { try await tracker.settle(try await tracker.reserve(1), cost: 1) }
                }
            }
            try await group.waitForAll()
        }
        #expect(await trackers[0].remaining()[.daily] == 900)
    }

    @Test(arguments: [
        "", "{", "[]", #"{"day":"2026-01-01"}"#, #"{"day":"d","month":"m","daily":-1,"monthly":0}"#,
    ])
    func `a damaged record of spending stops calls and does not count as nothing`(text: String) async throws {
        let folder = try Folder()
        let file = "\(folder.path)/spent.json"
        try await ScriptedServer.run({ _ in [.chat("Hi.")] }) { server in
            let client = try LLMClient.http(priced(server, file))
            _ = try folder.write("spent.json", text)
            let error = await failure { () throws(LLMError) in try await client.complete(question) }
            #expect(error?.code == "configuration" && server.captured.isEmpty)
            await client.shutdown()
            let atStart = #expect(throws: LLMError.self) { try LLMClient.http(priced(server, file)) }
            #expect(atStart?.code == "configuration")
        }
    }

    @Test func `spending that cannot be written down is not begun`() async throws {
        try await ScriptedServer.run({ _ in [.chat("Hi.")] }) { server in
            let error = #expect(throws: LLMError.self) {
                try LLMClient.http(priced(server, "/proc/nowhere/spent.json"))
            }
            #expect(error?.code == "configuration" && server.captured.isEmpty)
        }
    }

    @Test func `a budget without a price is refused, and so are tables that are none`() throws {
        var options = LLMOptions(url: "http://localhost/", model: "m")
        options.budget.daily = 1
        #expect(throws: LLMError.self) { try LLMClient.http(options) }
        let folder = try Folder()
        for text in ["[]", "{", #"{"m":{"input":1}}"#, #"{"m":{"input":-1,"output":1}}"#] {
            let file = try folder.write("prices.json", text)
            #expect(throws: LLMError.self) { try PriceTable(file: file) }
        }
        let file = try folder.write(
            "prices.json", #"{"m":{"input":0.15,"output":0.6},"*":{"input":1,"output":2}}"#)
        let table = try PriceTable(file: file)
        #expect(table.price(of: "m") == .init(input: 0.15, output: 0.6) && table.price(of: "x")?.input == 1)
    }

    @Test func `an equal question is answered from the cache at no cost, for a while`() async throws {
        try await ScriptedServer.run({ request in [.chat("answer \(request.number)")] }) { server in
            var options = priced(server)
            options.cache = MemoryReplyCache(capacity: 2)
            options.cacheLifetime = .milliseconds(300)
            let client = try LLMClient.http(options)
            func fenced(_ word: String, _ text: String = "x") -> ChatRequest {
                ChatRequest([.init(.user, "\(word) \(text) \(word)")], maximumTokens: 20, fence: word)
            }
            let first = try await client.complete(fenced("AAA"))
            let second = try await client.complete(fenced("BBB"))
            #expect(
                first.text == "answer 0" && second.text == "answer 0" && second.isCached && second.cost == nil
            )
            #expect(try await client.complete(fenced("AAA", "y")).text == "answer 1")
            #expect(try await client.complete(fenced("AAA", "z")).text == "answer 2")
            // Two entries: the first went.
            #expect(try await client.complete(fenced("AAA")).text == "answer 3")
            try await Task.sleep(for: .milliseconds(350))
            #expect(try await client.complete(fenced("AAA")).text == "answer 4")
            await client.shutdown()
        }
    }
}
