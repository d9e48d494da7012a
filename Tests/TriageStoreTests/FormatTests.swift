import TriageData
import Foundation
import GRDB
import Testing
@testable import TriageStore

/// What a later version must still read and verify; the hashes and keys here were computed by another program.
struct FormatTests {
    private func key(_ folder: Folder) throws -> StoreKey {
        try Data(0..<32).write(to: URL(fileURLWithPath: folder.file("key")))
        return try StoreKey(reading: StoreFolder(path: folder.path))
    }

    @Test func `the hash of a row is an HMAC over the hash before it and the row's canonical bytes`() throws {
        let key = try key(Folder())
        let genesis = LedgerEntry(
            LedgerDraft(kind: .genesis, id: "id-0", record: Array("{}".utf8)), sequence: 1,
            time: 1_700_000_000_000, after: LedgerEntry.origin, key: key)
        let old = genesis.plainHash(after: LedgerEntry.origin)
        #expect(
            Hexadecimal.text(old) == "aaaa9c6af8e63cd5c2d652ce3563625b988e3a6483501d54a46d83c3aae189a4")
        #expect(
            Hexadecimal.text(genesis.hash)
                == "7be9d6db6b066a272b7762089f98d44c1e16f2ae4f55920cf7e4b7c2cfae557f")
        let feedback = LedgerEntry(
            LedgerDraft(
                kind: .feedback, id: "id-1", ticket: "T-1", about: 1, record: Array("{\"label\":\"é\"}".utf8)),
            sequence: 2, time: 1_700_000_000_001, after: genesis.hash, key: key)
        #expect(
            Hexadecimal.text(feedback.plainHash(after: old))
                == "bbf5200a8f52fce8eaad91496024b34c5a5c64202ea41abada29f1a6ae2a9124")
        #expect(
            Hexadecimal.text(feedback.hash)
                == "2366f5acab391175f57bbcb1965798068404e4cac7f57020a4a1e60d43b09d66")
    }

    @Test func `text hashes and the signing key are derived from the store's key`() throws {
        let key = try key(Folder())
        #expect(
            Hexadecimal.text(key.hash("subject", [Array("Help".utf8)]))
                == "5bc6ea8a940c98ea208804e2f978ad2d3e4218a62d9d12eb1a210d8c98f42a24")
        #expect(
            Hexadecimal.text(key.publicKey)
                == "14d6eb67b942d62beaa855093803f7c2e3cc69db36eab337cf80fb2e9cfb4168")
    }

    /// A table that was released is changed by a further migration, never in place.
    @Test func `the tables of a new store are those on record`() throws {
        let folder = try Folder()
        try TicketStore(folder.store).close()
        let queue = try DatabaseQueue(path: "\(folder.store)/triage.sqlite")
        let statements = try queue.read {
            try String.fetchAll(
                $0, sql: "SELECT sql || ';' FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type, name")
        }
        let tables = statements.joined(separator: "\n") + "\n"
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Golden/tables.sql"
        if ProcessInfo.processInfo.environment["TRIAGE_RECORD"] != nil {
            try Data(tables.utf8).write(to: URL(fileURLWithPath: path))
            Issue.record("recorded \(path)")
        }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == tables)
    }

    @Test func `ids are UUIDs of version 7 that sort by their time`() {
        let ids = (0..<500).map { RecordID.make(at: 1_700_000_000_000 + Int64($0)) }
        #expect(ids == ids.sorted())
        #expect(Set(ids).count == 500)
        for id in ids {
            #expect(UUID(uuidString: id) != nil)
            #expect(Array(id)[14] == "7" && "89ab".contains(Array(id)[19]))
        }
        #expect(ids[0].hasPrefix("018bcfe5-6800-7"))
    }
}
