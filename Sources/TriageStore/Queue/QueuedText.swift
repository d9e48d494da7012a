internal import Foundation
internal import GRDB
internal import TriageData
internal import TriageEngine
internal import TriageModel
internal import TriageText
internal import TriageTickets

/// Keyed hashes of a ticket's text as it came in, which its decision's record keeps.
struct TextHashes: Sendable, Equatable {
    var subject: [UInt8]
    var body: [UInt8]

    init(_ ticket: Ticket, key: StoreKey) {
        subject = key.hash("subject", [Array(ticket.subject.utf8)])
        body = key.hash("body", [Array(ticket.body.utf8)])
    }

    init(subject: [UInt8], body: [UInt8]) { (self.subject, self.body) = (subject, body) }
}

/// What is on disk of a ticket that waits: its text cleaned and masked, and of what that leaves out just as much as its
/// decision needs.
///
/// It is prepared by the bundle of the moment in which it arrives. When another bundle decides it, after a reload, that
/// one reads what the first left of it.
struct QueuedText: Sendable {
    /// The caller's id of the ticket.
    let ticket: String?
    let prepared: PreparedTicket
    /// The ids of the safety floors that words behind the size limit fired.
    let floors: [String]
    let hashes: TextHashes
    /// What the caller wants done with it.
    let options: [UInt8]

    init(_ ticket: Ticket, options: [UInt8], preparedBy snapshot: Snapshot, key: StoreKey) {
        self.ticket = ticket.id
        prepared = PreparedTicket(ticket, snapshot.model.preparation)
        floors = snapshot.floorsBehindLimit(of: ticket)
        hashes = TextHashes(ticket, key: key)
        self.options = options
    }

    static let columns = "ticket, subject, body, was_cut, floors, subject_hash, body_hash, options"

    /// From those columns, the first of which is at `first`.
    init(_ row: GRDB.Row, from first: Int) {
        func bytes(_ column: Int) -> [UInt8] { Array(row[first + column] as Data) }
        ticket = row[first]
        prepared = PreparedTicket(preparedSubject: bytes(1), body: bytes(2), wasCut: row[first + 3])
        floors = JSONValue(parsing: bytes(4))?.elements?.compactMap(\.text) ?? []
        hashes = TextHashes(subject: bytes(5), body: bytes(6))
        options = bytes(7)
    }

    /// Puts it beside the ticket's row of the queue.
    func insert(for number: Int64, _ database: Database) throws {
        var ids = JSONWriter()
        ids.array(floors) { $0.string($1) }
        try database.cachedStatement(
            sql: """
                INSERT INTO queue_texts (number, \(QueuedText.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            number, ticket, Data(prepared.subject.bytes), Data(prepared.body.bytes), prepared.wasCut,
            Data(ids.bytes), Data(hashes.subject), Data(hashes.body), Data(options),
        ])
    }
}
