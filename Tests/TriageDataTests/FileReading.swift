@testable import TriageData

/// A file read whole: its columns, its rows in order, and what it says of itself.
struct FileReading: Equatable {
    var columns: [String] = []
    var rows: [Result<InputRow, BadRow>] = []
    var notes: [String] = []

    init(_ text: String, name: String = "t.csv") throws { try self.init(Array(text.utf8), name: name) }

    init(_ bytes: [UInt8], name: String = "t.csv") throws {
        try self.init(RowReader(bytes: bytes, name: name))
    }

    /// Read as a pipe brings it, in pieces of `size` bytes.
    init(stream bytes: [UInt8], pieces size: Int = 1000, name: String = "t") throws {
        let pieces = stride(from: 0, to: bytes.count, by: size).map {
            Array(bytes[$0..<min($0 + size, bytes.count)])
        }
        try self.init(RowReader(pieces: pieces, name: name))
    }

    private init(_ reader: RowReader) throws {
        while let row = try reader.next() { rows.append(row) }
        (columns, notes) = (reader.columns, reader.notes)
    }

    /// The values of a column, a bad row's line in its place.
    func values(_ column: String) -> [String] {
        rows.map { row in
            switch row {
            case .success(let row): row.text(column) ?? "nil"
            case .failure(let bad): "bad \(bad.line)"
            }
        }
    }

    var faults: [BadRow] {
        rows.compactMap { if case .failure(let bad) = $0 { bad } else { nil } }
    }

    /// Each row's values in the order of the columns.
    func table() throws -> [[String?]] { try rows.map { row in try columns.map { try row.get().text($0) } } }
}
