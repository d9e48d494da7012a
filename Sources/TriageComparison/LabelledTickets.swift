package import TriageData
internal import TriageImport
package import TriageEngine
package import TriageEvaluation
internal import TriageModel
internal import TriageNumerics
package import TriageTickets

/// The labelled tickets of some files, as a comparison takes them.
package struct LabelledTickets: Sendable {
    /// A ticket with a label that the bundle has, in one field at least.
    package struct Row: Sendable {
        /// Its place in the data, bad rows left out.
        var place: Int
        var ticket: Ticket
        /// SHA-256 of its masked text.
        var text: String
        /// By field, the place of its label; `unknown` for one that the bundle does not have, nil without one.
        var gold: [Int?]
        /// Whether nothing but white space is left of its text.
        var isEmpty: Bool
        /// Whether the bundle was trained on it.
        var wasTrainedOn: Bool
    }

    /// Stands for a label that the bundle does not have.
    static let unknown = -1

    /// The fields compared: those of the bundle in which some ticket has a label.
    package let fields: [String]
    /// Fields that were wanted, or would be compared by default, and that no ticket has a known label of.
    let fieldsWithoutLabels: [String]
    /// The bundle's labels, by field.
    let labels: [String: [String]]
    /// Labels of the tickets that the bundle does not have, by field; a few of them.
    let unknownLabels: [String: [String]]
    /// Tickets with text and a known label; without those that the bundle was trained on, as `seenRows` states.
    package let rows: [Row]
    /// The tickets that the bundle was trained on.
    package let seenRows: SeenRows
    package let files: [String]
    package private(set) var count = 0
    package private(set) var faults: [(file: String, row: BadRow)] = []
    /// Which columns were read of each file, and what is doubtful about them, a line each.
    package let columnNotes: [String]
    private(set) var emptyRows = 0
    private(set) var unusableRows = 0
    /// SHA-256 over all texts.
    let fingerprint: String

    /// Reads files; without `wanted` fields those with the roles category and severity are taken, or all.
    ///
    /// - Throws: `DataError` when a file cannot be read.
    package init(
        _ paths: [String], _ columns: TicketColumns, _ snapshot: Snapshot, fields wanted: [String] = []
    ) throws(DataError) {
        let heads = LabelledTickets.heads(wanted, snapshot)
        var all: [Row] = []
        var texts = Fingerprint()
        var columns = columns
        columns.others += snapshot.model.heads.flatMap(\.labelColumns)
        var tickets = TicketReader(columns)
        var unknown: [String: [String]] = [:]
        for path in paths {
            let reader = try TicketFile.rows(path)
            try tickets.begin(reader)
            while let row = try reader.next() {
                do throws(BadRow) {
                    let row = try row.get()
                    let ticket = try tickets.ticket(in: row)
                    let prepared = snapshot.prepare(ticket)
                    let text = ComparisonRun.Question.hash(prepared)
                    texts.add(Array(text.utf8))
                    let gold = heads.map { head -> Int? in
                        guard let label = head.label(in: row) else { return nil }
                        if let place = head.labels.index(of: label) { return place }
                        unknown[head.manifest.field, default: []].keep(label)
                        return LabelledTickets.unknown
                    }
                    all.append(
                        Row(
                            place: count, ticket: ticket, text: text, gold: gold, isEmpty: prepared.isEmpty,
                            wasTrainedOn: snapshot.model.wasTrained(on: prepared)))
                    count += 1
                } catch { faults.append((reader.name, error)) }
            }
            guard reader.count > 0 else { throw .empty(path: reader.name) }
            try tickets.finish(requiringText: true)
        }
        columnNotes = tickets.notes
        fingerprint = texts.hexadecimal()
        files = paths.map { String($0.split(separator: "/").last ?? "") }
        let names = heads.map(\.manifest.field)
        let present = heads.indices.filter { head in all.contains { $0.gold[head] ?? -1 >= 0 } }
        let compared = present.map { names[$0] }
        fields = compared
        fieldsWithoutLabels = names.filter { !compared.contains($0) }
        labels = Dictionary(heads.map { ($0.manifest.field, $0.labels.names) }) { first, _ in first }
        unknownLabels = unknown
        var usable: [Row] = []
        for row in all {
            let gold = present.map { row.gold[$0] }
            if row.isEmpty {
                emptyRows += 1
            } else if gold.allSatisfy({ $0 ?? -1 < 0 }) {
                unusableRows += 1
            } else {
                var row = row
                row.gold = gold
                usable.append(row)
            }
        }
        let seen = Set(usable.filter(\.wasTrainedOn).map(\.place))
        seenRows = SeenRows(rows: usable.count, seen: snapshot.model.trainedTexts == nil ? nil : seen)
        rows = seenRows.areLeftOut ? usable.filter { !$0.wasTrainedOn } : usable
    }

    private static func heads(_ wanted: [String], _ snapshot: Snapshot) -> [ModelBundle.Head] {
        guard wanted.isEmpty else {
            return snapshot.model.heads.filter { wanted.contains($0.manifest.field) && !$0.hasTags }
        }
        let roles = snapshot.model.heads.filter { ["category", "severity"].contains($0.manifest.role) }
        return roles.isEmpty ? snapshot.model.heads.filter { !$0.hasTags } : roles
    }

    /// So many tickets at random, the same each time and among those of any larger number; nil for all.
    ///
    /// The model gets them in this order, so that an interrupted run has a sample too.
    func sample(_ limit: Int?) -> ArraySlice<Row> {
        let seed: UInt64 = 0x7361_6D70_6C65
        return rows.map { (SplitMix64.mix(UInt64($0.place) ^ seed), $0) }.sorted { $0.0 < $1.0 }.map(\.1)
            .prefix(limit ?? .max)
    }
}

extension [String] {
    /// Adds a new value; a few are enough to show what a file has.
    fileprivate mutating func keep(_ value: String) {
        if count < 10, !contains(value) { append(value) }
    }
}
