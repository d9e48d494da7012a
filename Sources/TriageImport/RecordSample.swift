internal import TriageData
internal import TriageTickets

/// What the first records of a JSON file show of all: whether they are a product's, and which lists hold tickets.
struct RecordSample {
    /// A product that reads one of the records; nil where none does.
    private(set) var product: String?
    /// By the name of a list the records that were looked at, and whether one of them has a ticket's text.
    private var lists: [String: (records: Int, hasText: Bool)] = [:]
    private let kinds = MemberKinds()

    /// Records of a list that are looked at.
    private static let maximumRecords = 20

    /// The sample of records a line each, at the beginning of a file; a cut line is left out.
    init(lines start: [UInt8]) {
        for line in start.split(separator: 0x0A).dropLast(start.last == 0x0A ? 0 : 1).prefix(
            RecordSample.maximumRecords)
        {
            if case .object(let fields)? = JSONValue(parsing: line) { add(fields, of: nil) }
        }
    }

    init() {}

    /// Whether more records of a list are to be looked at.
    func wants(_ list: String?) -> Bool {
        (lists[list ?? ""]?.records ?? 0) < RecordSample.maximumRecords
    }

    mutating func add(_ fields: [String: JSONValue], of list: String?) {
        let record = ProductRecord(fields, line: 0, tables: SideTables(), kinds: kinds)
        let found = ProductFormat.of(record)?.format.name
        product = product ?? found
        let hasText = found != nil || !kinds.choice(of: FlatRow(kinds: kinds).flat(fields)).text.isEmpty
        let before = lists[list ?? ""] ?? (0, false)
        lists[list ?? ""] = (before.records + 1, before.hasText || hasText)
    }

    /// Whether a list holds something else than tickets: none of its records has a text, and those of another list have.
    func isOfOthers(_ list: String?) -> Bool {
        guard let list, let seen = lists[list], !seen.hasText, !JSONRecords.listNames.contains(list) else {
            return false
        }
        return lists.values.contains { $0.hasText }
    }
}
