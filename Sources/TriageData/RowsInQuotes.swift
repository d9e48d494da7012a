/// The rows of a CSV file that were read last.
struct KnownRows {
    private(set) var rows: [[String]] = []
    /// Whether a value was in quotes that needed them and closed as they should.
    var areQuoted = false
    private var place = 0
    private static let maximumRows = 32
    /// A longer row is not kept, so that memory stays small.
    private static let maximumBytes = 1 << 14

    var last: [String]? { rows.isEmpty ? nil : rows[(place + rows.count - 1) % rows.count] }

    mutating func add(_ row: [String], bytes: Int) {
        guard bytes <= KnownRows.maximumBytes else { return }
        guard rows.count == KnownRows.maximumRows else { return rows.append(row) }
        rows[place] = row
        place = (place + 1) % KnownRows.maximumRows
    }
}

/// Whether the lines of a quoted value are rows of the file, which a quote left in the text would take away.
///
/// A program that does not quote at all writes `"VPN drops` where the text begins with a quote; the next quote at the
/// end of a value, many rows later, would close it. A mail of several lines, and one that quotes a table, have quotes
/// that are meant. What tells them apart, in this order:
/// 1. Each line has the header's number of values, and the values of each column have the form of those of known rows
///    (a number, a code, a word), with no space behind a separator, as sentences have.
/// 2. The record behind the value has the number that follows the first line's, and the lines have others: nothing is
///    missing in between, so it is a value.
/// 3. The numbers of the lines go on in order; or a column of the lines has values of other rows, as labels have; or a
///    code or date of the first line's length.
/// 4. The quotes of other rows are as they should be. Then only numbers that go on across the value are enough.
struct RowsInQuotes {
    enum Verdict {
        case value
        /// One value, but its lines look like rows.
        case doubtful
        case rows
    }

    /// The lines behind the value.
    struct Behind {
        /// The values of the first of them, however many.
        var next: [String]?
        var rows: [[String]] = []
        var areQuoted = false
    }

    /// The lines that are looked at behind the value.
    static let linesBehind = 50

    /// The first line, with the quote as text.
    private let first: [String]
    /// The column whose value the quote opens.
    private let column: Int
    /// The lines that are rows by their form.
    private let rows: [[String]]
    private let count: Int
    private let isLastRow: Bool
    /// Whether the lines are a record as one value.
    private let isValue: Bool
    private let known: KnownRows

    init(first: [String], column: Int, lines: [[String]?], isValue: Bool, known: KnownRows) {
        (self.first, self.column, self.isValue, self.known) = (first, column, isValue, known)
        count = lines.count
        let forms = RowsInQuotes.forms(of: known.rows, first: first, column: column)
        let fitting = lines.map { line in
            line.flatMap { RowsInQuotes.fits($0, forms, column: column) ? $0 : nil }
        }
        rows = fitting.compactMap(\.self)
        isLastRow = fitting.last.map { $0 != nil } ?? false
    }

    /// Whether nine of ten lines are rows, the last one too where it closes the value.
    var areAllRows: Bool { !rows.isEmpty && (count - rows.count) * 10 <= count && (isLastRow || !isValue) }

    /// Whether enough lines look like rows to say so.
    ///
    /// One line, or one of two columns, has to have a number or code where other rows have one.
    var isDoubtful: Bool {
        guard isValue, !rows.isEmpty, rows.count * 2 >= count else { return false }
        return rows.count > 1 && first.count > 2 || haveCodes
    }

    /// Whether each of the lines has a number, date or code in a column.
    private var haveCodes: Bool {
        columns.contains { place in
            rows.allSatisfy { !Form($0[place]).isDisjoint(with: [.number, .stamp, .code]) }
        }
    }

    /// Whether the record behind, alone, shows that the lines are rows.
    func areProven(by next: Behind) -> Bool {
        let order = order(next)
        return order == .across || !isValue && order == .inside
    }

    func verdict(behind: Behind) -> Verdict {
        if areProven(by: behind) { return .rows }
        if isValue, let next = behind.next, areNeighbours(next, behind) { return .value }
        let areQuoted = isValue && (known.areQuoted || behind.areQuoted)
        let isProven = !areQuoted && (order(behind) == .inside || hasKnownValues(behind) || hasCodes)
        return isProven ? .rows : isDoubtful ? .doubtful : .value
    }

    private var columns: [Int] { first.indices.filter { $0 != column } }

    // MARK: - Forms

    private struct Form: OptionSet {
        let rawValue: Int

        static let empty = Form(rawValue: 1)
        static let number = Form(rawValue: 2)
        /// Digits and signs, as a date.
        static let stamp = Form(rawValue: 4)
        /// Letters and digits, as INC0012.
        static let code = Form(rawValue: 8)
        static let words = Form(rawValue: 16)
        /// Behind a space.
        static let indented = Form(rawValue: 32)

        init(rawValue: Int) { self.rawValue = rawValue }

        init(_ value: String) {
            guard let first = value.utf8.first else {
                self = .empty
                return
            }
            let digits = value.utf8.count { (0x30...0x39).contains($0) }
            let isWord = value.unicodeScalars.contains { $0.properties.isAlphabetic }
            let isSpaced = value.utf8.contains(0x20)
            self =
                digits == value.utf8.count
                ? .number : !isWord && digits > 0 ? .stamp : digits > 0 && !isSpaced ? .code : .words
            if first == 0x20 { insert(.indented) }
        }

        /// Whether a column with values of these forms may have one of `form`.
        func allows(_ form: Form) -> Bool {
            if form.contains(.indented), !contains(.indented) { return false }
            let plain = form.subtracting(.indented)
            return plain == .empty || isDisjoint(with: [.number, .stamp, .code, .words])
                || contains(plain) || plain == .code && contains(.words)
        }
    }

    /// The forms of each column's values in rows that are certain.
    private static func forms(of rows: [[String]], first: [String], column: Int) -> [Form] {
        first.indices.map { place in
            let own: Form = place < column ? Form(first[place]) : []
            return rows.reduce(own) { $0.union(Form($1[place])) }
        }
    }

    private static func fits(_ row: [String], _ forms: [Form], column: Int) -> Bool {
        let text = row[column]
        let hasText = text.utf8.contains { $0 != CSVDialect.quote && $0 != 0x20 }
        guard hasText || text.isEmpty && forms[column].contains(.empty) else { return false }
        return row.indices.allSatisfy { place in
            let form = Form(row[place])
            return place == column
                ? !form.contains(.indented) || forms[place].contains(.indented) : forms[place].allows(form)
        }
    }

    // MARK: - Proof

    private enum Order: Int {
        case none
        /// The numbers of the lines go on from the first one's.
        case inside
        /// The number behind the value goes on with them too; at the end of what is known, they count on by one from
        /// the row before.
        case across
    }

    /// A value's number at its end, and what stands before it.
    private struct Numbered {
        let prefix: Substring
        let number: Int

        init?(_ value: String) {
            let digits = value.utf8.reversed().prefix { (0x30...0x39).contains($0) }.count
            guard digits > 0, let number = Int(value.suffix(digits)) else { return nil }
            self.number = number
            prefix = value.dropLast(digits)
        }
    }

    /// How far the rows' numbers in one column, all behind the same letters, only rise or only fall.
    private func order(_ behind: Behind) -> Order {
        columns.map { order(in: $0, behind) }.max { $0.rawValue < $1.rawValue } ?? .none
    }

    private func order(in place: Int, _ behind: Behind) -> Order {
        guard let start = Numbered(first[place]) else { return .none }
        func number(_ row: [String]?) -> Int? {
            guard let row, place < row.count, let found = Numbered(row[place]) else { return nil }
            return found.prefix == start.prefix ? found.number : nil
        }
        let inside = [start.number] + rows.compactMap { number($0) }
        let (before, next) = (number(known.last), number(behind.next))
        guard inside.count == rows.count + 1 else { return .none }
        let all = (before.map { [$0] } ?? []) + inside + (next.map { [$0] } ?? [])
        let steps = zip(all.dropFirst(), all).map { $0 - $1 }
        guard steps.allSatisfy({ $0 > 0 }) || steps.allSatisfy({ $0 < 0 }) else { return .none }
        let isCounting = steps.allSatisfy { abs($0) == 1 }
        if next != nil || before != nil && behind.next == nil && isCounting { return .across }
        return all.count > 2 || isCounting ? .inside : .none
    }

    /// Whether the number of the first line and that of the record behind follow each other, in a column before the
    /// value that has each number once.
    private func areNeighbours(_ next: [String], _ behind: Behind) -> Bool {
        first.indices.prefix(min(column, next.count)).contains { place in
            guard let one = Numbered(first[place]), let two = Numbered(next[place]),
                one.prefix == two.prefix, abs(one.number - two.number) == 1
            else { return false }
            let values = (known.rows + [first] + behind.rows).map { $0[place] }
            return Set(values).count == values.count
        }
    }

    /// Whether a column of the lines has nothing but values that other rows have there.
    private func hasKnownValues(_ behind: Behind) -> Bool {
        let certain = known.rows + behind.rows
        guard certain.count > 2 else { return false }
        return columns.contains { place in
            let values = Set(certain.map { $0[place] })
            return rows.allSatisfy { !$0[place].isEmpty && values.contains($0[place]) }
        }
    }

    /// Whether a column has codes or dates that are written as the first line's is.
    private var hasCodes: Bool {
        columns.contains { place in
            guard let pattern = RowsInQuotes.pattern(first[place]) else { return false }
            return rows.allSatisfy { RowsInQuotes.pattern($0[place]) == pattern }
        }
    }

    /// A code's signs, with x for letters and digits; nil for what is short or has no digit.
    private static func pattern(_ value: String) -> [UInt8]? {
        guard value.utf8.count > 5, value.utf8.contains(where: { (0x30...0x39).contains($0) }) else {
            return nil
        }
        return value.utf8.map { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || byte >= 0x80 ? 0x78 : byte
        }
    }
}
