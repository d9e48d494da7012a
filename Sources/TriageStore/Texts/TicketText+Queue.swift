internal import Foundation
internal import GRDB
internal import TriageData
internal import TriageTickets
internal import TriageText

/// A ticket's text in the queue: cleaned and masked, and of what that leaves out as much as its decision needs.
///
/// The bundle that is loaded on arrival prepares it. After a reload, the new bundle decides on that text.
extension TicketText {
    static let queueColumns = "ticket, subject, body, was_cut, floors, subject_hash, body_hash"

    /// From those columns, the first of which is at `first`.
    init(_ row: Row, from first: Int) {
        func bytes(_ column: Int) -> [UInt8] { Array(row[first + column] as Data) }
        self.init(
            stored: Fields(subject: bytes(1), body: bytes(2)), id: row[first], wasCut: row[first + 3],
            floorsBehindLimit: JSONValue(parsing: bytes(4))?.elements?.compactMap(\.text) ?? [],
            hashes: Fields(subject: bytes(5), body: bytes(6)))
    }

    /// Inserts it beside the ticket's row of the queue, with the caller's options.
    func insert(for number: Int64, options: [UInt8], key: StoreKey, _ database: Database) throws {
        var ids = JSONWriter()
        ids.array(floorsBehindLimit) { $0.string($1) }
        let hashes = hashes(by: key)
        try database.cachedStatement(
            sql: """
                INSERT INTO queue_texts (number, \(TicketText.queueColumns), options)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            number, id, Data(subject.bytes), Data(body.bytes), wasCut, Data(ids.bytes), Data(hashes.subject),
            Data(hashes.body), Data(options),
        ])
    }

    /// Keyed hashes of the text as it came in, which its decision's record keeps.
    func hashes(by key: StoreKey) -> Fields {
        if let hashes { return hashes }
        let ticket = original ?? Ticket(subject: subject.string, body: body.string)
        return Fields(
            subject: key.hash("subject", [Array(ticket.subject.utf8)]),
            body: key.hash("body", [Array(ticket.body.utf8)]))
    }
}
