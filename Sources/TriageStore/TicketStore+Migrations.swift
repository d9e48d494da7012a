internal import Foundation
internal import GRDB
internal import TriageData
internal import TriageEngine
internal import TriageTickets

/// The tables, version by version; what was released is never changed.
struct StoreSchema {
    let path: String
    let key: StoreKey
    let clock: StoreClock
    /// Prepares what waits unmasked in a store of the first version; nil refuses a store where something does.
    let snapshot: Snapshot?

    var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("v1") { try $0.execute(sql: StoreSchema.v1) }
        migrator.registerMigration("v2") { try prepareWaitingText($0) }
        migrator.registerMigration("v3") {
            try $0.execute(sql: StoreSchema.v3)
            try keyLedger($0)
        }
        migrator.registerMigration("v4") { try $0.execute(sql: StoreSchema.v4) }
        return migrator
    }

    /// Tickets wait cleaned and masked: what waits as it came in is prepared, and its bytes are overwritten.
    private func prepareWaitingText(_ database: Database) throws {
        try database.execute(sql: StoreSchema.v2)
        let rows = try Row.fetchCursor(
            database, sql: "SELECT number, ticket, subject, body, options FROM queue_texts_1 ORDER BY number")
        while let row = try rows.next() {
            guard let snapshot else { throw StoreError.outdated(path: path) }
            func text(_ column: Int) -> String { String(decoding: row[column] as Data, as: UTF8.self) }
            let ticket = Ticket(id: row[1], subject: text(2), body: text(3))
            try snapshot.prepare(ticket).insert(
                for: row[0], options: Array(row[4] as Data), key: key, database)
        }
        try database.execute(sql: "DROP TABLE queue_texts_1")
    }

    /// Ends what has plain hashes with a row that has a keyed one.
    private func keyLedger(_ database: Database) throws {
        guard let last = try Row.fetchOne(database, sql: WriteTransaction.lastRow) else { return }
        let event = AuditEvent("ledger_keyed").draft(at: clock.now())
        let entry = LedgerEntry(
            event, sequence: last[0] + 1, time: clock.now(), after: Array(last[1] as Data), key: key)
        try entry.insert(database)
    }

    /// The first tables.
    ///
    /// `ledger` is only ever added to. `texts` holds what may expire: of a decision its masked ticket and its JSON, of a
    /// correction its masked note. `queue_counts` follows `queue` by triggers, so that its depth costs one look-up.
    /// Callers' text lies in blobs: SQLite ends a text at its first zero byte.
    private static let v1 = """
        CREATE TABLE ledger (
            seq INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            kind TEXT NOT NULL,
            id TEXT NOT NULL,
            ticket TEXT,
            about INTEGER,
            record BLOB NOT NULL,
            hash BLOB NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX ledger_id ON ledger (id);
        CREATE INDEX ledger_ticket ON ledger (ticket, seq) WHERE ticket IS NOT NULL;
        CREATE INDEX ledger_about ON ledger (about, seq) WHERE about IS NOT NULL;
        CREATE TABLE texts (
            seq INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            subject BLOB NOT NULL,
            body BLOB NOT NULL,
            was_cut INTEGER NOT NULL,
            answer BLOB NOT NULL
        ) STRICT;
        CREATE INDEX texts_at ON texts (at);
        CREATE TABLE queue (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            state TEXT NOT NULL CHECK (state IN ('waiting', 'leased', 'done', 'dead')),
            due INTEGER NOT NULL,
            attempts INTEGER NOT NULL,
            key_hash BLOB,
            request_hash BLOB NOT NULL,
            enqueued_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            decision TEXT,
            error TEXT
        ) STRICT;
        CREATE UNIQUE INDEX queue_key ON queue (key_hash) WHERE key_hash IS NOT NULL;
        CREATE INDEX queue_due ON queue (state, due, number) WHERE state IN ('waiting', 'leased');
        CREATE INDEX queue_age ON queue (enqueued_at) WHERE state IN ('waiting', 'leased');
        CREATE INDEX queue_finished ON queue (state, updated_at) WHERE state IN ('done', 'dead');
        CREATE TABLE queue_texts (
            number INTEGER PRIMARY KEY,
            ticket TEXT,
            subject BLOB NOT NULL,
            body BLOB NOT NULL,
            options BLOB NOT NULL
        ) STRICT;
        CREATE TABLE queue_counts (state TEXT PRIMARY KEY, count INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        INSERT INTO queue_counts VALUES ('waiting', 0), ('leased', 0), ('done', 0), ('dead', 0);
        CREATE TRIGGER queue_inserted AFTER INSERT ON queue BEGIN
            UPDATE queue_counts SET count = count + 1 WHERE state = NEW.state;
        END;
        CREATE TRIGGER queue_deleted AFTER DELETE ON queue BEGIN
            UPDATE queue_counts SET count = count - 1 WHERE state = OLD.state;
        END;
        CREATE TRIGGER queue_moved AFTER UPDATE OF state ON queue WHEN NEW.state <> OLD.state BEGIN
            UPDATE queue_counts SET count = count - 1 WHERE state = OLD.state;
            UPDATE queue_counts SET count = count + 1 WHERE state = NEW.state;
        END;
        """

    /// Prepared text in the place of what came in, and what a decision needs of the latter.
    private static let v2 = """
        ALTER TABLE queue_texts RENAME TO queue_texts_1;
        CREATE TABLE queue_texts (
            number INTEGER PRIMARY KEY,
            ticket TEXT,
            subject BLOB NOT NULL,
            body BLOB NOT NULL,
            was_cut INTEGER NOT NULL,
            floors BLOB NOT NULL,
            subject_hash BLOB NOT NULL,
            body_hash BLOB NOT NULL,
            options BLOB NOT NULL
        ) STRICT;
        """

    /// Codecs of kept text; indexes that each look-up of the queue can use; what other processes ask of the writer.
    ///
    /// SQLite takes a partial index only for a condition that the statement spells in the same way. Without statistics it
    /// would prefer `queue_state`, so statements that need the order of another index name it.
    private static let v3 = """
        ALTER TABLE texts ADD COLUMN codec INTEGER NOT NULL DEFAULT 0;
        DROP INDEX queue_due;
        CREATE INDEX queue_state ON queue (state);
        CREATE INDEX queue_waiting ON queue (due) WHERE state = 'waiting';
        CREATE INDEX queue_leased ON queue (due) WHERE state = 'leased';
        CREATE INDEX queue_texts_ticket ON queue_texts (ticket) WHERE ticket IS NOT NULL;
        CREATE TABLE requests (
            number INTEGER PRIMARY KEY,
            request BLOB NOT NULL,
            answer BLOB
        ) STRICT;
        """

    /// Who wrote a ticket, as a keyed hash that goes with its text; the features of corrected tickets; from which row of
    /// the ledger on corrections are remembered.
    private static let v4 = """
        CREATE TABLE requesters (
            seq INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            hash BLOB NOT NULL
        ) STRICT;
        CREATE INDEX requesters_at ON requesters (at);
        CREATE INDEX requesters_hash ON requesters (hash);
        ALTER TABLE queue ADD COLUMN requester BLOB;
        CREATE INDEX queue_requester ON queue (requester) WHERE requester IS NOT NULL;
        CREATE TABLE memory (
            seq INTEGER PRIMARY KEY,
            space TEXT NOT NULL,
            content INTEGER NOT NULL,
            vector BLOB NOT NULL
        ) STRICT;
        CREATE TABLE memory_start (seq INTEGER NOT NULL) STRICT;
        """
}
