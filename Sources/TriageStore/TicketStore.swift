internal import Foundation
internal import GRDB
internal import Synchronization
internal import TriageData
package import TriageEngine

/// Decisions, corrections and waiting tickets in one SQLite file.
///
/// One process at a time writes a store, and others may read it meanwhile. Each write is one transaction or part of one
/// that many callers share, and returns when it is on the disk: what was acknowledged survives the end of the process
/// and of the machine. Methods that write suspend until then; methods that read block for as long as a look-up takes.
///
/// What it promises of text: hashes of text are keyed, masked text lies apart from the ledger and expires, and nothing
/// of it is in an error.
package final class TicketStore: Sendable {
    package enum Mode: Sendable {
        /// As its one writer; it is made when it is not there.
        case write
        /// As one of its readers.
        case read
        /// As one that copies it, whatever version made it: `backup(to:)` needs no tables that this version knows.
        case copy
    }

    package let path: String
    package let options: StoreOptions

    let pool: DatabasePool
    let key: StoreKey
    let clock: StoreClock
    let commits: GroupCommit
    let arrivals = QueueWakeup()
    let listing = DecisionListing()
    let jitterSeed: UInt64
    private let mode: Mode
    private let lock = Mutex<StoreLock?>(nil)
    private let isClosed = Mutex(false)
    /// Nil of a reader.
    let file: DatabaseFile?
    let pending = Mutex(PendingCleaning())
    /// Corrections, undos and erasures of this process.
    let corrections = Mutex(0)

    /// Is called with each statement that a store opened in its scope runs; for tests.
    @TaskLocal static var onStatement: (@Sendable (String) -> Void)?

    /// Opens the store in a folder.
    ///
    /// A writer makes what is missing, brings older tables up to date, and gives tickets back to the queue that the last
    /// writer was working on when it ended. When that did not close it, or the database is small (`StoreOptions.checkedBytes`),
    /// each of its pages is checked first.
    ///
    /// - Parameters:
    ///   - path: The folder.
    ///   - mode: As its writer, as one of its readers, or to copy it.
    ///   - options: How it behaves.
    ///   - clock: Where it has its times from.
    ///   - snapshot: Prepares what a writer of an older version left waiting unmasked.
    /// - Throws: `StoreError.locked` when another process writes it, `.notAStore`, `.noLedger`, `.newer`, `.readOnly`, `.diskFull`,
    ///   `.damaged` or `.failed`; `.outdated` when a reader meets older tables, or a writer without a snapshot meets
    ///   unmasked tickets.
    package init(
        _ path: String, _ mode: Mode = .write, _ options: StoreOptions = StoreOptions(),
        clock: StoreClock = .system, preparingWith snapshot: Snapshot? = nil
    ) throws(StoreError) {
        let folder = StoreFolder(path: path)
        (self.path, self.mode, self.options, self.clock) = (folder.path, mode, options, clock)
        var held: StoreLock?
        var isNew = false
        if mode == .write {
            try folder.create()
            held = try StoreLock(folder)
            (key, isNew) = try StoreKey.readOrMake(in: folder)
        } else {
            try folder.check()
            key = try StoreKey(reading: folder)
        }
        file = mode == .write ? try folder.makeDatabase() : nil
        do {
            pool = try TicketStore.open(folder, mode, options)
            if let held, held.followsCrash || folder.byteCount <= options.checkedBytes {
                try TicketStore.checkPages(pool, folder.path)
            }
            if !isNew { try TicketStore.checkLedger(pool, key, mode, folder.path) }
            let schema = StoreSchema(path: folder.path, key: key, clock: clock, snapshot: snapshot)
            try TicketStore.migrate(pool, mode, schema, options)
            jitterSeed = options.queue.seed ?? UInt64.random(in: 0 ... .max)
            commits = GroupCommit(
                pool, key, OpenFileGuard(folder, held), path: folder.path, options.commits, clock, arrivals)
            lock.withLock { $0 = held }
            if mode == .write { try begin(isNew) }
            if isNew { try folder.finishKey() }
            if mode == .write { try key.markKeyedLedger(in: folder) }
        } catch { throw StoreError(error, path: folder.path) }
    }

    /// Finishes what waits, writes the log into the database, and lets others open it.
    ///
    /// Closing it again changes nothing.
    package func close() throws(StoreError) {
        let wasClosed = isClosed.withLock { closed in
            defer { closed = true }
            return closed
        }
        guard !wasClosed else { return }
        commits.close()
        do {
            if mode == .write {
                _ = try? pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
            }
            try pool.close()
            file?.close()
        } catch { throw StoreError(error, path: path) }
        lock.withLock { lock in
            lock?.leave()
            lock = nil
        }
    }

    // MARK: - Opening

    private static func open(
        _ folder: StoreFolder, _ mode: Mode, _ options: StoreOptions
    ) throws -> DatabasePool {
        var configuration = Configuration()
        configuration.readonly = mode != .write
        configuration.busyMode = .timeout(options.busyTimeout)
        configuration.maximumReaderCount = max(1, options.readers)
        configuration.label = "triage.store"
        let onStatement = TicketStore.onStatement
        configuration.prepareDatabase { database in
            // Deleted text is overwritten, in indexes and free pages too.
            try database.execute(sql: "PRAGMA secure_delete = ON")
            // Takes effect in a new file: deleted pages can be given back to the disk.
            if !database.configuration.readonly {
                try database.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
            }
            if let onStatement { trace(database, onStatement) }
        }
        let path = mode != .write ? readablePath(folder) : folder.database
        let pool = try DatabasePool(path: path, configuration: configuration)
        if mode == .write {
            // GRDB sets NORMAL, with which the last commits may be gone after a power cut.
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        }
        return pool
    }

    static func trace(_ database: Database, _ onStatement: @escaping @Sendable (String) -> Void) {
        database.trace { event in
            if case .statement(let statement) = event { onStatement(statement.sql) }
        }
    }

    /// On a disk that takes no writes, and without a writer, the file is opened as one that never changes.
    private static func readablePath(_ folder: StoreFolder) -> String {
        guard !folder.isWritable, !FileInput.exists(folder.database + "-wal") else { return folder.database }
        let characters = folder.database.map {
            "%?#".contains($0) ? Hexadecimal.percentEncoded($0) : String($0)
        }
        return "file:\(characters.joined())?immutable=1"
    }

    private static func migrate(
        _ pool: DatabasePool, _ mode: Mode, _ schema: StoreSchema, _ options: StoreOptions
    ) throws {
        guard mode != .copy else { return }
        let migrator = schema.migrator
        let (isNewer, isCurrent) = try pool.read {
            (try migrator.hasBeenSuperseded($0), try migrator.hasCompletedMigrations($0))
        }
        guard !isNewer else { throw StoreError.newer(path: schema.path) }
        guard !isCurrent else { return }
        guard mode == .write else { throw StoreError.outdated(path: schema.path) }
        try migrator.migrate(pool)
        try pool.writeWithoutTransaction { database in
            // The file of an older version cannot shrink before it was rebuilt; a large one waits for `compact`.
            let isSmall = StoreFolder(path: schema.path).byteCount <= options.checkedBytes
            if isSmall, try !shrinks(database) { try? rebuild(database) }
            // What a migration overwrote is not to be left in the log; while a reader is open, the next expiry empties it.
            _ = try emptyLog(database, options)
        }
    }

    /// Checks that there is a ledger, that it is this key's, and for a writer that its end is whole.
    ///
    /// - Throws: `StoreError.noLedger` when it has no row; `LedgerError`.
    private static func checkLedger(
        _ pool: DatabasePool, _ key: StoreKey, _ mode: Mode, _ path: String
    ) throws {
        try pool.read { database in
            guard try database.tableExists("ledger"),
                try Int64.fetchOne(database, sql: "SELECT max(seq) FROM ledger") != nil
            else { throw StoreError.noLedger(path: path) }
            guard mode == .write else { return }
            guard try namedKey(database) == Hexadecimal.text(key.publicKey) else {
                throw LedgerError.otherKey
            }
            let isKeyed = try key.isOfKeyedLedger || database.tableExists("requests")
            try LedgerChain.checkTail(database, key: key, keyed: isKeyed)
        }
    }

    /// The public key that the ledger begins with, in hexadecimal.
    private static func namedKey(_ database: Database) throws -> String? {
        let record = try Data.fetchOne(database, sql: "SELECT record FROM ledger WHERE seq = 1")
        return record.flatMap { JSONValue(parsing: $0)?["public_key"]?.text }
    }

    /// Begins the ledger of a new store, and gives back what the last writer was at work on.
    private func begin(_ isNew: Bool) throws {
        let publicKey = Hexadecimal.text(key.publicKey)
        let attempts = options.queue.attempts
        try commits.writeAlone { transaction in
            if isNew, transaction.sequence == 0 {
                let record = JSONWriter.object { $0.string("public_key", publicKey) }
                try transaction.append(
                    LedgerDraft(kind: .genesis, id: RecordID.make(at: transaction.time), record: record)
                )
            }
            if try PendingSearch.count(transaction.database) > 0 {
                self.pending.withLock { $0 = PendingCleaning(hasUncleanLog: true, traces: .unknown) }
            }
            try StoreRequest.removeAnswered(transaction)
            try TicketStore.recover(transaction, attempts: attempts)
        }
    }
}
