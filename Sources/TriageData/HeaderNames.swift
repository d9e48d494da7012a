/// Whether the first record of a CSV file is a header, and which of its values messages may show.
///
/// A file without a header has a ticket in the place of the names.
struct HeaderNames {
    /// Whether it is certainly a header.
    let isCertain: Bool
    /// The names that may be shown: of a certain header all, else the short ones, and none of what looks like a row.
    let shown: [String]

    /// Rows that are looked at behind the first.
    static let rowsBehind = 20

    /// Judges names by the records behind them, which have as many values; a stream shows none.
    init(_ names: [String], rows: [[String]]) {
        let known = names.count(where: HeaderNames.isKnown)
        let values = names.count { Kind($0) == .value }
        let sentences = names.count(where: HeaderNames.isSentence)
        let differs = names.indices.contains { HeaderNames.differs(names[$0], from: rows, at: $0) }
        let isHeader =
            sentences == 0
            ? values < max(1, known) && (known > 1 || differs) : values == 0 && known > 1 && differs
        let isRow = !isHeader && (values > 0 || sentences > 0) && known < 2
        isCertain = isHeader
        shown = isHeader ? names : isRow ? [] : names.filter(HeaderNames.isShort)
    }

    /// Whether a name is in one of the lists.
    private static func isKnown(_ name: String) -> Bool {
        KnownColumns.isText(name) || KnownColumns.id.rank(name) != nil || KnownColumns.usual.rank(name) != nil
    }

    private static func isShort(_ name: String) -> Bool {
        name.count <= 40 && name.split(separator: " ").count <= 3 && !name.contains("@")
    }

    /// Whether a value is longer than a name, or ends as a sentence does; a question may be a name.
    private static func isSentence(_ name: String) -> Bool {
        let words = name.split(separator: " ").count
        return words > 20 || name.count > 200
            || words > 4 && (name.hasSuffix(".") || name.hasSuffix("!") || name.contains(". "))
    }

    private enum Kind {
        case empty
        /// A number, a date, a code with several digits, or an address.
        case value
        case words

        init(_ text: String) {
            let digits = text.utf8.count { (0x30...0x39).contains($0) }
            let letters = text.unicodeScalars.count { $0.properties.isAlphabetic }
            let isOneWord = !text.contains(" ")
            self =
                text.isEmpty
                ? .empty
                : digits > 0 && letters == 0 || isOneWord && (digits > 2 || text.contains("@"))
                    ? .value : .words
        }
    }

    /// Whether the values behind a name are of another kind, or are few that repeat and never are the name.
    private static func differs(_ name: String, from rows: [[String]], at place: Int) -> Bool {
        guard Kind(name) == .words else { return false }
        let values = rows.map { $0[place] }.filter { !$0.isEmpty }
        guard !values.isEmpty else { return false }
        if values.allSatisfy({ Kind($0) == .value }) { return true }
        let distinct = Set(values)
        return values.count >= 8 && distinct.count * 2 <= values.count && !distinct.contains(name)
    }
}
