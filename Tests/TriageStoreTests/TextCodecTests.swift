import Foundation
import GRDB
import Testing
import TriageData

@testable import TriageStore
import TriageTickets

struct TextCodecTests {
    private static let texts = [
        TextRecord(subject: [], body: []),
        TextRecord(
            subject: Array("Help".utf8), body: Array("My account is locked".utf8),
            answer: Array(
                #"{"summary":"","category":"Login","severity":"High","match_type":"known_issue","kb_matches":[]}"#
                    .utf8)),
        TextRecord(
            subject: [0, 255, 0],
            body: (0..<70_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 9) },
            wasCut: true, answer: [UInt8](repeating: 32, count: 50_000)),
    ]

    @Test(arguments: texts)
    func `a text comes back from its packed bytes`(record: TextRecord) throws {
        let packed = try #require(TextCodec.pack(record))
        #expect(TextCodec.unpack(packed, wasCut: record.text.wasCut) == record)
        for count in [0, 3, 4, 5, packed.count - 1] {
            #expect(TextCodec.unpack(Array(packed.prefix(count)), wasCut: false) == nil, "\(count)")
        }
    }

    /// What is on a disk must be read for ever: another program packed these bytes with the dictionary of this codec.
    @Test func `bytes that were packed once are read for ever`() {
        let packed =
            Hexadecimal.bytes(
                "7e00000063616060100162606d54e05b09af5180c5774e7e72766a0aee9c0c2bf790b23334c889cdd2b1b500")
            ?? []
        #expect(TextCodec.unpack(packed, wasCut: false) == TextCodecTests.texts[1])
    }

    @Test func `a decision takes less than the promised bytes, and is the same in a later version's store`()
        async throws
    {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        let decision = Sample.decision("my login is locked since the update of this morning", id: "T-1")
        let receipt = try await store.record(decision)
        #expect(
            try store.decision(receipt.id)?.text?.answer
                == String(decoding: decision.decision.storedJSON(), as: UTF8.self))
    }

    // MARK: - Older stores

    /// A store of the second version with four decisions, a correction and two tickets, made by that version.
    private func older() throws -> Folder {
        let folder = try Folder()
        let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Golden/store-v2.sql"
        try FileManager.default.createDirectory(atPath: folder.store, withIntermediateDirectories: true)
        let key = try #require(
            Hexadecimal.bytes("6f4f6872cb1298c1088996f8c226cb6d742bddd0bb3c2d7a3d368fc770909d40"))
        try AtomicOutput.write(key, to: "\(folder.store)/key")
        let database = try DatabaseQueue(path: "\(folder.store)/triage.sqlite")
        try database.writeWithoutTransaction {
            try $0.execute(sql: String(contentsOfFile: golden, encoding: .utf8))
        }
        try database.close()
        return folder
    }

    private func answers(_ folder: Folder) throws -> [String: String] {
        let database = try DatabaseQueue(path: "\(folder.store)/triage.sqlite")
        let rows = try database.read {
            try GRDB.Row.fetchAll($0, sql: "SELECT id, answer FROM ledger JOIN texts USING (seq)")
        }
        try database.close()
        return Dictionary(
            uniqueKeysWithValues: rows.map { ($0[0], String(decoding: $0[1] as Data, as: UTF8.self)) })
    }

    @Test func `a store of another version can be copied, and is opened by that version alone`() throws {
        let folder = try older()
        let before = try answers(folder)
        let old = try TicketStore(folder.store, .copy)
        #expect(try old.backup(to: folder.file("old")) == 7)
        try old.close()
        try FileManager.default.removeItem(atPath: folder.store)
        try FileManager.default.copyItem(atPath: folder.file("old"), toPath: folder.store)
        #expect(throws: StoreError.outdated(path: folder.store)) { try TicketStore(folder.store, .read) }
        #expect(try answers(folder) == before)
        try TicketStore(folder.store).close()

        let database = try DatabaseQueue(path: "\(folder.store)/triage.sqlite")
        try database.writeWithoutTransaction {
            try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('v99')")
        }
        try database.close()
        for mode in [TicketStore.Mode.read, .write] {
            #expect(throws: StoreError.newer(path: folder.store)) { try TicketStore(folder.store, mode) }
        }
        let newer = try TicketStore(folder.store, .copy)
        #expect(try newer.backup(to: folder.file("new")) == 8)
        try newer.close()
        #expect(throws: StoreError.newer(path: folder.file("new"))) { try TicketStore(folder.file("new")) }
    }

    @Test func `a store of the second version gives the same bytes, verifies, and its chain goes on keyed`()
        async throws
    {
        let folder = try older()
        let before = try answers(folder).filter { !$0.value.isEmpty }
        #expect(before.count == 5)
        let store = try TicketStore(folder.store)
        for (id, answer) in before { #expect(try store.decision(id)?.text?.answer == answer) }
        #expect(try store.feedback(limit: 9).first?.note == "refund was due")
        let report = try store.verify()
        #expect(report.rows == 8 && report.keyedFrom == 8 && report.texts == 6)
        let leased = try await store.lease(5)
        #expect(leased.map(\.text.id) == ["T-q2"])
        _ = try await store.record(Sample.decision("crash"))
        #expect(try await store.pool.read { try Int.fetchOne($0, sql: "PRAGMA auto_vacuum") } == 2)
        try store.close()
        let again = try TicketStore(folder.store)
        #expect(try again.verify().rows == 9)
        for (id, answer) in before { #expect(try again.decision(id)?.text?.answer == answer) }
    }

    @Test func `an older store is not taken in the place of one with keyed hashes`() throws {
        let folder = try older()
        let database = try Data(contentsOf: URL(fileURLWithPath: "\(folder.store)/triage.sqlite"))
        try TicketStore(folder.store).close()
        #expect(try FileInput.bytes(of: "\(folder.store)/key").count == 33)
        try database.write(to: URL(fileURLWithPath: "\(folder.store)/triage.sqlite"))
        #expect(throws: StoreError.brokenLedger(path: folder.store, fault: .unkeyed(row: 7))) {
            try TicketStore(folder.store)
        }
    }

    @Test func `nothing is put behind an older ledger that is broken`() throws {
        for sql in ["UPDATE ledger SET at = 5 WHERE seq = 6", "DELETE FROM ledger WHERE seq = 5"] {
            let folder = try older()
            let database = try DatabaseQueue(path: "\(folder.store)/triage.sqlite")
            try database.writeWithoutTransaction { try $0.execute(sql: sql) }
            try database.close()
            #expect(throws: StoreError.self) { try TicketStore(folder.store) }
            #expect(throws: StoreError.outdated(path: folder.store)) { try TicketStore(folder.store, .read) }
        }
    }

    @Test func `a file gives back to the disk what expired, and an older one once it was rebuilt`()
        async throws
    {
        let folder = try Folder()
        let time = TestClock()
        let store = try TicketStore(folder.store, clock: time.clock)
        for number in 0..<40 {
            _ = try await store.record(
                (0..<20).map { Sample.decision("crash \(number) \($0) \(UUID()) \(UUID()) \(UUID())") })
        }
        _ = try await store.expire()
        let full = try store.statistics().bytes
        time.advance(seconds: 40 * 86_400)
        #expect(try await store.expire().texts == 800)
        let shrunk = try store.statistics().bytes
        #expect(Double(shrunk) < 0.85 * Double(full), "\(full) \(shrunk)")
        let free = try await store.pool.read { try Int.fetchOne($0, sql: "PRAGMA freelist_count") }
        #expect(free == 0)
    }
}
