import Foundation
import GRDB
import Testing
import TriageData
@testable import TriageStore
import TriageTickets

/// Disks that are full, that take no writes, that are somebody else's.
struct FailureTests {
    @Test func `a second writer is told who the first is, and readers are let in`() async throws {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        #expect(throws: StoreError.locked(path: folder.store, pid: getpid())) {
            try TicketStore(folder.store)
        }
        let id = try await store.record(Sample.decision("crash")).id
        let reader = try TicketStore(folder.store, .read)
        #expect(try reader.decision(id) != nil)
        await #expect(throws: StoreError.readOnly(path: folder.store)) {
            try await reader.addFeedback(NewFeedback(.decision(id), field: "category", label: "Bug"))
        }
        try store.close()
        await #expect(throws: StoreError.closed) { try await store.record(Sample.decision("crash")) }
        #expect(try reader.decision(id) != nil)
        _ = try TicketStore(folder.store)
    }

    @Test(arguments: ["triage.sqlite", "triage.sqlite-wal", "lock"])
    func `a store whose file is gone or replaced takes nothing, and works again once it is back`(name: String)
        async throws
    {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        let ids = [try await store.record(Sample.decision("crash")).id]
        let (path, aside) = ("\(folder.store)/\(name)", folder.file("aside"))
        try FileManager.default.moveItem(atPath: path, toPath: aside)
        let expected = StoreError.displaced(path: folder.store, name: name)
        for isReplaced in [false, true] {
            if isReplaced { try FileManager.default.copyItem(atPath: aside, toPath: path) }
            await #expect(throws: expected) { try await store.record(Sample.decision("crash")) }
            await #expect(throws: expected) { try await store.enqueue(NewTicket(.init(body: "crash"))) }
        }
        #expect(expected.isUnavailable && "\(expected)".contains("put it back"))
        #expect(rename(aside, path) == 0)
        let last = try await store.record(Sample.decision("crash")).id
        try store.close()
        let reopened = try TicketStore(folder.store)
        for id in ids + [last] { #expect(try reopened.decision(id) != nil) }
        #expect(try reopened.verify().decisions == 2)
    }

    /// A store of many pages, closed, with one in its middle overwritten that holds a decision's text.
    private func makeDamaged(_ folder: Folder) async throws {
        let store = try TicketStore(folder.store)
        for _ in 0..<10 {
            let filler = String(repeating: "crash ", count: 300)
            _ = try await store.record((0..<20).map { _ in Sample.decision(filler) })
        }
        let packed = try #require(
            try await store.pool.read { try Data.fetchOne($0, sql: "SELECT answer FROM texts WHERE seq = 9") }
        )
        try store.close()
        let url = URL(fileURLWithPath: "\(folder.store)/triage.sqlite")
        var bytes = try Data(contentsOf: url)
        // 13 begins a leaf of a table.
        let leaves = stride(from: 0, to: bytes.count, by: 4_096).filter {
            bytes[$0] == 13 && bytes[$0..<$0 + 4_096].range(of: packed.prefix(64)) != nil
        }
        let page = leaves[leaves.count / 2]
        bytes.replaceSubrange(
            page..<page + 4_096, with: (0..<4_096).map { UInt8(truncatingIfNeeded: $0 &* 167) })
        try bytes.write(to: url)
    }

    @Test func `a damaged database is neither written to nor restored`() async throws {
        let folder = try Folder()
        try await makeDamaged(folder)
        let expected = StoreError.damaged(path: folder.store, problem: "SQLite's quick_check found a fault")
        #expect(throws: expected) { try TicketStore(folder.store) }
        #expect("\(expected)".contains("triage store restore"))
        // It is not checked when it is large and was closed; a refusal does not count as that.
        var options = StoreOptions()
        options.checkedBytes = 0
        #expect(throws: expected) { try TicketStore(folder.store, .write, options) }
        try Data().write(to: URL(fileURLWithPath: "\(folder.store)/lock"))
        try TicketStore(folder.store, .write, options).close()
        try TicketStore(folder.store, .write, options).close()
        do { _ = try TicketStore(folder.store, .write, options) }
        #expect(throws: expected) { try TicketStore(folder.store, .write, options) }
        #expect(throws: StoreError.self) { try TicketStore.restore(folder.store, to: folder.file("other")) }
        #expect(!FileManager.default.fileExists(atPath: folder.file("other")))
    }

    @Test func `a backup whose index lacks a row is not restored`() async throws {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        _ = try await store.record(Sample.decision("crash"))
        try store.close()
        let queue = try DatabaseQueue(path: "\(folder.store)/triage.sqlite")
        try await queue.writeWithoutTransaction { database in
            // The index is emptied behind SQLite's back: no row of the ledger shows it.
            try database.execute(
                sql: """
                    PRAGMA writable_schema = ON;
                    UPDATE sqlite_master SET sql = 'CREATE INDEX texts_at ON texts (seq)' WHERE name = 'texts_at'
                    """)
        }
        try queue.close()
        #expect(
            throws: StoreError.damaged(path: folder.store, problem: "SQLite's integrity_check found a fault")
        ) { try TicketStore.restore(folder.store, to: folder.file("other")) }
    }

    @Test func `what is no store is called so`() throws {
        let folder = try Folder()
        #expect(throws: StoreError.notAStore(path: folder.path, missing: "triage.sqlite")) {
            try TicketStore(folder.path, .read)
        }
        try Data("x".utf8).write(to: URL(fileURLWithPath: folder.file("triage.sqlite")))
        #expect(throws: StoreError.notAStore(path: folder.path, missing: "key")) {
            try TicketStore(folder.path)
        }
        try Data(count: 31).write(to: URL(fileURLWithPath: folder.file("key")))
        #expect(
            throws: StoreError.damaged(
                path: folder.file("key"), problem: "the key has 31 bytes instead of 32 or 33")
        ) {
            try TicketStore(folder.path)
        }
        try Data(count: 32).write(to: URL(fileURLWithPath: folder.file("key")))
        try Data("this is no database, whatever its name says".utf8).write(
            to: URL(fileURLWithPath: folder.file("triage.sqlite")))
        let error = #expect(throws: StoreError.self) { try TicketStore(folder.path) }
        guard case .damaged? = error else { Issue.record("\(String(describing: error))"); return }
    }

    @Test(arguments: ["missing", "empty", "tables", "rows"])
    func `a key whose ledger is lost is an error, and no new ledger`(lost: String) throws {
        let folder = try Folder()
        try TicketStore(folder.store).close()
        let path = "\(folder.store)/triage.sqlite"
        let backup = try TicketStore(folder.store, .read)
        _ = try backup.backup(to: folder.file("backup"))
        try backup.close()
        if lost == "missing" || lost == "empty" { try FileManager.default.removeItem(atPath: path) }
        if lost == "empty" { try Data().write(to: URL(fileURLWithPath: path)) }
        if lost == "tables" || lost == "rows" {
            let queue = try DatabaseQueue(path: path)
            try queue.write {
                try $0.execute(sql: lost == "rows" ? "DELETE FROM ledger" : "DROP TABLE ledger")
            }
            try queue.close()
        }
        let key = try Data(contentsOf: URL(fileURLWithPath: "\(folder.store)/key"))
        for mode in [TicketStore.Mode.read, .write] {
            let error = #expect(throws: StoreError.noLedger(path: folder.store)) {
                try TicketStore(folder.store, mode)
            }
            #expect("\(error!)".contains("restore a backup") && "\(error!)".contains("move the file key"))
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: "\(folder.store)/key")) == key)
        let restored = try TicketStore.restore(folder.file("backup"), to: folder.store)
        #expect(restored.ledger.rows == 1 && restored.previous == "\(folder.store).previous")
        try TicketStore(folder.store).close()
        // Without the key it begins anew where nothing is left of the database.
        guard lost == "missing" || lost == "empty" else { return }
        try FileManager.default.removeItem(atPath: "\(folder.store).previous/key")
        #expect(try TicketStore("\(folder.store).previous").verify().rows == 1)
    }

    @Test(arguments: ["key", "empty", "tables", "genesis"])
    func `a store whose making was broken off is gone on with`(done: String) throws {
        let folder = try Folder()
        try TicketStore(folder.store).close()
        let path = "\(folder.store)/triage.sqlite"
        #expect(rename("\(folder.store)/key", "\(folder.store)/key.new") == 0)
        let key = try Data(contentsOf: URL(fileURLWithPath: "\(folder.store)/key.new"))
        if done == "key" || done == "empty" { try FileManager.default.removeItem(atPath: path) }
        if done == "empty" { try Data().write(to: URL(fileURLWithPath: path)) }
        if done == "tables" {
            let queue = try DatabaseQueue(path: path)
            try queue.write { try $0.execute(sql: "DELETE FROM ledger") }
            try queue.close()
        }
        #expect(throws: StoreError.self) { try TicketStore(folder.store, .read) }
        let store = try TicketStore(folder.store)
        #expect(try store.verify().rows == 1)
        try store.close()
        #expect(try Data(contentsOf: URL(fileURLWithPath: "\(folder.store)/key")) == key)
        #expect(!FileManager.default.fileExists(atPath: "\(folder.store)/key.new"))
        try TicketStore(folder.store).close()
    }

    @Test func `the tables of a newer version are left alone`() throws {
        let folder = try Folder()
        try TicketStore(folder.store).close()
        let queue = try DatabaseQueue(path: "\(folder.store)/triage.sqlite")
        try queue.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('v99')") }
        try queue.close()
        for mode in [TicketStore.Mode.read, .write] {
            #expect(throws: StoreError.newer(path: folder.store)) { try TicketStore(folder.store, mode) }
        }
    }

    @Test func `only its owner may read what is in a store`() async throws {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        _ = try await store.record(Sample.decision("crash"))
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.store) {
            var status = stat()
            #expect(stat("\(folder.store)/\(name)", &status) == 0)
            #expect(status.st_mode & 0o077 == 0, "\(name)")
        }
    }

    /// Fills the database up to its limit in pages, as a disk that is full would.
    @Test func `on a full disk writes fail by name, nothing acknowledged is lost, and room heals it`()
        async throws
    {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        try await store.pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = 60") }
        var acknowledged: Set<String> = []
        var refused = 0
        for _ in 0..<40 {
            let batch = (0..<8).map { _ in Sample.decision(String(repeating: "crash ", count: 300)) }
            do { acknowledged.formUnion(try await store.record(batch).map(\.id)) } catch {
                #expect(error == .diskFull(path: folder.store))
                refused += 1
            }
        }
        #expect(!acknowledged.isEmpty && refused > 20)
        #expect(try store.statistics().commits.failed == refused)
        #expect(try store.verify().decisions == Int64(acknowledged.count))
        await #expect(throws: StoreError.diskFull(path: folder.store)) {
            for _ in 0..<200 {
                _ = try await store.enqueue(NewTicket(.init(body: String(repeating: "x", count: 5_000))))
            }
        }
        try await store.pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = 100000") }
        acknowledged.insert(try await store.record(Sample.decision("crash")).id)
        try store.close()
        let reopened = try TicketStore(folder.store)
        #expect(try reopened.verify().decisions == Int64(acknowledged.count))
        for id in acknowledged { #expect(try reopened.decision(id) != nil) }
    }

    @Test func `one write that cannot be stored does not fail its neighbours`() async throws {
        let folder = try Folder()
        var options = StoreOptions()
        options.commits.linger = 100
        let store = try TicketStore(folder.store, .write, options)
        let twin = Sample.decision("crash")
        _ = try await store.record(twin)
        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<10 {
                // One of them has the id of a decision that is there.
                group.addTask {
                    (try? await store.record(number == 4 ? twin : Sample.decision("crash"))) != nil
                }
            }
            return await group.reduce(into: [Bool]()) { $0.append($1) }
        }
        #expect(outcomes.count { $0 } == 9)
        #expect(try store.verify().decisions == 10)
    }

    @Test func `errors say what to do and nothing of a ticket`() async throws {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        let twin = Sample.decision("plughword crash", id: "T-1", subject: "plughword")
        _ = try await store.record(twin)
        let error = await #expect(throws: StoreError.self) { try await store.record(twin) }
        let text = try #require(error.map { "\($0)" })
        #expect(text.contains("SQLite returned") && !text.contains("plughword"))
        #expect(error?.isUnavailable == true)
    }

    private static let each: [StoreError] = [
        .locked(path: "p", pid: 7), .notAStore(path: "p", missing: "key"), .noLedger(path: "p"),
        .newer(path: "p"), .outdated(path: "p"), .displaced(path: "p", name: "lock"), .readOnly(path: "p"),
        .diskFull(path: "p"), .damaged(path: "p", problem: "a fault"),
        .failed(path: "p", code: 10, reason: "disk I/O error"), .closed, .data(.notFound(path: "p")),
        .full(capacity: 9, retryAfter: 5), .busy(retryAfter: 1), .notFound(kind: "ticket", id: "T"),
        .noField("team", known: ["category"]), .conflict(expected: 1, found: 2), .idempotencyConflict,
        .leaseLost(id: "T"), .alreadyUndone(id: "F"), .invalid(problem: "the label is empty"),
        .erased(kind: "ticket", id: "T"), .unanswered(path: "p", seconds: 60),
        .requestFailed(problem: "the request cannot be read"), .textExpired(id: "D"),
        .otherSnapshot(id: "D", part: "model", recorded: "a", loaded: "b"), .earlierEngine(id: "D"),
        .outdatedBackup(path: "p"), .brokenLedger(path: "p", fault: .otherKey),
    ]

    @Test func `each error has a sentence of its own`() {
        let sentences = FailureTests.each.map(\.description)
        for (error, sentence) in zip(FailureTests.each, sentences) {
            #expect(sentence.split(separator: " ").count > 3, "\(String(reflecting: error))")
        }
        #expect(Set(sentences).count == sentences.count)
    }
}
