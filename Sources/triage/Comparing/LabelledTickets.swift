#if Service
import TriageData
import TriageEngine
import TriageEvaluation
import TriageLLM
import TriageModel
import TriageNumerics
import TriageTickets

/// The labelled tickets of some files, as a comparison takes them.
struct LabelledTickets {
    /// A ticket with a label that the bundle has, in one field at least.
    struct Row: Sendable {
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

    /// The fields compared, those of the bundle that some ticket has a label in.
    let fields: [String]
    /// Tickets that can be asked about.
    let rows: [Row]
    /// All rows that could be read.
    private(set) var count = 0
    private(set) var badRows = 0
    private(set) var emptyRows = 0
    private(set) var unusableRows = 0
    /// SHA-256 over all texts.
    let fingerprint: String

    /// Reads files; bad rows are named on standard error.
    ///
    /// - Throws: `DataError` when a file cannot be read, or no row has a label that the bundle knows.
    init(_ paths: [String], _ columns: TextColumns, _ snapshot: Snapshot, fields wanted: [String]) throws {
        let heads = LabelledTickets.heads(wanted, snapshot)
        var all: [Row] = []
        var texts = Fingerprint()
        for path in paths {
            let reader = try RowReader(path: path)
            var faults: [BadRow] = []
            while let row = try reader.next() {
                do throws(BadRow) {
                    let row = try row.get()
                    let ticket = try columns.ticket(in: row)
                    let text = ComparisonRun.Question.hash(snapshot.prepare(ticket))
                    texts.add(Array(text.utf8))
                    let gold = heads.map { head -> Int? in
                        guard let label = row.text(head.manifest.field), !label.isEmpty else { return nil }
                        return head.labels.index(of: label) ?? LabelledTickets.unknown
                    }
                    all.append(Row(place: count, ticket: ticket, text: text, gold: gold))
                    count += 1
                } catch { faults.append(error) }
            }
            guard reader.count > 0 else { throw DataError.empty(path: reader.name) }
            for fault in faults.prefix(10) {
                Terminal.say("triage: \(reader.name): line \(fault.line): \(fault.message)")
            }
            badRows += faults.count
        }
        fingerprint = texts.hexadecimal()
        let names = heads.map(\.manifest.field)
        let present = heads.indices.filter { head in all.contains { $0.gold[head] ?? -1 >= 0 } }
        guard !present.isEmpty else {
            throw DataError.noValues(path: paths.joined(separator: ", "), columns: names)
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

    /// The heads of the fields named, or of those with the roles category and severity, or all.
    private static func heads(_ wanted: [String], _ snapshot: Snapshot) -> [ModelBundle.Head] {
        guard wanted.isEmpty else {
            return snapshot.model.heads.filter { wanted.contains($0.manifest.field) }
        }
        let roles = snapshot.model.heads.filter { ["category", "severity"].contains($0.manifest.role) }
        return roles.isEmpty ? snapshot.model.heads : roles
    }

    /// So many tickets at random, the same each time and among those of any larger number; nil for all.
    ///
    /// They are asked about in this order, so that what an interrupted run has is a sample too.
    func sample(_ limit: Int?) -> ArraySlice<Row> {
        let seed: UInt64 = 0x7361_6D70_6C65
        let shuffled = rows.map { (SplitMix64.mix(UInt64($0.place) ^ seed), $0) }.sorted { $0.0 < $1.0 }.map(
            \.1)
        return shuffled.prefix(limit ?? .max)
    }
}
#endif
