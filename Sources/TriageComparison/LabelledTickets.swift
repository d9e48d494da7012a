package import TriageData
package import TriageEngine
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
    }

    /// Stands for a label that the bundle does not have.
    static let unknown = -1

    /// The fields compared: those of the bundle in which some ticket has a label.
    package let fields: [String]
    /// Tickets with text and a known label.
    package let rows: [Row]
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
    /// - Throws: `DataError` when a file cannot be read, or no row has a label that the bundle knows.
    package init(
        _ paths: [String], _ columns: TicketColumns, _ snapshot: Snapshot, fields wanted: [String] = []
    ) throws(DataError) {
        let heads = LabelledTickets.heads(wanted, snapshot)
        var all: [Row] = []
        var texts = Fingerprint()
        var columns = columns
        columns.others += snapshot.model.heads.map(\.manifest.field)
        var tickets = TicketReader(columns)
        for path in paths {
            let reader = try RowReader(path: path)
            try tickets.begin(reader)
            while let row = try reader.next() {
                do throws(BadRow) {
                    let row = try row.get()
                    let ticket = try tickets.ticket(in: row)
                    let text = ComparisonRun.Question.hash(snapshot.prepare(ticket))
                    texts.add(Array(text.utf8))
                    let gold = heads.map { head -> Int? in
                        head.label(in: row).map { head.labels.index(of: $0) ?? LabelledTickets.unknown }
                    }
                    all.append(Row(place: count, ticket: ticket, text: text, gold: gold))
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
        guard !present.isEmpty else {
            throw .noValues(path: paths.joined(separator: ", "), columns: names)
        }
        fields = present.map { names[$0] }
        var usable: [Row] = []
        for row in all {
            let gold = present.map { row.gold[$0] }
            if snapshot.prepare(row.ticket).isEmpty {
                emptyRows += 1
            } else if gold.allSatisfy({ $0 ?? -1 < 0 }) {
                unusableRows += 1
            } else {
                usable.append(Row(place: row.place, ticket: row.ticket, text: row.text, gold: gold))
            }
        }
        rows = usable
    }

    private static func heads(_ wanted: [String], _ snapshot: Snapshot) -> [ModelBundle.Head] {
        guard wanted.isEmpty else {
            return snapshot.model.heads.filter { wanted.contains($0.manifest.field) }
        }
        let roles = snapshot.model.heads.filter { ["category", "severity"].contains($0.manifest.role) }
        return roles.isEmpty ? snapshot.model.heads : roles
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
