import Foundation
import ServerTestSupport
import Synchronization
import Testing

@testable import TriageLLM

private let question = ChatRequest([.init(.user, "hello")])

struct GateTests {
    @Test
    func `the breaker opens after failures in a row, lets one probe through, and closes when it succeeds`()
        async throws
    {
        let isUp = Mutex(false)
        try await ScriptedServer.run({ _ in isUp.withLock { $0 } ? [.chat("Hi.")] : [.answer(500, "")] }) {
            server in
            let client = try LLMClient.http(
                options(server) {
                    $0.retries.maximumRetries = 0
                    $0.gate.failures = 3
                    $0.gate.probeInterval = .milliseconds(300)
                })
            for _ in 0..<3 {
                _ = await failure { () throws(LLMError) in try await client.complete(question) }
            }
            #expect(client.refusal() == .breakerOpen)
            #expect(
                await failure { () throws(LLMError) in try await client.complete(question) } == .breakerOpen)
            #expect(server.captured.count == 3)
            // The probe fails: one call in the interval, no more.
            try await Task.sleep(for: .milliseconds(350))
            for _ in 0..<5 {
                _ = await failure { () throws(LLMError) in try await client.complete(question) }
            }
            #expect(server.captured.count == 4)
            #expect(await client.status().isBreakerOpen)
            isUp.withLock { $0 = true }
            try await Task.sleep(for: .milliseconds(350))
            #expect(try await client.complete(question).text == "Hi.")
            #expect(client.refusal() == nil)
            #expect(await !client.status().isBreakerOpen)
            await client.shutdown()
        }
    }

    @Test func `no more calls at once than allowed, and no more waiting`() async throws {
        let load = Load()
        let gate = LLMGate(
            {
                var options = GateOptions()
                (options.concurrency, options.queue) = (2, 3)
                return options
            }(), RetryPolicy(), LLMMetrics(model: "m"))
        let results = await withTaskGroup(of: LLMError?.self) { group in
            for _ in 0..<10 {
                group.addTask {
                    do throws(LLMError) {
                        let permit = try await gate.acquire()
                        load.enter()
                        try? await Task.sleep(for: .milliseconds(50))
                        load.leave()
                        await gate.release(permit, .healthy)
                        return nil
                    } catch { return error }
                }
            }
            var results: [LLMError?] = []
            for await result in group { results.append(result) }
            return results
        }
        #expect(load.most == 2)
        #expect(results.count { $0 == nil } == 5 && results.count { $0 == .overloaded } == 5)
    }

    @Test func `a call given up while it waits leaves its place to others`() async throws {
        var options = GateOptions()
        options.concurrency = 1
        let gate = LLMGate(options, RetryPolicy(), LLMMetrics(model: "m"))
        let permit = try await gate.acquire()
        let waiting = Task { () -> Bool in
            do throws(LLMError) {
                let permit = try await gate.acquire()
                await gate.release(permit, .healthy)
                return false
            } catch { return error == .cancelled }
        }
        try await Task.sleep(for: .milliseconds(30))
        waiting.cancel()
        #expect(await waiting.value)
        await gate.release(permit, .healthy)
        let next = try await gate.acquire()
        await gate.release(next, .healthy)
    }

    @Test func `pauses are drawn between nothing and a doubling ceiling, and no shorter than asked`() {
        var policy = RetryPolicy()
        policy.basePause = .milliseconds(100)
        policy.maximumPause = .milliseconds(350)
        for (attempt, ceiling) in [100, 200, 350, 350].enumerated() {
            let drawn = (0..<500).compactMap { _ in policy.pause(attempt: attempt, asked: nil) }
            #expect(drawn.allSatisfy { $0 >= .zero && $0 <= .milliseconds(ceiling) })
            #expect(
                drawn.contains { $0 < .milliseconds(ceiling / 4) }
                    && drawn.contains { $0 > .milliseconds(ceiling * 3 / 4) })
        }
        #expect(policy.pause(attempt: 0, asked: .milliseconds(300)) ?? .zero >= .milliseconds(300))
        #expect(policy.pause(attempt: 0, asked: .seconds(1)) == nil)
    }

    @Test(arguments: [
        ("5", 5), (" 0 ", 0), ("Sun, 06 Nov 1994 08:49:47 GMT", 10), ("Sun, 06 Nov 1994 08:49:00 GMT", 0),
    ])
    func `Retry-After is seconds or a date`(value: String, seconds: Int) {
        #expect(RetryAfter.pause(value, now: 784_111_777) == .seconds(seconds))
    }

    @Test(arguments: [
        "", "soon", "-1", "1.5", "Sun, 06 Nov 1994 25:49:37 GMT", "06 Nov 1994", "9999999999999",
    ])
    func `another Retry-After is no pause`(value: String) {
        #expect(RetryAfter.pause(value, now: 784_111_777) == nil)
    }
}

/// How many are in at once, and how many were at most.
private final class Load: Sendable {
    private let counts = Mutex((now: 0, most: 0))

    var most: Int { counts.withLock { $0.most } }

    func enter() {
        counts.withLock {
            $0.now += 1
            $0.most = max($0.most, $0.now)
        }
    }

    func leave() { counts.withLock { $0.now -= 1 } }
}
