internal import Foundation
internal import GRDB
internal import TriageData

/// Goes over a ledger from its first row to its last.
struct LedgerVerifier {
    private let key: StoreKey
    /// By their rows.
    private let heads: [LedgerHead]
    private var nextHead = 0
    private var report = LedgerReport()
    private var chain: LedgerChain
    private var expired = ExpiredRows()

    init(key: StoreKey, heads: [LedgerHead]) {
        self.key = key
        chain = LedgerChain(key: key)
        self.heads = heads.sorted { $0.sequence < $1.sequence }
    }

    /// - Throws: The first `LedgerError`, or the database's error.
    mutating func run(_ database: Database) throws -> LedgerReport {
        guard heads.allSatisfy({ $0.isSigned(by: key) }) else { throw LedgerError.badSignature }
        expired = try ExpiredRows(database)
        let texts = try TextCursor(database)
        let rows = try LedgerEntry.fetchCursor(
            database, sql: "SELECT \(LedgerEntry.columns) FROM ledger ORDER BY seq")
        while let entry = try rows.next() {
            try check(entry)
            if let hash = try textHash(of: entry) { try check(texts.next(), entry, hash) }
        }
        guard report.rows > 0 else { throw LedgerError.otherKey }
        guard chain.isKeyed else { throw LedgerError.unkeyed(row: report.rows) }
        if let extra = try texts.next() { throw LedgerError.textUnknown(row: extra.sequence) }
        if nextHead < heads.count, let head = heads.last {
            throw LedgerError.cut(last: report.rows, head: head.sequence)
        }
        report.hash = Hexadecimal.text(chain.previous)
        return report
    }

    private mutating func check(_ entry: LedgerEntry) throws {
        guard entry.sequence == report.rows + 1 else {
            guard entry.sequence > report.rows else { throw LedgerError.changed(row: entry.sequence) }
            throw LedgerError.gap(after: report.rows, found: entry.sequence)
        }
        if entry.sequence == 1 {
            let named = JSONValue(parsing: entry.record)?["public_key"]?.text
            guard entry.kind == LedgerKind.genesis.rawValue, named == Hexadecimal.text(key.publicKey) else {
                throw LedgerError.otherKey
            }
        }
        let wasKeyed = chain.isKeyed
        guard chain.accept(entry) else { throw LedgerError.changed(row: entry.sequence) }
        if chain.isKeyed, !wasKeyed { report.keyedFrom = entry.sequence }
        while nextHead < heads.count, heads[nextHead].sequence == entry.sequence {
            guard heads[nextHead].hash == entry.hash else { throw LedgerError.rewritten(row: entry.sequence) }
            nextHead += 1
        }
        report.rows = entry.sequence
    }

    /// The recorded hash of the text that must still be kept beside a row; nil when there is none.
    private mutating func textHash(of entry: LedgerEntry) throws -> String? {
        guard let kind = LedgerKind(rawValue: entry.kind) else {
            throw LedgerError.unreadable(row: entry.sequence)
        }
        if kind == .decision { report.decisions += 1 }
        guard kind == .decision || kind == .feedback else { return nil }
        guard let value = JSONValue(parsing: entry.record) else {
            throw LedgerError.unreadable(row: entry.sequence)
        }
        guard let hash = value["text_hash"]?.text else { return nil }
        guard !expired.contains(entry.sequence) else {
            report.expired += 1
            return nil
        }
        return hash
    }

    /// The next kept text must be the one of `row`.
    private mutating func check(
        _ found: TextCursor.Kept?, _ entry: LedgerEntry, _ hash: String
    ) throws {
        let row = entry.sequence
        guard let found, found.sequence <= row else { throw LedgerError.textMissing(row: row) }
        guard found.sequence == row else { throw LedgerError.textUnknown(row: found.sequence) }
        guard let text = found.text, found.time == entry.time, Hexadecimal.text(text.hash(by: key)) == hash
        else {
            throw LedgerError.textChanged(row: row)
        }
        report.texts += 1
    }
}

/// The kept texts in the order of their rows.
private final class TextCursor {
    private let rows: RowCursor

    /// A row of the table: its place, the time by which it expires, and its text, nil when that was damaged.
    typealias Kept = (sequence: Int64, time: Int64, text: TextRecord?)

    init(_ database: Database) throws {
        rows = try Row.fetchCursor(
            database, sql: "SELECT seq, at, \(TextRecord.columns) FROM texts ORDER BY seq")
    }

    func next() throws -> Kept? { try rows.next().map { ($0[0], $0[1], TextRecord($0, from: 2)) } }
}
