internal import Foundation
internal import GRDB
internal import TriageData

/// What a restore did.
package struct Restoration: Sendable, Equatable {
    /// What the verification of the backup went over.
    package var ledger: LedgerReport
    /// Where the store is kept that was there before; nil when there was none.
    package var previous: String?
}

extension TicketStore {
    /// Copies the store, as it is at one moment, into a new folder, while others go on writing.
    ///
    /// The copy has the key too, and is itself a store. It is one file that needs no log beside it.
    ///
    /// - Returns: The copy's last row of the ledger, for the report.
    /// - Throws: `StoreError.data` when the folder is there already, `.diskFull` or `.failed` when it cannot be written:
    ///   nothing of it is left then.
    package func backup(to path: String) throws(StoreError) -> Int64 {
        guard !FileInput.exists(path) else {
            throw .data(.unwritable(path: path, reason: "it exists", remedy: "name a new folder"))
        }
        let part = StoreFolder(
            path: "\(StoreFolder(path: path).path).part-\(ProcessInfo.processInfo.processIdentifier)")
        do {
            try part.create()
            let rows = try StoreCopy.copy(pool, to: part)
            try StoreKey.write(try StoreKey.bytes(of: StoreFolder(path: self.path).key), to: part.key)
            try part.move(to: path)
            return rows
        } catch {
            part.remove()
            throw StoreError(error, path: path)
        }
    }

    /// Makes a store of a backup, once its ledger has been verified and its file checked.
    ///
    /// What is in `path` already is kept beside it as `PATH.previous`, or under the next such name that is free.
    ///
    /// Nothing in the backup is changed. It must contain what signed `heads` name.
    ///
    /// - Returns: What the verification went over, and where the store is kept that was there.
    /// - Throws: `StoreError.brokenLedger` or `.damaged` when the backup is not sound, `.locked` when a process writes the store that
    ///   is there, `.data` when the folder there holds other files or is the backup itself.
    package static func restore(
        _ backup: String, to path: String, heads: [LedgerHead] = []
    ) throws(StoreError) -> Restoration {
        guard !StoreFolder(path: path).isSame(as: StoreFolder(path: backup)) else {
            throw .data(
                .unwritable(
                    path: path, reason: "it is the backup itself",
                    remedy: "name the store's own folder as the one to restore to"))
        }
        let source: TicketStore
        do throws(StoreError) { source = try TicketStore(backup, .read) } catch .outdated {
            throw .outdatedBackup(path: backup)
        }
        try source.checkIntegrity()
        var done = Restoration(ledger: try source.verify(heads: heads))
        let target = StoreFolder(path: path)
        var lock: StoreLock?
        if FileInput.isFolder(path) {
            let names = (try? FileInput.names(inFolder: path)) ?? []
            guard names.isEmpty || target.hasParts else {
                throw .data(
                    .unwritable(
                        path: path, reason: "it holds other files than a store's",
                        remedy: "name another folder"))
            }
            lock = try StoreLock(target)
        }
        let part = StoreFolder(
            path: "\(StoreFolder(path: path).path).part-\(ProcessInfo.processInfo.processIdentifier)")
        do {
            try part.create()
            _ = try StoreCopy.copy(source.pool, to: part)
            try StoreKey.write(try StoreKey.bytes(of: StoreFolder(path: backup).key), to: part.key)
            if lock != nil { done.previous = try target.setAside() }
            try part.move(to: path)
        } catch {
            part.remove()
            throw StoreError(error, path: path)
        }
        withExtendedLifetime(lock) {}
        try source.close()
        return done
    }
}

/// One store's file copied page by page.
private enum StoreCopy {
    /// Copies the state of one moment; returns the number of its last row.
    static func copy(_ source: DatabasePool, to folder: StoreFolder) throws -> Int64 {
        try folder.makeDatabase()
        let target = try DatabaseQueue(path: folder.database)
        try source.backup(to: target)
        let rows = try target.writeWithoutTransaction { database in
            // One file with no log beside it can be read from a disk that takes no writes.
            try database.execute(sql: "PRAGMA journal_mode = DELETE")
            return try Int64.fetchOne(database, sql: "SELECT max(seq) FROM ledger") ?? 0
        }
        try target.close()
        return rows
    }
}
