internal import TriageData
internal import TriageText
internal import TriageTickets

/// What the values of one column look like.
struct ColumnProfile {
    let name: String
    /// Rows with a value.
    private(set) var filled = 0
    /// Masked examples, each another value.
    private(set) var examples: [String] = []
    /// Whether values are lists.
    private(set) var isList = false
    private var hashes: Set<Int> = []
    private var words = 0
    private var dates = 0
    private var numbers = 0
    private var addresses = 0
    private var sampled = 0
    /// The number of each value, while there are few; what leak warnings read.
    private var numbersOfValues: [String: Int32] = [:]
    /// By row the number of its value, -1 for none; of the first rows.
    private(set) var rows: [Int32] = []
    /// Whether there are too many values for a label.
    private(set) var hasManyValues = false

    private static let maximumDistinct = 10_000
    private static let maximumSample = 2000
    private static let maximumExamples = 3
    /// Labels have fewer values.
    static let maximumValues = 500
    static let maximumRows = 50_000

    init(_ name: String) { self.name = name }

    /// Adds a row; rows before the column's first are filled up.
    mutating func add(_ value: JSONValue?, row: Int, masker: Masker) {
        guard let plain = value.flatMap({ ImportedTicket.plain($0) }) else { return }
        if plain.elements?.isEmpty == true {
            isList = true
            return
        }
        filled += 1
        let texts = plain.text.map { [$0] } ?? plain.elements?.compactMap(\.text) ?? []
        if plain.text == nil { isList = true }
        let text = texts.joined(separator: "; ")
        let isNew = hashes.count < ColumnProfile.maximumDistinct && hashes.insert(text.hashValue).inserted
        if isNew, examples.count < ColumnProfile.maximumExamples { addExample(text, masker) }
        note(text, row: row)
        guard sampled < ColumnProfile.maximumSample else { return }
        sampled += 1
        words += text.split(whereSeparator: \.isWhitespace).count
        if DateReader.isDate(text) { dates += 1 }
        if Double(text) != nil { numbers += 1 }
        if text.contains("@"), !text.contains(" ") { addresses += 1 }
    }

    private mutating func note(_ text: String, row: Int) {
        guard row < ColumnProfile.maximumRows, !hasManyValues else { return }
        while rows.count < row { rows.append(-1) }
        if numbersOfValues[text] == nil {
            guard numbersOfValues.count < ColumnProfile.maximumValues, text.utf8.count <= 200 else {
                (hasManyValues, rows, numbersOfValues) = (true, [], [:])
                return
            }
            numbersOfValues[text] = Int32(numbersOfValues.count)
        }
        if rows.count == row { rows.append(numbersOfValues[text] ?? -1) }
    }

    private static let exampleWidth = 40

    private mutating func addExample(_ text: String, _ masker: Masker) {
        let start = text.split(whereSeparator: \.isNewline).first.map { String($0.prefix(200)) } ?? ""
        let masked = String(decoding: masker.mask(start).text.bytes, as: UTF8.self).shown
        let cut = masked.count > ColumnProfile.exampleWidth
        examples.append(cut ? masked.prefix(ColumnProfile.exampleWidth) + "…" : masked)
    }

    /// Different values; `isExact` is false when there are more than are counted.
    var distinct: (count: Int, isExact: Bool) { (hashes.count, hashes.count < ColumnProfile.maximumDistinct) }

    var wordsPerValue: Double { sampled == 0 ? 0 : Double(words) / Double(sampled) }
    var isMostlyDates: Bool { dates * 2 > sampled }
    var isMostlyNumbers: Bool { numbers * 2 > sampled }
    var isMostlyAddresses: Bool { addresses * 2 > sampled }

    /// The values in order of their numbers.
    var values: [String] { numbersOfValues.sorted { $0.value < $1.value }.map(\.key) }

    /// Whether the column may be a label: few short values, each in several rows.
    var looksLikeLabel: Bool {
        let (count, isExact) = distinct
        guard isExact, count >= 2, count <= ColumnProfile.maximumValues,
            filled >= 2 * count || filled < 20 && filled > count
        else { return false }
        return mayBeLabel
    }

    /// Whether the values are as short as labels are, and neither dates nor addresses.
    var mayBeLabel: Bool { filled > 0 && wordsPerValue <= 6 && !isMostlyDates && !isMostlyAddresses }

    /// Whether sentences stand in it.
    var looksLikeText: Bool { wordsPerValue >= 6 && distinct.count * 3 > filled }
}
