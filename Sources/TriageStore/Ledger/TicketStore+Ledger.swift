internal import Foundation
internal import GRDB
internal import TriageData

/// What a verification counted.
package struct LedgerReport: Sendable, Equatable {
    package var rows: Int64 = 0
    package var decisions: Int64 = 0
    package var texts: Int64 = 0
    /// Texts that expired or were erased.
    package var expired: Int64 = 0
    /// The first row whose hash was made with the store's key; 1 in a store of this version.
    package var keyedFrom: Int64 = 0
    /// The last row's hash in hexadecimal.
    package var hash = ""
}

extension TicketStore {
    /// The ledger's end, signed, for a log that this machine cannot change; nil for an empty ledger.
    ///
    /// What it proves and what not: see `LedgerHead`. The last rows are checked first.
    ///
    /// - Throws: `StoreError.brokenLedger` when the ledger's end does not fit what is before it: that is not signed.
    package func head() throws(StoreError) -> LedgerHead? {
        let (time, tail) = (clock.now(), commits.tail)
        return try read { database in
            try LedgerChain.checkTail(database, key: self.key, keyed: true, reaching: tail)
            let row = try Row.fetchOne(
                database, sql: WriteTransaction.lastRow)
            return row.map {
                LedgerHead(sequence: $0[0], hash: Array($0[1] as Data), time: time, key: self.key)
            }
        }
    }

    /// Goes over the whole ledger and all kept text: every row's hash, that no row is missing, that each text is the one
    /// that was recorded, that each missing text has expired or was erased, and that the database has the tables, indexes
    /// and triggers of this version and no other.
    ///
    /// It must also contain still what signed heads, kept elsewhere, name.
    ///
    /// - Throws: `StoreError.brokenLedger` with the first fault, or the disk's error.
    package func verify(heads: [LedgerHead] = []) throws(StoreError) -> LedgerReport {
        let report = try read { database in
            var verifier = LedgerVerifier(key: self.key, heads: heads)
            return try verifier.run(database)
        }
        try checkSchema()
        return report
    }

    /// Compares the database's tables, indexes, triggers and views with those of this version; takes milliseconds.
    ///
    /// - Throws: `StoreError.brokenLedger` with the first that differs.
    package func checkSchema() throws(StoreError) {
        let schema = StoreSchema(path: path, key: key, clock: clock, snapshot: nil)
        try read { try schema.check($0) }
    }
}
