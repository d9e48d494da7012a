internal import Foundation
internal import GRDB

/// Text that is kept beside a row of the ledger until it expires or is erased.
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

extension KeptText {
    static let columns = "subject, body, was_cut, answer, codec"

    /// From those columns, the first of which is at `first`; nil when the row was damaged.
    init?(_ row: GRDB.Row, from first: Int = 0) {
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

    init(_ text: KeptText) {
        wasCut = text.wasCut
        if let packed = TextCodec.pack(text) {
            (subject, body, answer, codec) = ([], [], packed, .deflate)
        } else {
            (subject, body, answer, codec) = (text.subject, text.body, text.answer, .plain)
        }
    }

    /// Puts it beside a row of the ledger.
    func insert(for sequence: Int64, at time: Int64, _ database: Database) throws {
        try database.cachedStatement(
            sql: "INSERT INTO texts (seq, at, \(KeptText.columns)) VALUES (?, ?, ?, ?, ?, ?, ?)"
        ).execute(arguments: [
            sequence, time, Data(subject), Data(body), wasCut, Data(answer), codec.rawValue,
        ])
    }
}
