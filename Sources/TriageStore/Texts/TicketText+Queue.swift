internal import Foundation
internal import GRDB
internal import TriageData
internal import TriageEngine
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
        let parts = QueuedParts(bytes(4))
        self.init(
            stored: Fields(subject: bytes(1), body: bytes(2)), id: row[first], wasCut: row[first + 3],
            setAside: parts.setAside.map(\.part), floorsSetAside: parts.floors,
            hashes: Fields(subject: bytes(5), body: bytes(6)))
    }

    /// Inserts it beside the ticket's row of the queue, with the caller's options.
    func insert(for number: Int64, options: [UInt8], key: StoreKey, _ database: Database) throws {
        let parts = QueuedParts(setAside: setAside.map { Decision.SetAside($0) }, floors: floorsSetAside)
        let hashes = hashes(by: key)
        try database.cachedStatement(
            sql: """
                INSERT INTO queue_texts (number, \(TicketText.queueColumns), options)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            number, id, Data(subject.bytes), Data(body.bytes), wasCut,
            Data(QueuedParts.wire.json(parts).bytes), Data(hashes.subject),
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

/// What the queue keeps of the parts that are set aside: where they are, and which safety floors their words fired.
private struct QueuedParts {
    var setAside: [Decision.SetAside] = []
    var floors: [TicketText.FloorSetAside] = []

    static let wire = WireType<QueuedParts>.object(empty: { QueuedParts() }) { object in
        object.member("set_aside", .list(of: Decision.SetAside.wire), nil, \.setAside)
        object.member("floors", .list(of: floor), nil, \.floors)
    }

    private static let floor = WireType<TicketText.FloorSetAside>.object(empty: { .init(id: "", kind: .cut) })
    {
        object in
        object.member("floor", .text, nil, \.id)
        object.member("part", .choice, nil, \.kind)
    }
}

extension QueuedParts {
    /// A row of an earlier version has the ids of the floors behind the size limit alone.
    init(_ bytes: [UInt8]) {
        guard let json = JSONValue(parsing: bytes) else { return }
        if let ids = json.elements {
            floors = ids.compactMap(\.text).map { .init(id: $0, kind: .cut) }
        } else if let read = try? QueuedParts.wire.read(json) {
            self = read
        }
    }
}
