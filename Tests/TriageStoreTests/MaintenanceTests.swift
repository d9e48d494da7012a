import Foundation
import GRDB
import Testing
import TriageData
@testable import TriageStore
import TriageTickets

struct MaintenanceTests {
    @Test func `expired text is in no byte of the store, and the ledger still verifies`() async throws {
        let folder = try Folder()
        let time = TestClock()
        let store = try TicketStore(folder.store, clock: time.clock)
        var generator = SystemRandomNumberGenerator()
        var old: [String] = []
        for round in 0..<12 {
            let batch = (0..<100).map { number in
                let filler = String(repeating: "crash ", count: Int.random(in: 1..<900, using: &generator))
                return Sample.decision(
                    "oldplughword \(filler) oldplughword \(number)", id: "T-\(round)-\(number)")
            }
            old += try await store.record(batch).map(\.id)
        }
        let note = try await store.addFeedback(
            NewFeedback(.decision(old[0]), field: "category", label: "Login", note: "oldplughword"))
        #expect(try folder.count("oldplughword") > 2_000)
        time.advance(seconds: 31 * 86_400)
        let new = try await store.record(Sample.decision("newplughword crash")).id
        let report = try await store.expire()
        #expect(report.texts == 1_201)
        #expect(report.isClean)
        #expect(try folder.count("oldplughword") == 0)
        #expect(try folder.count("newplughword") > 0)
        #expect(try store.decision(old[5])?.text == nil)
        #expect(try store.decision(new)?.text != nil)
        #expect(try store.feedback(onDecision: old[0])?.first?.note == nil)
        #expect(try store.feedback(onDecision: old[0])?.first?.id == note.id)
        let verified = try store.verify()
        #expect(verified.expired == 1_201)
        #expect(verified.texts == 1)
        #expect(try await store.expire() == DeletionReport(texts: 0, tickets: 0, isClean: true))
    }

    @Test func `text among younger text expires alone, whatever the clock did`() async throws {
        let folder = try Folder()
        let time = TestClock()
        let store = try TicketStore(folder.store, clock: time.clock)
        func add(_ days: Int) async throws -> String {
            time.jump(seconds: Double(days) * 86_400)
            return try await store.record(Sample.decision("crash")).id
        }
        let ids = [
            try await add(0), try await add(-60), try await add(0), try await add(90), try await add(-30),
            try await add(31),
        ]
        _ = try await store.expire()
        let kept = try ids.map { try store.decision($0)?.text != nil }
        #expect(kept == [false, false, false, true, false, true])
        #expect(try store.verify().expired == 4)
    }

    @Test func `finished tickets go with the retention, waiting ones stay`() async throws {
        let folder = try Folder()
        let time = TestClock()
        var options = StoreOptions()
        options.queue.attempts = 1
        let store = try TicketStore(folder.store, .write, options, clock: time.clock)
        for number in 0..<3 { _ = try await store.enqueue(NewTicket(.init(body: "xyzzy\(number)"))) }
        let leased = try await store.lease(2)
        _ = try await store.complete(leased[0], with: Sample.decision("crash"))
        #expect(try await store.fail(leased[1], code: "boom") == .dead)
        time.advance(seconds: 31 * 86_400)
        #expect(try await store.expire().tickets == 2)
        #expect(try folder.count("xyzzy0") + folder.count("xyzzy1") == 0)
        #expect(try store.tickets(nil, limit: 9).map(\.state) == [.waiting])
        #expect(try await store.lease(1).first?.body == "xyzzy2")
    }

    @Test func `a backup made under load is a store of one moment, and verifies`() async throws {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        for number in 0..<200 { _ = try await store.record(Sample.decision("crash", id: "T-\(number)")) }
        let writer = Task {
            var count = 0
            while !Task.isCancelled {
                _ = try await store.record([Sample.decision("crash"), Sample.decision("login")])
                count += 2
            }
            return count
        }
        var sizes: [Int64] = []
        for number in 0..<5 {
            sizes.append(try store.backup(to: folder.file("backup-\(number)")))
            try await Task.sleep(for: .milliseconds(20))
        }
        writer.cancel()
        let written = try await writer.value
        #expect(written > 10)
        for (number, size) in sizes.enumerated() {
            let copy = try TicketStore(folder.file("backup-\(number)"), .read)
            #expect(try copy.verify().rows == size)
            // Batches of two are whole.
            #expect((size - 201).isMultiple(of: 2))
            try copy.checkIntegrity()
        }
        #expect(try store.verify().decisions == 200 + written)
    }

    @Test func `a restore keeps what was there, and refuses a store in use`() async throws {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        let first = try await store.record(Sample.decision("crash")).id
        _ = try store.backup(to: folder.file("backup"))
        let second = try await store.record(Sample.decision("login")).id
        let head = try #require(try store.head())
        #expect(throws: StoreError.locked(path: folder.store, pid: getpid())) {
            try TicketStore.restore(folder.file("backup"), to: folder.store)
        }
        try store.close()
        #expect(throws: StoreError.brokenLedger(path: folder.file("backup"), fault: .cut(last: 2, head: 3))) {
            try TicketStore.restore(folder.file("backup"), to: folder.store, heads: [head])
        }
        #expect(try TicketStore.restore(folder.file("backup"), to: folder.store).ledger.rows == 2)
        let restored = try TicketStore(folder.store)
        #expect(try restored.decision(first) != nil)
        #expect(try restored.decision(second) == nil)
        _ = try await restored.record(Sample.decision("invoice"))
        #expect(try restored.verify().rows == 3)
        #expect(try TicketStore("\(folder.store).previous", .read).decision(second) != nil)
    }

    @Test func `each restore keeps the store that was there under a name of its own`() async throws {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        _ = try store.backup(to: folder.file("backup"))
        let original = try await store.record(Sample.decision("crash")).id
        try store.close()
        let names = try (0..<3).map { _ in
            try TicketStore.restore(folder.file("backup"), to: folder.store + "/").previous
        }
        #expect(names == ["", "-2", "-3"].map { "\(folder.store).previous\($0)" })
        #expect(try TicketStore("\(folder.store).previous", .read).decision(original) != nil)
        #expect(try TicketStore.restore(folder.file("backup"), to: folder.file("new")).previous == nil)
    }

    @Test func `a backup is not restored over itself, whatever it is called`() async throws {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        _ = try await store.record(Sample.decision("crash"))
        let backup = folder.file("backup")
        _ = try store.backup(to: backup)
        try FileManager.default.createSymbolicLink(
            atPath: folder.file("link"), withDestinationPath: backup)
        for place in [backup, backup + "/", folder.file("link")] {
            #expect(throws: StoreError.self) { try TicketStore.restore(backup, to: place) }
        }
        #expect(!FileManager.default.fileExists(atPath: "\(backup).previous"))
        #expect(try TicketStore(backup, .read).verify().decisions == 1)
    }

    @Test func `a damaged backup is not restored`() async throws {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        _ = try await store.record(Sample.decision("crash"))
        _ = try store.backup(to: folder.file("backup"))
        #expect(throws: StoreError.self) { try store.backup(to: folder.file("backup")) }
        try store.close()
        let queue = try DatabaseQueue(path: folder.file("backup/triage.sqlite"))
        try await queue.write { try $0.execute(sql: "UPDATE ledger SET at = 1 WHERE seq = 2") }
        try queue.close()
        #expect(throws: StoreError.brokenLedger(path: folder.file("backup"), fault: .changed(row: 2))) {
            try TicketStore.restore(folder.file("backup"), to: folder.file("other"))
        }
        #expect(!FileManager.default.fileExists(atPath: folder.file("other")))
        #expect(!FileManager.default.subpaths(atPath: folder.path)!.contains { $0.contains(".part-") })
    }

    @Test func `an inventory counts what is there`() async throws {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        let id = try await store.record(Sample.decision("crash")).id
        _ = try await store.addFeedback(NewFeedback(.decision(id), field: "category", label: "Bug"))
        _ = try await store.enqueue(NewTicket(.init(body: "crash")))
        let inventory = try store.inventory()
        #expect(inventory.decisions == 1)
        #expect(inventory.feedback == 1)
        #expect(inventory.ledgerRows == 3)
        #expect(inventory.texts == 1)
        #expect(inventory.queue[.waiting] == 1)
        #expect(inventory.bytes > 10_000)
        #expect(inventory.publicKey.count == 64)
    }
}
