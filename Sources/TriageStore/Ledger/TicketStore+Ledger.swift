internal import Foundation
internal import GRDB
internal import TriageData

/// What a verification went over.
public struct LedgerReport: Sendable, Equatable {
    /// Rows of the ledger.
    public var rows: Int64 = 0
    /// Decisions among them.
    public var decisions: Int64 = 0
    /// Texts that are kept.
    public var texts: Int64 = 0
    /// Texts that expired.
    public var expired: Int64 = 0
    /// The last row's hash in hexadecimal.
    public var hash = ""
}

extension TicketStore {
    /// The ledger's end, signed, for a log that this machine cannot change; nil for an empty ledger.
    ///
    /// What it proves and what not: see `LedgerHead`.
    public func head() throws(StoreError) -> LedgerHead? {
        let time = clock.now()
        return try read { database in
            let row = try Row.fetchOne(
                database, sql: "SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1")
            return try row.map {
                try LedgerHead(sequence: $0[0], hash: Array($0[1] as Data), time: time, key: self.key)
            }
        }
    }

    /// Goes over the whole ledger and all kept text: every row's hash, that no row is missing, that each text is the one
    /// that was recorded, and that each missing text has expired.
    ///
    /// It must also contain still what signed heads, kept elsewhere, name.
    ///
    /// - Throws: `StoreError.brokenLedger` with the first fault, or what the disk said.
    public func verify(heads: [LedgerHead] = []) throws(StoreError) -> LedgerReport {
        try read { database in
            var verifier = LedgerVerifier(key: self.key, heads: heads)
            do { return try verifier.run(database) } catch let fault as LedgerFault {
                throw StoreError.brokenLedger(path: self.path, fault: fault)
            }
        }
    }
}
