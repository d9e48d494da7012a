import Foundation
import GRDB
import Synchronization
import SystemPackage
import Testing
import TriageData
import TriageEngine

@testable import TriageStore
import TriageTickets

struct ErasureTests {
    /// How many runs of 16 bytes of a packed text are in the store's files, but for those that other texts have too: all
    /// answers end with the hash of their bundle.
    private func traces(of packed: Data, in folder: Folder, beside store: TicketStore) throws -> Int {
        let bytes = Data(try folder.rawBytes())
        let others = try store.pool.read { try Data.fetchAll($0, sql: "SELECT answer FROM texts") }
            .filter { $0 != packed }
        return stride(from: 4, through: packed.count - 16, by: 16).count { start in
            let run = packed.dropFirst(start).prefix(16)
            return bytes.range(of: run) != nil && !others.contains { $0.range(of: run) != nil }
        }
    }

    private func packed(_ sequence: Int64, _ store: TicketStore) throws -> Data {
        try #require(
            try store.pool.read {
                try Data.fetchOne($0, sql: "SELECT answer FROM texts WHERE seq = ?", arguments: [sequence])
            })
    }

    @Test func `an erased ticket is in no byte of database, log and later backups, and the ledger verifies`()
        async throws
    {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        for number in 0..<30 {
            _ = try await store.record(Sample.decision("crash \(number)", id: "O-\(number)"))
        }
        let body = "crash of the flurbword engine " + String(repeating: "which was zonkword ", count: 9)
        let first = try await store.record(Sample.decision(body, id: "T-1", subject: "flurbword"))
        _ = try await store.enqueue(NewTicket(Ticket(id: "T-1", body: "flurbword again")))
        let second = try await store.record(Sample.decision("flurbword invoice", id: "T-1"))
        _ = try await store.addFeedback(
            NewFeedback(.decision(first.id), field: "category", label: "Login", note: "flurbword note of it"))
        for number in 30..<60 {
            _ = try await store.record(Sample.decision("crash \(number)", id: "O-\(number)"))
        }
        let blobs = try [first, second].map { try packed($0.sequence, store) }
        #expect(try folder.count("flurbword") >= 6)
        for blob in blobs { #expect(try traces(of: blob, in: folder, beside: store) > 3) }

        let report = try await store.erase(.ticket("T-1"), by: "key-1")
        #expect(report == DeletionReport(texts: 3, tickets: 1, decisions: 2, isClean: true))
        try store.backup(to: folder.file("backup"))
        #expect(try folder.count("flurbword") + folder.count("zonkword") == 0)
        for blob in blobs { #expect(try traces(of: blob, in: folder, beside: store) == 0) }
        let verified = try store.verify()
        #expect(verified.expired == 3 && verified.decisions == 62 && verified.texts == 60)
        #expect(try TicketStore(folder.file("backup"), .read).verify() == verified)

        let erased = try #require(try store.decision(first.id))
        #expect(erased.isErased && erased.text == nil && erased.ticket == "T-1" && erased.version == 2)
        #expect(try store.feedback(onDecision: first.id)?.first?.note == nil)
        #expect(try await store.erase(.ticket("T-1")) == DeletionReport())
        #expect(try store.verify().rows == verified.rows)
        await #expect(throws: StoreError.notFound(kind: "ticket", id: "T-2")) {
            try await store.erase(.ticket("T-2"))
        }
        await #expect(throws: StoreError.erased(kind: "decision", id: first.id)) {
            try await store.addFeedback(NewFeedback(.decision(first.id), field: "category", label: "Bug"))
        }
        #expect(throws: StoreError.erased(kind: "decision", id: first.id)) {
            try store.replay(first.id, with: Sample.snapshot, Sample.versions)
        }
    }

    @Test func `one decision is erased alone, and a text that goes without its erasure still shows`()
        async throws
    {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        let ids = try await store.record([
            Sample.decision("crash", id: "T-1"), Sample.decision("login", id: "T-1"),
        ])
        #expect(try await store.erase(.decision(ids[0].id)).texts == 1)
        #expect(try store.decision(ids[0].id)?.text == nil)
        #expect(try store.decision(ids[1].id)?.text != nil)
        await #expect(throws: StoreError.notFound(kind: "decision", id: "T-1")) {
            try await store.erase(.decision("T-1"))
        }
        _ = try store.verify()
        let gone = ids[1].sequence
        try await store.alone { try $0.execute(sql: "DELETE FROM texts WHERE seq = ?", arguments: [gone]) }
        #expect(throws: StoreError.brokenLedger(path: folder.store, fault: .textMissing(row: gone))) {
            try store.verify()
        }
    }

    @Test(arguments: [true, false])
    func `a ticket that is erased while it is being decided writes nothing afterwards`(byQueueID: Bool)
        async throws
    {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        let taken = try await store.enqueue(NewTicket(Ticket(id: "T-1", body: "crash flurbword zonkword")))
        let leased = try #require(try await store.lease(1).first)
        #expect(try await store.erase(.ticket(byQueueID ? taken.id : "T-1")).tickets == 1)
        var scratch = DecisionScratch()
        let decision = Sample.snapshot.decide(leased.text, &scratch)
        await #expect(throws: StoreError.leaseLost(id: taken.id)) {
            try await store.complete(
                leased, with: NewDecision(decision, of: leased.text, with: Sample.versions))
        }
        await #expect(throws: StoreError.leaseLost(id: taken.id)) { try await store.fail(leased, code: "x") }
        #expect(try folder.count("flurbword") == 0)
        #expect(try store.ticket(taken.id)?.isErased == true)
        #expect(try store.statistics().queue[.waiting] == 0)
        #expect(try store.verify().rows == 2)
        #expect(try await store.erase(.ticket(taken.id)) == DeletionReport())
        #expect(try await store.lease(1).isEmpty)
    }

    @Test func `a ticket is erased by the id that the queue gave it, once it is decided`() async throws {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        let taken = try await store.enqueue(NewTicket(Ticket(body: "crash flurbword")))
        let leased = try #require(try await store.lease(1).first)
        var scratch = DecisionScratch()
        let decision = Sample.snapshot.decide(leased.text, &scratch)
        let receipt = try await store.complete(
            leased, with: NewDecision(decision, of: leased.text, with: Sample.versions))
        #expect(try await store.erase(.ticket(taken.id)).decisions == 1)
        #expect(try store.decision(receipt.id)?.isErased == true)
        #expect(try folder.count("flurbword") == 0)
    }

    /// SQLite leaves copies of rows that it moved between pages; here enough rows go that it does.
    @Test func `no copy that SQLite left in unused space outlives an erasure`() async throws {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        var generator = SplitMix(seed: 1)
        var live: [(id: String, sequence: Int64)] = []
        var gone: [Data] = []
        for number in 0..<400 {
            if live.count < 20 || generator.next() % 100 < 65 {
                let words = (0..<generator.next() % 300).map { _ in
                    String(generator.next() % 9_999, radix: 36)
                }
                let receipt = try await store.record(
                    Sample.decision("crash \(number) \(words.joined(separator: " "))"))
                live.append((receipt.id, receipt.sequence))
            } else {
                let chosen = live.remove(at: Int(generator.next() % UInt64(live.count)))
                gone.append(try packed(chosen.sequence, store))
                #expect(try await store.erase(.decision(chosen.id)).isClean)
            }
        }
        #expect(gone.count > 100)
        for blob in gone { #expect(try traces(of: blob, in: folder, beside: store) == 0) }
        #expect(try store.verify().texts == live.count)
        try store.checkIntegrity()
    }

    @Test func `a copy in a page's unused space is found there, and the same bytes in a row are not`()
        async throws
    {
        let folder = try Folder()
        let database = try DatabaseQueue(path: folder.file("pages.sqlite"))
        let text = Data("crash of the flurbword engine which was zonkword".utf8)
        try await database.write { database in
            try database.execute(sql: "PRAGMA secure_delete = OFF")
            try database.execute(sql: "CREATE TABLE t (n INTEGER PRIMARY KEY, a BLOB)")
            for number in 0..<9 {
                try database.execute(
                    sql: "INSERT INTO t VALUES (?, ?)",
                    arguments: [number, number == 4 ? text : Data(count: 90)])
            }
        }
        let row = try await database.read { try GRDB.Row.fetchOne($0, sql: "SELECT a FROM t WHERE n = 4") }
        var deleted = DeletedBytes()
        deleted.insert(try #require(row))
        func remain() throws -> Bool {
            let file = try OpenFile(folder.file("pages.sqlite"), .readOnly)
            return try deleted.remain(in: DatabaseFile(file, path: "pages"))
        }
        #expect(try !remain())
        try await database.write { try $0.execute(sql: "DELETE FROM t WHERE n = 4") }
        #expect(try remain())
        try await database.vacuum()
        #expect(try !remain())
    }

    @Test func `what a reader holds back is cleaned once it is gone`() async throws {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        let receipt = try await store.record(Sample.decision("crash flurbword zonkword"))
        let blob = try packed(receipt.sequence, store)
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let reader = try DatabaseQueue(path: "\(folder.store)/triage.sqlite", configuration: configuration)
        try await reader.writeWithoutTransaction { database in
            try database.execute(sql: "BEGIN; SELECT count(*) FROM ledger")
        }
        #expect(try await !store.erase(.decision(receipt.id)).isClean)
        try await store.finishCleaning()
        #expect(try traces(of: blob, in: folder, beside: store) > 0)
        try await reader.writeWithoutTransaction { try $0.execute(sql: "COMMIT") }
        try await store.finishCleaning()
        #expect(try traces(of: blob, in: folder, beside: store) == 0)
    }

    /// A copy as SQLite leaves one of a row that it moved: in a page's unused space, where no row holds it.
    private func leaveCopy(of sequence: Int64, in folder: Folder) throws {
        let database = try DatabaseQueue(path: "\(folder.store)/triage.sqlite")
        try database.write { database in
            try database.execute(sql: "PRAGMA secure_delete = OFF")
            try database.execute(
                sql: """
                    INSERT INTO texts SELECT seq + 1000, at, subject, body, was_cut, answer, codec FROM texts
                    WHERE seq = ?
                    """, arguments: [sequence])
            try database.execute(sql: "DELETE FROM texts WHERE seq > 1000")
        }
    }

    @Test func `the next writer searches for copies when the one that erased ended before it could`()
        async throws
    {
        let folder = try Folder()
        var store = try TicketStore(folder.store)
        let receipt = try await store.record(Sample.decision("crash flurbword zonkword"))
        let blob = try packed(receipt.sequence, store)
        try leaveCopy(of: receipt.sequence, in: folder)
        let reader = try DatabaseQueue(
            path: "\(folder.store)/triage.sqlite",
            configuration: {
                var configuration = Configuration()
                configuration.allowsUnsafeTransactions = true
                return configuration
            }())
        try await reader.writeWithoutTransaction { database in
            try database.execute(sql: "BEGIN; SELECT count(*) FROM ledger")
        }
        #expect(try await !store.erase(.decision(receipt.id)).isClean)
        try await reader.writeWithoutTransaction { try $0.execute(sql: "COMMIT") }
        try store.close()
        store = try TicketStore(folder.store)
        #expect(try traces(of: blob, in: folder, beside: store) > 0)
        try await store.finishCleaning()
        #expect(try traces(of: blob, in: folder, beside: store) == 0)
        try store.close()
        store = try TicketStore(folder.store)
        #expect(store.pending.withLock { $0.traces.isEmpty && !$0.hasUncleanLog })
    }

    // MARK: - Other processes

    /// Serves requests as a service does, while `body` runs.
    private func serving<Value: Sendable>(
        _ store: TicketStore, _ body: @Sendable @escaping () async throws -> Value
    ) async throws -> Value {
        let server = Task {
            while !Task.isCancelled {
                try await store.serveRequests()
                try await Task.sleep(for: .milliseconds(10))
            }
        }
        defer { server.cancel() }
        return try await body()
    }

    @Test func `the writer carries out what others send, and answers`() async throws {
        let folder = try Folder()
        let time = TestClock()
        let store = try TicketStore(folder.store, clock: time.clock)
        for id in ["T-1", "T-2", "T-3"] {
            _ = try await store.record(Sample.decision("crash flurbword", id: id))
        }
        try await serving(store) {
            let erased = try await StoreRequest.erase(.ticket("T-1"), by: "ann").send(to: folder.store)
            #expect(erased == DeletionReport(texts: 1, decisions: 1))
            await #expect(throws: StoreError.notFound(kind: "ticket", id: "T-9")) {
                try await StoreRequest.erase(.ticket("T-9"), by: nil).send(to: folder.store)
            }
            time.advance(seconds: 10 * 86_400)
            #expect(try await StoreRequest.expire(days: 5).send(to: folder.store).texts == 2)
        }
        let left = try await store.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM requests") }
        #expect(left == 0)
        #expect(try folder.count("flurbword") == 0)
        #expect(try store.verify().expired == 3)
    }

    @Test func `a request that nobody answers in time is carried out later`() async throws {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        let receipt = try await store.record(Sample.decision("crash flurbword", id: "T-1"))
        await #expect(throws: StoreError.unanswered(path: folder.store, seconds: 1)) {
            try await StoreRequest.erase(.ticket("T-1"), by: nil).send(to: folder.store, waiting: 1)
        }
        try store.close()
        let again = try TicketStore(folder.store)
        try await again.serveRequests()
        #expect(try again.decision(receipt.id)?.isErased == true)
        try again.close()
        let last = try TicketStore(folder.store)
        let left = try await last.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM requests") }
        #expect(left == 0)
        await #expect(throws: StoreError.notAStore(path: folder.path, missing: "triage.sqlite")) {
            try await StoreRequest.expire(days: 1).send(to: folder.path)
        }
    }
}

/// A small generator with a seed.
private struct SplitMix {
    var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }
}
