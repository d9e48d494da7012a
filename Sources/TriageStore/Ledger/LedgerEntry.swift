internal import Foundation
internal import GRDB
internal import TriageModel

/// What a row of the ledger is about.
enum LedgerKind: String, Sendable {
    /// The first row: the store's public key.
    case genesis
    /// A ticket was decided.
    case decision
    /// Feedback on a decision.
    case feedback
    /// Feedback was withdrawn.
    case undo
    /// Texts were deleted that were older than the retention.
    case expiry
    /// The text of one ticket or decision was deleted on request.
    case erasure
    /// Anything else worth keeping, such as a reload or a requeue.
    case event
}

/// A row of the ledger before it has its place in it.
struct LedgerDraft: Sendable {
    var kind: LedgerKind
    var id: String
    /// The caller's id of the ticket; nil when there is none.
    var ticket: String?
    /// The row of the decision that this one is about; nil when it is about none.
    var about: Int64?
    /// One JSON object; no ticket text.
    var record: [UInt8]
}

/// A row of the ledger.
///
/// The hash of a row is HMAC-SHA256, by a key that is derived from the store's, over the hash before it and the row's own
/// canonical bytes: each column in order, a length before each that has one. Rows that were written before the third
/// version of the tables have SHA-256 of the same bytes.
struct LedgerEntry: Sendable {
    var sequence: Int64
    /// Milliseconds since 1970.
    var time: Int64
    var kind: String
    var id: String
    var ticket: String?
    var about: Int64?
    var record: [UInt8]
    var hash: [UInt8]

    /// The hash before the first row.
    static let origin = [UInt8](repeating: 0, count: 32)

    init(_ draft: LedgerDraft, sequence: Int64, time: Int64, after previous: [UInt8], key: StoreKey) {
        self.sequence = sequence
        self.time = time
        kind = draft.kind.rawValue
        (id, ticket, about, record) = (draft.id, draft.ticket, draft.about, draft.record)
        hash = []
        hash = keyedHash(after: previous, by: key)
    }

    /// The hash that the row must have behind a row with the hash `previous`.
    func keyedHash(after previous: [UInt8], by key: StoreKey) -> [UInt8] {
        key.chainHash(canonicalBytes(after: previous))
    }

    /// The hash of a row that was written before hashes were keyed.
    func plainHash(after previous: [UInt8]) -> [UInt8] {
        SHA256.digest(canonicalBytes(after: previous))
    }

    private func canonicalBytes(after previous: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(record.count + 192)
        bytes.append(contentsOf: previous)
        append(sequence, to: &bytes)
        append(time, to: &bytes)
        append(text: Array(kind.utf8), to: &bytes)
        append(text: Array(id.utf8), to: &bytes)
        append(text: ticket.map { Array($0.utf8) }, to: &bytes)
        append(about ?? -1, to: &bytes)
        append(text: record, to: &bytes)
        return bytes
    }

    private func append(_ number: Int64, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
    }

    /// A length of −1 marks an absent value.
    private func append(text: [UInt8]?, to bytes: inout [UInt8]) {
        append(text.map { Int64($0.count) } ?? -1, to: &bytes)
        bytes.append(contentsOf: text ?? [])
    }
}

extension LedgerEntry: FetchableRecord {
    static let columns = "seq, at, kind, id, ticket, about, record, hash"

    /// Puts it at the end of the ledger.
    func insert(_ database: Database) throws {
        try database.cachedStatement(
            sql: "INSERT INTO ledger (\(LedgerEntry.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        ).execute(arguments: [sequence, time, kind, id, ticket, about, Data(record), Data(hash)])
    }

    init(row: Row) throws {
        sequence = row[0]
        time = row[1]
        kind = row[2]
        id = row[3]
        ticket = row[4]
        about = row[5]
        record = Array(row[6] as Data)
        hash = Array(row[7] as Data)
    }
}
