/// Rows for a spreadsheet: CSV of RFC 4180 in UTF-8, with a byte order mark, without which Excel takes another encoding.
///
/// Text that a spreadsheet would calculate gets an apostrophe in front ("CSV injection", OWASP): a ticket must not run
/// a formula on the reader's machine. Numbers are the program's own and stay numbers.
package enum CSVWriter {
    package enum Cell: Sendable, Equatable {
        /// Text of any source; nil is an empty cell.
        case text(String?)
        case integer(Int)
        /// A number with six decimals at most; nil is an empty cell.
        case decimal(Float?)
    }

    /// Excel cuts a longer cell, in UTF-16 units, and may take the file for damaged.
    private static let longestCell = 32_767

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// The byte order mark and the names of the columns; a name that is there twice gets a number.
    package static func header(_ names: [String]) -> [UInt8] {
        var seen: [String: Int] = [:]
        let unique = names.map { name in
            seen[name, default: 0] += 1
            return seen[name] == 1 ? name : "\(name) \(seen[name] ?? 0)"
        }
        return byteOrderMark + row(unique.map { .text($0) })
    }

    /// One record with its line end.
    package static func row(_ cells: [Cell]) -> [UInt8] {
        var bytes: [UInt8] = []
        for (place, cell) in cells.enumerated() {
            if place > 0 { bytes.append(0x2C) }
            append(cell, to: &bytes)
        }
        return bytes + [0x0D, 0x0A]
    }

    private static func append(_ cell: Cell, to bytes: inout [UInt8]) {
        switch cell {
        case .text(nil), .decimal(nil): break
        case .text(let text?): append(cut(guarded(text)), to: &bytes)
        case .integer(let number): bytes += Array(String(number).utf8)
        case .decimal(let number?):
            var json = JSONWriter()
            if number.isFinite { json.sixDecimals(number) }
            bytes += json.bytes
        }
    }

    /// The text with an apostrophe where a spreadsheet would take it for a formula.
    private static func guarded(_ text: String) -> String {
        guard let first = text.unicodeScalars.first, formulaStarts.contains(first) else { return text }
        return "'" + text
    }

    /// The text as it was before this writer put an apostrophe in front.
    package static func unguarded(_ text: String) -> String {
        let rest = text.unicodeScalars.dropFirst()
        guard text.unicodeScalars.first == "'", let first = rest.first, formulaStarts.contains(first) else {
            return text
        }
        return String(rest)
    }

    /// The text with … at the end where it is too long for a cell.
    private static func cut(_ text: String) -> String {
        guard text.utf8.count > longestCell, text.utf16.count > longestCell else { return text }
        var units = 1
        let kept = text.prefix { character in
            units += character.utf16.count
            return units <= longestCell
        }
        return kept + "…"
    }

    /// The signs that OWASP names; the full-width ones count in East Asian spreadsheets.
    private static let formulaStarts: Set<Unicode.Scalar> = [
        "=", "+", "-", "@", "\t", "\r", "\n", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}",
    ]

    private static func append(_ text: String, to bytes: inout [UInt8]) {
        let content = text.utf8.map { $0 == 0 ? 0x20 : $0 }
        let needsQuotes =
            content.contains {
                $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D || $0 == 0x3B || $0 == 0x09
            }
            || content.first == 0x20 || content.last == 0x20
        guard needsQuotes else { return bytes += content }
        bytes.append(0x22)
        for byte in content {
            if byte == 0x22 { bytes.append(0x22) }
            bytes.append(byte)
        }
        bytes.append(0x22)
    }
}
