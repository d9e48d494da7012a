internal import Foundation
internal import GRDB

/// One transaction of the writer, with the end of the ledger as far as it has got.
final class WriteTransaction {
    let database: Database
    /// Milliseconds since 1970 when it began; all its rows have this time.
    let time: Int64
    /// Milliseconds of the clock that never jumps.
    let ticks: Int64
    private(set) var sequence: Int64
    private(set) var hash: [UInt8]
    private let key: StoreKey
    /// Whether tickets arrived that a worker may wait for.
    var hasArrivals = false

    static let lastRow = "SELECT seq, hash FROM ledger WHERE seq = (SELECT max(seq) FROM ledger)"

    /// The end of the ledger.
    struct Tail: Sendable, Equatable {
        var sequence: Int64
        var hash: [UInt8]
    }

    /// One that must begin at the ledger's end as this writer left it; nil when it has written nothing yet.
    ///
    /// - Throws: `LedgerError` when the ledger ends otherwise: another process wrote it.
    init(_ database: Database, _ clock: StoreClock, _ key: StoreKey, expecting expected: Tail?) throws {
        self.database = database
        self.key = key
        time = clock.now()
        ticks = clock.ticks()
        let last = try Row.fetchOne(database.cachedStatement(sql: WriteTransaction.lastRow))
        sequence = last?[0] ?? 0
        hash = last.map { Array($0[1] as Data) } ?? LedgerEntry.origin
        guard let expected, expected != tail else { return }
        throw sequence < expected.sequence
            ? LedgerError.cut(last: sequence, head: expected.sequence) : .changed(row: sequence)
    }

    /// The end of the ledger as far as this transaction has got.
    var tail: Tail { Tail(sequence: sequence, hash: hash) }

    /// Adds a row to the ledger; returns its number.
    @discardableResult
    func append(_ draft: LedgerDraft) throws -> Int64 {
        let entry = LedgerEntry(draft, sequence: sequence + 1, time: time, after: hash, key: key)
        try entry.insert(database)
        (sequence, hash) = (entry.sequence, entry.hash)
        return entry.sequence
    }

    /// Runs a statement that is used again and again.
    func execute(_ sql: String, _ arguments: StatementArguments = []) throws {
        try database.cachedStatement(sql: sql).execute(arguments: arguments)
    }
}
