import Foundation
import TriageData
@testable import TriageImport
import TriageTickets

/// A file read whole: the tickets of its rows in order, and why the other rows are none.
struct ImportedRows {
    var rows: [InputRow] = []
    var faults: [BadRow] = []
    var notes: [String] = []

    init(_ text: String, name: String = "t.json", dates: DateReader = DateReader()) throws {
        try self.init(Array(text.utf8), name: name, dates: dates)
    }

    init(_ bytes: [UInt8], name: String, dates: DateReader = DateReader()) throws {
        let reader = try TicketFile(bytes: bytes, name: name).rows(dates: dates)
        while let row = try reader.next() {
            switch row {
            case .success(let row): rows.append(row)
            case .failure(let bad): faults.append(bad)
            }
        }
        notes = reader.notes
    }

    /// The texts of a column, "nil" where a row has none; a list's with semicolons.
    func values(_ name: String) -> [String] {
        rows.map { row in
            let value = row.fields[name]
            return value?.text ?? value?.elements?.compactMap(\.text).joined(separator: ";") ?? "nil"
        }
    }

    /// Whether any value of any row contains a text.
    func contain(_ text: String) -> Bool {
        rows.contains { row in row.fields.values.contains { "\($0)".contains(text) } }
    }
}

/// Files of a test in a folder of their own, which goes with it.
final class TestFiles {
    let folder: String

    init(_ files: [String: String] = [:]) throws {
        folder = NSTemporaryDirectory() + "triage-import-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for (name, text) in files { try write(Array(text.utf8), to: name) }
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func path(_ name: String) -> String { "\(folder)/\(name)" }

    func write(_ bytes: [UInt8], to name: String) throws {
        let url = URL(fileURLWithPath: path(name))
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
    }

    /// What an import of these files writes, as JSON values.
    func imported(
        _ names: String..., columns: TicketColumns = TicketColumns(), map: ImportMap? = nil,
        dates: DateReader = DateReader()
    ) throws -> (tickets: [JSONValue], rejected: [BadRow], counts: TicketImport.Counts, notes: [String]) {
        var tickets = TicketImport(columns, map: map, dates: dates)
        var lines: [JSONValue] = []
        var rejected: [BadRow] = []
        try tickets.read(
            names.map(path), write: { lines.append(try JSONValue(reading: $0)) },
            reject: { rejected.append($0.row) })
        return (lines, rejected, tickets.counts, tickets.notes)
    }
}
