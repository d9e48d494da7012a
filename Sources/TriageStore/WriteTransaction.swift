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
    /// Whether tickets came in that somebody may wait for.
    var hasArrivals = false

    static let lastRow = "SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1"

    init(_ database: Database, _ clock: StoreClock) throws {
        self.database = database
        time = clock.now()
        ticks = clock.ticks()
        let last = try Row.fetchOne(database.cachedStatement(sql: WriteTransaction.lastRow))
        sequence = last?[0] ?? 0
        hash = last.map { Array($0[1] as Data) } ?? LedgerEntry.origin
    }

    /// Adds a row to the ledger and says its number.
    @discardableResult
    func append(_ draft: LedgerDraft) throws -> Int64 {
        let entry = LedgerEntry(draft, sequence: sequence + 1, time: time, after: hash)
        try database.cachedStatement(
            sql: "INSERT INTO ledger (\(LedgerEntry.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        ).execute(arguments: [
            entry.sequence, entry.time, entry.kind, entry.id, entry.ticket, entry.about, Data(entry.record),
            Data(entry.hash),
        ])
        (sequence, hash) = (entry.sequence, entry.hash)
        return entry.sequence
    }

    /// Keeps the text that belongs to a row.
    func keep(_ text: KeptText, for sequence: Int64) throws {
        try database.cachedStatement(
            sql: "INSERT INTO texts (seq, at, subject, body, was_cut, answer) VALUES (?, ?, ?, ?, ?, ?)"
        ).execute(arguments: [
            sequence, time, Data(text.subject), Data(text.body), text.wasCut, Data(text.answer),
        ])
    }

    /// Runs a statement that is used again and again.
    func execute(_ sql: String, _ arguments: StatementArguments = []) throws {
        try database.cachedStatement(sql: sql).execute(arguments: arguments)
    }
}

/// Text that is kept beside a row of the ledger until it expires.
struct KeptText: Sendable, Equatable {
    /// The masked subject; empty beside a correction.
    var subject: [UInt8]
    /// The masked body, or the masked note of a correction.
    var body: [UInt8]
    var wasCut = false
    /// The decision as JSON; empty beside a correction.
    var answer: [UInt8]

    /// What a row of the ledger keeps for ever of its text.
    func hash(by key: StoreKey) -> [UInt8] {
        key.hash("kept", [subject, body, [wasCut ? 1 : 0], answer])
    }
}
