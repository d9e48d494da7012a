import Testing
import TriageData
@testable import TriageStore
import TriageTickets

struct QueueTests {
    private func open(
        _ folder: Folder, _ time: TestClock, _ change: (inout QueueOptions) -> Void = { _ in }
    ) throws -> TicketStore {
        var options = StoreOptions()
        options.queue.seed = 7
        change(&options.queue)
        return try TicketStore(folder.store, .write, options, clock: time.clock)
    }

    private func ticket(_ body: String, id: String? = nil, key: String? = nil) -> NewTicket {
        NewTicket(
            Ticket(id: id, subject: "s", body: body), idempotencyKey: key, options: "{\"explain\":true}")
    }

    @Test func `a ticket is leased once, decided, and its text is gone`() async throws {
        let folder = try Folder()
        let store = try open(folder, TestClock())
        let receipt = try await store.enqueue(ticket("crash xyzzyword", id: "T-1"))
        #expect(receipt.isNew)
        #expect(try store.ticket(receipt.id)?.state == .waiting)
        let leased = try #require(try await store.lease(5).first)
        #expect(leased.text.id == "T-1" && leased.subject == "s" && leased.body == "crash xyzzyword")
        #expect(leased.options == "{\"explain\":true}")
        #expect(leased.attempt == 1)
        #expect(try await store.lease(5).isEmpty)
        let done = try await store.complete(leased, with: Sample.decision("crash", id: "T-1"))
        let status = try #require(try store.ticket(receipt.id))
        #expect(status.state == .done)
        #expect(status.decision == done.id)
        #expect(try store.decision(ofTicket: receipt.id)?.id == done.id)
        #expect(try store.statistics().queue == [.waiting: 0, .leased: 0, .done: 1, .dead: 0])
        try store.close()
        #expect(!String(decoding: try folder.bytes(), as: UTF8.self).contains("xyzzyword"))
    }

    @Test func `tickets come out in the order they came in`() async throws {
        let time = TestClock()
        let folder = try Folder()
        let store = try open(folder, time)
        for number in 0..<10 {
            _ = try await store.enqueue(ticket("crash", id: "T-\(number)"))
            if number.isMultiple(of: 3) { time.advance(seconds: 0.01) }
        }
        var order: [String] = []
        while true {
            let leased = try await store.lease(3)
            if leased.isEmpty { break }
            order += leased.compactMap(\.text.id)
            for one in leased { _ = try await store.complete(one, with: Sample.decision("crash")) }
        }
        #expect(order == (0..<10).map { "T-\($0)" })
    }

    @Test func `the same idempotency key gives the same id, and a conflict for another ticket`() async throws
    {
        let folder = try Folder()
        let store = try open(folder, TestClock())
        let first = try await store.enqueue(ticket("crash", key: "k"))
        let again = try await store.enqueue(ticket("crash", key: "k"))
        #expect(again.id == first.id && !again.isNew)
        await #expect(throws: StoreError.idempotencyConflict) {
            try await store.enqueue(ticket("another", key: "k"))
        }
        let leased = try #require(try await store.lease(1).first)
        _ = try await store.complete(leased, with: Sample.decision("crash"))
        #expect(try await store.enqueue(ticket("crash", key: "k")).id == first.id)
        #expect(try store.tickets(nil, limit: 10).count == 1)
    }

    @Test func `a full queue says when to try again`() async throws {
        let folder = try Folder()
        let store = try open(folder, TestClock()) { $0.capacity = 2 }
        _ = try await store.enqueue(ticket("a"))
        _ = try await store.enqueue(ticket("b"))
        await #expect(throws: StoreError.full(capacity: 2, retryAfter: 5)) {
            try await store.enqueue(ticket("c"))
        }
        let leased = try #require(try await store.lease(1).first)
        await #expect(throws: StoreError.full(capacity: 2, retryAfter: 5)) {
            try await store.enqueue(ticket("c"))
        }
        _ = try await store.complete(leased, with: Sample.decision("crash"))
        #expect(try await store.enqueue(ticket("c")).isNew)
    }

    @Test func `a lease that ran out goes to another, and the first can no longer finish`() async throws {
        let time = TestClock()
        let folder = try Folder()
        let store = try open(folder, time)
        _ = try await store.enqueue(ticket("crash"))
        let first = try #require(try await store.lease(1).first)
        time.advance(seconds: 59)
        #expect(try await store.lease(1).isEmpty)
        time.advance(seconds: 2)
        let second = try #require(try await store.lease(1).first)
        #expect(second.id == first.id)
        #expect(second.attempt == 2)
        await #expect(throws: StoreError.leaseLost(id: first.id)) {
            try await store.complete(first, with: Sample.decision("crash"))
        }
        await #expect(throws: StoreError.leaseLost(id: first.id)) {
            try await store.fail(first, code: "timeout")
        }
        _ = try await store.complete(second, with: Sample.decision("crash"))
        await #expect(throws: StoreError.leaseLost(id: first.id)) {
            try await store.complete(second, with: Sample.decision("crash"))
        }
        #expect(try store.verify().decisions == 1)
    }

    @Test func `a ticket that fails is tried again later and later, then it is dead until it is requeued`()
        async throws
    {
        let time = TestClock()
        let folder = try Folder()
        let store = try open(folder, time) { $0.attempts = 4 }
        let id = try await store.enqueue(ticket("crash")).id
        var waits: [Double] = []
        for attempt in 1...4 {
            var waited = 0.0
            var leased = try await store.lease(1)
            while leased.isEmpty {
                time.advance(seconds: 0.05)
                waited += 0.05
                leased = try await store.lease(1)
            }
            waits.append(waited)
            #expect(leased[0].attempt == attempt)
            #expect(try await store.fail(leased[0], code: "timeout") == (attempt < 4 ? .waiting : .dead))
        }
        // Half of 1, 2, 4 s and up to as much again.
        #expect(waits[0] == 0)
        for (wait, whole) in zip(waits.dropFirst(), [1.0, 2, 4]) {
            #expect(wait > whole / 2 - 0.01 && wait < whole + 0.1)
        }
        #expect(try store.deadLetters(limit: 5).map(\.id) == [id])
        #expect(try store.deadLetters(limit: 5).first?.error == "timeout")
        time.advance(seconds: 1_000)
        #expect(try await store.lease(1).isEmpty)
        await #expect(throws: StoreError.notFound(kind: "dead ticket", id: "x")) {
            try await store.requeue([id, "x"])
        }
        #expect(try await store.requeue([id], by: "key-1") == 1)
        #expect(try await store.requeue(nil) == 0)
        #expect(try await store.lease(1).first?.attempt == 1)
        #expect(try store.verify().rows == 2)
    }

    @Test func `the same seed gives the same delays, another seed others`() {
        let delays = [7, 7, 8].map { seed in
            (1...20).map { Backoff(QueueOptions(), seed: seed).delay(3, attempt: $0) }
        }
        #expect(delays[0] == delays[1])
        #expect(delays[0] != delays[2])
        #expect(delays[0].allSatisfy { $0 >= 500 && $0 <= 300_000 })
        #expect(delays[0][19] >= 150_000)
    }

    @Test(arguments: [-400_000_000.0, 400_000_000])
    func `a jump of the wall clock neither stalls the queue nor takes a lease away`(seconds: Double)
        async throws
    {
        let time = TestClock()
        let folder = try Folder()
        let store = try open(folder, time)
        _ = try await store.enqueue(ticket("one"))
        _ = try await store.enqueue(ticket("two"))
        let held = try #require(try await store.lease(1).first)
        time.jump(seconds: seconds)
        _ = try await store.enqueue(ticket("three"))
        #expect(try await store.lease(5).map(\.body) == ["two", "three"])
        _ = try await store.complete(held, with: Sample.decision("crash"))
        time.advance(seconds: 61)
        #expect(try await store.lease(5).map(\.body) == ["two", "three"])
        #expect(try store.statistics().oldestSeconds ?? -1 >= 0)
        #expect(try store.verify().decisions == 1)
    }

    @Test func `what a writer that ended was at work on waits again, its attempts counted`() async throws {
        let folder = try Folder()
        let time = TestClock()
        var store = try open(folder, time) { $0.attempts = 3 }
        let id = try await store.enqueue(ticket("crash")).id
        for attempt in 1...3 {
            let leased = try #require(try await store.lease(1).first)
            #expect(leased.attempt == attempt)
            try store.close()
            // Monotonic clocks begin anew with the machine.
            store = try open(folder, TestClock()) { $0.attempts = 3 }
        }
        #expect(try store.ticket(id)?.state == .dead)
        #expect(try store.ticket(id)?.error == "interrupted")
    }

    @Test func `a lease that is extended holds`() async throws {
        let time = TestClock()
        let folder = try Folder()
        let store = try open(folder, time)
        _ = try await store.enqueue(ticket("crash"))
        let leased = try #require(try await store.lease(1).first)
        for _ in 0..<3 {
            time.advance(seconds: 40)
            try await store.extend(leased)
            #expect(try await store.lease(1).isEmpty)
        }
        time.advance(seconds: 61)
        #expect(try await store.lease(1).count == 1)
        await #expect(throws: StoreError.leaseLost(id: leased.id)) { try await store.extend(leased) }
    }

    @Test func `whoever waits for a ticket gets it as soon as it comes, or nothing in the end`() async throws
    {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        let waiting = Task { try await store.lease(1, patience: 60) }
        try await Task.sleep(for: .milliseconds(50))
        let start = ContinuousClock.now
        _ = try await store.enqueue(ticket("crash"))
        #expect(try await waiting.value.count == 1)
        #expect(start.duration(to: .now) < .seconds(20))
        #expect(try await store.lease(1, patience: 0.05).isEmpty)
        let cancelled = Task { try await store.lease(1, patience: 600) }
        cancelled.cancel()
        #expect(try await cancelled.value.isEmpty)
    }

    @Test func `many workers decide each ticket once`() async throws {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        for number in 0..<200 { _ = try await store.enqueue(ticket("crash", id: "T-\(number)")) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    while let leased = try await store.lease(1).first {
                        _ = try await store.complete(
                            leased, with: Sample.decision("crash", id: leased.text.id))
                    }
                }
            }
            try await group.waitForAll()
        }
        let decided = try store.decisions(limit: 500).compactMap(\.ticket)
        #expect(decided.count == 200)
        #expect(Set(decided).count == 200)
        #expect(try store.statistics().queue[.done] == 200)
    }
}
