internal import TriageData

/// What the first rows of a file hold in each column, to find text and ids under names that are not known.
struct ColumnProfiles: Sendable {
    /// The values of one column.
    struct Profile: Sendable {
        /// Those with content.
        var values = 0
        private var words = 0
        private var counts: [String: Int] = [:]
        /// Whether each could be an id.
        private(set) var areIDs = true

        mutating func add(_ text: String) {
            guard ColumnChoice.isContent(text) else { return }
            values += 1
            words += Profile.words(in: text)
            counts[String(text.prefix(100)), default: 0] += 1
            areIDs = areIDs && Profile.isID(text)
        }

        /// The words of a value on average.
        var averageWords: Int { values > 0 ? words / values : 0 }
        /// Whether more than half of the values are the same.
        var isConstant: Bool { values > 2 && (counts.values.max() ?? 0) * 2 > values }
        var areDistinct: Bool { counts.count == values }
        /// Whether the values are sentences that differ.
        func isProse(words: Int) -> Bool { averageWords >= words && !isConstant }

        /// Words between spaces; of scripts without spaces two letters count as one.
        private static func words(in text: String) -> Int {
            let spaced = text.split(whereSeparator: \.isWhitespace).count
            guard text.utf8.contains(where: { $0 >= 0xE0 }) else { return spaced }
            let unspaced = text.unicodeScalars.count {
                (0x0E00...0x0E7F).contains($0.value) || (0x3040...0x9FFF).contains($0.value)
                    || (0xAC00...0xD7A3).contains($0.value)
            }
            return spaced + unspaced / 2
        }

        /// Whether a value is short and has a digit, but is neither a date, an address, a telephone number nor an amount.
        private static func isID(_ text: String) -> Bool {
            let text = text.trimmed
            guard text.utf8.count <= 40, text.first != "+", !text.contains(where: { $0 == "@" || $0 == ":" })
            else { return false }
            let parts = text.split { !$0.isNumber }
            let isNumeric = text.allSatisfy { $0.isNumber || "-/., ".contains($0) }
            return !parts.isEmpty && text.split(separator: " ").count <= 2 && !(isNumeric && parts.count > 1)
                && !isDate(text)
        }

        /// Whether a text begins as 2024-05-31 or 31.05.2024 does.
        private static func isDate(_ text: String) -> Bool {
            let parts = text.prefix(10).split { "-/.".contains($0) }
            return parts.count > 2 && parts.prefix(3).allSatisfy { $0.allSatisfy(\.isNumber) }
        }
    }

    private(set) var rows = 0
    /// Of the bodies that were read.
    private(set) var body = Profile()
    private var columns: [String: Profile] = [:]
    private static let maximumRows = 200
    private static let maximumColumns = 200

    /// Whether more rows are looked at.
    var isFull: Bool { rows == ColumnProfiles.maximumRows }

    mutating func add(_ row: InputRow, body text: String = "") {
        guard !isFull else { return }
        rows += 1
        body.add(text)
        for (name, value) in row.fields
        where columns[name] != nil || columns.count < ColumnProfiles.maximumColumns {
            guard value != .null, let text = value.text else { continue }
            columns[name, default: Profile()].add(text)
        }
    }

    /// The columns of `names` with sentences in half of the rows, of at least `words` words on average.
    func prose(among names: [String], words: Int) -> [String] {
        names.filter { name in
            columns[name].map { $0.values * 2 > rows && $0.isProse(words: words) } ?? false
        }
    }

    /// The fewest words of a sentence: fewer where a file has no text at all.
    static let fewestWords = 6
    static let fewestWordsAlone = 5

    func averageWords(_ name: String) -> Int { columns[name]?.averageWords ?? 0 }

    /// The one column of `names` whose values could be ids, all different and in each row; nil for none or several.
    func likelyID(among names: [String]) -> String? {
        guard rows > 1 else { return nil }
        let found = names.filter { name in
            columns[name].map { $0.values == rows && $0.areIDs && $0.areDistinct } ?? false
        }
        return found.count == 1 ? found[0] : nil
    }
}
