internal import Foundation
internal import GRDB
internal import TriageTickets
internal import TriageText

/// What is kept beside a row of the ledger until it expires or is erased.
struct TextRecord: Sendable, Equatable {
    /// The masked ticket; beside a correction its masked note, as the body.
    let text: TicketText
    /// The decision as JSON; empty beside a correction.
    let answer: [UInt8]

    /// The text and answer of a decision.
    init(_ text: TicketText, answer: [UInt8]) { (self.text, self.answer) = (text, answer) }

    /// What a row holds.
    init(subject: [UInt8], body: [UInt8], wasCut: Bool = false, answer: [UInt8] = []) {
        self.init(
            TicketText(stored: .init(subject: subject, body: body), wasCut: wasCut), answer: answer)
    }

    /// What a row of the ledger keeps for ever of its text.
    func hash(by key: StoreKey) -> [UInt8] {
        key.hash("kept", [text.subject.bytes, text.body.bytes, [text.wasCut ? 1 : 0], answer])
    }
}

extension TextRecord {
    static let columns = "subject, body, was_cut, answer, codec"

    /// From those columns, the first of which is at `first`; nil when the row was damaged.
    init?(_ row: Row, from first: Int = 0) {
        let (answer, wasCut) = (Array(row[first + 3] as Data), row[first + 2] as Bool)
        switch TextCodec(rawValue: row[first + 4]) {
        case .plain:
            let (subject, body) = (Array(row[first] as Data), Array(row[first + 1] as Data))
            self.init(subject: subject, body: body, wasCut: wasCut, answer: answer)
        case .deflate:
            // Nothing may lie in columns that no reader looks at.
            guard (row[first] as Data).isEmpty, (row[first + 1] as Data).isEmpty,
                let text = TextCodec.unpack(answer, wasCut: wasCut)
            else { return nil }
            self = text
        case nil: return nil
        }
    }
}

/// A text as it lies in its row, packed on the thread that made it.
struct PackedText: Sendable {
    private let subject: [UInt8]
    private let body: [UInt8]
    private let answer: [UInt8]
    private let wasCut: Bool
    private let codec: TextCodec

    init(_ record: TextRecord) {
        wasCut = record.text.wasCut
        if let packed = TextCodec.pack(record) {
            (subject, body, answer, codec) = ([], [], packed, .deflate)
        } else {
            (subject, body) = (record.text.subject.bytes, record.text.body.bytes)
            (answer, codec) = (record.answer, .plain)
        }
    }

    /// Puts it beside a row of the ledger.
    func insert(for sequence: Int64, at time: Int64, _ database: Database) throws {
        try database.cachedStatement(
            sql: "INSERT INTO texts (seq, at, \(TextRecord.columns)) VALUES (?, ?, ?, ?, ?, ?, ?)"
        ).execute(arguments: [
            sequence, time, Data(subject), Data(body), wasCut, Data(answer), codec.rawValue,
        ])
    }
}
