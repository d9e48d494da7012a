import Foundation
import GRDB
import Testing
import TriageData
import TriageEngine

@testable import TriageStore

struct LedgerTests {
    /// A store of eight decisions, a correction and an event, closed; and its head.
    private func make() async throws -> (folder: Folder, head: LedgerHead) {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        for number in 0..<8 {
            _ = try await store.record(Sample.decision("crash number \(number)", id: "T-\(number)"))
        }
        _ = try await store.addFeedback(
            NewFeedback(.ticket("T-3"), field: "category", label: "Login", note: "it is the login page"))
        try await store.record(AuditEvent("reload", [("model", "starter")], by: "key-2"))
        let head = try #require(try store.head())
        #expect(head.sequence == 11)
        try store.close()
        return (folder, head)
    }

    /// Changes the closed store behind its back.
    private func tamper(_ folder: Folder, _ sql: String) throws {
        let queue = try DatabaseQueue(path: "\(folder.store)/triage.sqlite")
        try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
        try queue.close()
    }

    private func fault(_ folder: Folder, heads: [LedgerHead] = []) throws -> LedgerError? {
        let store = try TicketStore(folder.store, .read)
        do {
            _ = try store.verify(heads: heads)
            return nil
        } catch StoreError.brokenLedger(_, let fault) { return fault }
    }

    @Test func `an untouched ledger verifies, and says what it went over`() async throws {
        let (folder, head) = try await make()
        let report = try TicketStore(folder.store, .read).verify(heads: [head])
        #expect(report.rows == 11)
        #expect(report.decisions == 8)
        #expect(report.texts == 9)
        #expect(report.hash.count == 64)
    }

    @Test(arguments: [
        ("UPDATE ledger SET at = at + 1 WHERE seq = 4", LedgerError.changed(row: 4)),
        ("UPDATE ledger SET ticket = 'T-9' WHERE seq = 4", .changed(row: 4)),
        ("UPDATE ledger SET ticket = NULL WHERE seq = 4", .changed(row: 4)),
        ("UPDATE ledger SET about = 4 WHERE kind = 'feedback'", .changed(row: 10)),
        ("UPDATE ledger SET id = 'another' WHERE seq = 4", .changed(row: 4)),
        ("UPDATE ledger SET kind = 'event' WHERE seq = 4", .changed(row: 4)),
        (
            "UPDATE ledger SET record = CAST(replace(CAST(record AS TEXT), 'Bug', 'Bog') AS BLOB) WHERE seq = 5",
            .changed(row: 5)
        ),
        ("UPDATE ledger SET hash = zeroblob(32) WHERE seq = 6", .changed(row: 6)),
        ("DELETE FROM ledger WHERE seq = 5", .gap(after: 4, found: 6)),
        ("DELETE FROM ledger WHERE seq = 1", .gap(after: 0, found: 2)),
        ("DELETE FROM ledger WHERE seq = 5; UPDATE ledger SET seq = seq - 1 WHERE seq > 5", .changed(row: 5)),
        (
            "UPDATE ledger SET seq = 100 WHERE seq = 4; UPDATE ledger SET seq = 4 WHERE seq = 5; "
                + "UPDATE ledger SET seq = 5 WHERE seq = 100",
            .changed(row: 4)
        ),
        ("UPDATE ledger SET seq = seq + 1 WHERE seq = 11", .gap(after: 10, found: 12)),
        (
            "INSERT INTO ledger SELECT 12, at, kind, 'twin', ticket, about, record, hash FROM ledger WHERE seq = 4",
            .changed(row: 12)
        ),
        (
            "UPDATE texts SET answer = (SELECT answer FROM texts WHERE seq = 5) WHERE seq = 4",
            .textChanged(row: 4)
        ),
        ("UPDATE texts SET answer = x'0900000000' WHERE seq = 4", .textChanged(row: 4)),
        ("UPDATE texts SET answer = x'ffffffff00' WHERE seq = 4", .textChanged(row: 4)),
        ("UPDATE texts SET codec = 0 WHERE seq = 4", .textChanged(row: 4)),
        ("UPDATE texts SET codec = 7 WHERE seq = 4", .textChanged(row: 4)),
        ("UPDATE texts SET was_cut = 1 WHERE seq = 4", .textChanged(row: 4)),
        ("UPDATE texts SET answer = CAST('{}' AS BLOB) WHERE seq = 2", .textChanged(row: 2)),
        ("DELETE FROM texts WHERE seq = 7", .textMissing(row: 7)),
        ("DELETE FROM texts WHERE seq = 10", .textMissing(row: 10)),
        ("DELETE FROM texts", .textMissing(row: 2)),
        (
            "INSERT INTO texts SELECT 11, at, subject, body, was_cut, answer, codec FROM texts WHERE seq = 4",
            .textUnknown(row: 11)
        ),
        (
            "INSERT INTO texts SELECT 1, at, subject, body, was_cut, answer, codec FROM texts WHERE seq = 4",
            .textUnknown(row: 1)
        ),
        ("DROP INDEX queue_waiting", .schema(.missing, kind: "index", name: "queue_waiting")),
        ("DROP TRIGGER queue_moved", .schema(.missing, kind: "trigger", name: "queue_moved")),
        (
            "CREATE TRIGGER planted AFTER INSERT ON ledger BEGIN DELETE FROM texts; END",
            .schema(.added, kind: "trigger", name: "planted")
        ),
        (
            "CREATE VIEW planted AS SELECT * FROM ledger", .schema(.added, kind: "view", name: "planted")
        ),
        (
            "DROP INDEX texts_at; CREATE INDEX texts_at ON texts (at) WHERE at > 5",
            .schema(.changed, kind: "index", name: "texts_at")
        ),
        ("ALTER TABLE queue ADD COLUMN planted TEXT", .schema(.changed, kind: "table", name: "queue")),
    ])
    func `a change to the file shows, and where it begins`(sql: String, expected: LedgerError) async throws {
        let (folder, _) = try await make()
        #expect(try fault(folder) == nil)
        try tamper(folder, sql)
        #expect(try fault(folder) == expected)
    }

    /// Whoever may write the file but lacks the key can make hashes without it.
    private func rewrite(_ folder: Folder, from first: Int64) throws {
        let queue = try DatabaseQueue(path: "\(folder.store)/triage.sqlite")
        try queue.write { database in
            var previous = LedgerEntry.origin
            for var entry in try LedgerEntry.fetchAll(
                database, sql: "SELECT \(LedgerEntry.columns) FROM ledger ORDER BY seq")
            {
                if entry.sequence >= first {
                    entry.hash = entry.plainHash(after: previous)
                    try database.execute(
                        sql: "UPDATE ledger SET hash = ? WHERE seq = ?",
                        arguments: [Data(entry.hash), entry.sequence])
                }
                previous = entry.hash
            }
        }
        try queue.close()
    }

    @Test(arguments: [
        (Int64(1), LedgerError.unkeyed(row: 11)), (5, .changed(row: 5)), (11, .changed(row: 11)),
    ])
    func `a chain that was rewritten without the key does not verify, is not opened and not signed`(
        first: Int64, expected: LedgerError
    ) async throws {
        let (folder, _) = try await make()
        try tamper(folder, "UPDATE ledger SET ticket = 'T-9' WHERE seq = \(max(first, 2))")
        try rewrite(folder, from: first)
        #expect(try fault(folder) == expected)
        let broken = StoreError.brokenLedger(path: folder.store, fault: expected)
        #expect(throws: broken) { try TicketStore(folder.store) }
        #expect(throws: broken) { try TicketStore(folder.store, .read).head() }
    }

    @Test func `nothing is put behind rows that somebody else put in or took away while the store is open`()
        async throws
    {
        for sql in [
            "INSERT INTO ledger SELECT 12, at, kind, 'twin', ticket, about, record, hash FROM ledger WHERE seq = 4",
            "DELETE FROM ledger WHERE seq = 11", "UPDATE ledger SET hash = zeroblob(32) WHERE seq = 11",
        ] {
            let (folder, _) = try await make()
            let store = try TicketStore(folder.store)
            try await store.record(AuditEvent("reload"))
            try tamper(folder, sql.replacing("11", with: "12").replacing("SELECT 12", with: "SELECT 13"))
            for _ in 0..<2 {
                await #expect(throws: StoreError.self) { try await store.record(Sample.decision("crash")) }
            }
            await #expect(throws: StoreError.self) { try await store.checkReady() }
            #expect(throws: StoreError.self) { try store.head() }
            try store.close()
            // That rows were cut off shows by a head kept elsewhere alone, once nobody remembers them.
            guard !sql.hasPrefix("DELETE") else { continue }
            #expect(throws: StoreError.self) { try TicketStore(folder.store) }
        }
    }

    @Test func `a tail that was cut off shows by a head kept elsewhere, and only by that`() async throws {
        let (folder, head) = try await make()
        try tamper(folder, "DELETE FROM texts WHERE seq > 8; DELETE FROM ledger WHERE seq > 8")
        #expect(try fault(folder) == nil)
        #expect(try fault(folder, heads: [head]) == .cut(last: 8, head: 11))
        // Grown again to the same length, it has other rows.
        let store = try TicketStore(folder.store)
        for _ in 0..<3 { _ = try await store.record(Sample.decision("crash")) }
        try store.close()
        #expect(try fault(folder, heads: [head]) == .rewritten(row: 11))
    }

    @Test func `a head survives its line of text, and one that was changed is refused`() async throws {
        let (folder, head) = try await make()
        #expect(LedgerHead(parsing: head.text) == head)
        #expect(LedgerHead(parsing: "triage-head-1:3:4:ab") == nil)
        #expect(LedgerHead(parsing: head.text + "0") == nil)
        var forged = head
        forged.sequence = 5
        #expect(try fault(folder, heads: [forged]) == .badSignature)
        let (_, other) = try await make()
        #expect(try fault(folder, heads: [other]) == .badSignature)
    }

    @Test func `a ledger under another store's key does not verify`() async throws {
        let (folder, _) = try await make()
        let (other, _) = try await make()
        try AtomicOutput.write(FileInput.bytes(of: "\(other.store)/key"), to: "\(folder.store)/key")
        #expect(try fault(folder) == .otherKey)
        #expect(throws: StoreError.brokenLedger(path: folder.store, fault: .otherKey)) {
            try TicketStore(folder.store)
        }
    }
}
