#if Service
import TriageData
import TriageModel
import TriageStore
import TriageTickets

/// The corrections in a file, and the rows that cannot be used.
struct CorrectionSheet {
    /// Something of a row that was not stored.
    struct Failure {
        var line: Int
        var problem: String
    }

    private(set) var corrections: [(line: Int, feedback: NewFeedback)] = []
    private(set) var failures: [Failure] = []
    private(set) var rows = 0
    private let name: String
    private let labels: KnownLabels
    private var newLabels = NewLabels()
    /// The labels of fields for which a row has another one.
    private var known: [String: [String]] = [:]
    /// What the file gives the fields of decisions.
    private var given: [GivenField: (line: Int, label: String)] = [:]

    private struct GivenField: Hashable {
        var decision: String
        var field: String
    }

    init(_ command: FeedbackCommand.Import) throws {
        let store = try TicketStore(command.place.store, .read)
        defer { try? store.close() }
        labels = KnownLabels(model: command.model, takesNew: command.newLabel)
        let reader = try RowReader(path: command.file)
        name = reader.name
        if let name = command.idColumn, !reader.columns.isEmpty,
            KnownColumns.match(name, among: reader.columns) == nil
        {
            throw DataError.noColumn(path: reader.name, name: name, isID: true, columns: reader.shownColumns)
        }
        while let row = try reader.next() {
            rows += 1
            switch row {
            case .failure(let bad): failures.append(Failure(line: bad.line, problem: bad.message))
            case .success(let row): try add(row, command, store)
            }
        }
        try reader.requireRecords()
    }

    // MARK: - Reading

    private mutating func add(
        _ row: InputRow, _ command: FeedbackCommand.Import, _ store: TicketStore
    ) throws {
        let columns = TicketColumns(id: command.idColumn).choice(among: row.fields.keys.sorted())
        guard let id = columns.id.flatMap({ row.text($0)?.trimmed }), !id.isEmpty else {
            return fail(row, "no id; give the ticket's or the decision's id in a column such as id")
        }
        guard let found = try Self.decision(id, store) else {
            return fail(row, StoreError.notFound(kind: "decision on ticket", id: id).description)
        }
        let before = corrections.count + failures.count
        for field in found.decision.record.fields {
            guard let text = row.text(field.name), ColumnChoice.isContent(text) else { continue }
            do throws(StoreError) {
                let label = try label(CSVWriter.unguarded(text), of: field.name, found.decision, row)
                guard let label, isConsistent(label, of: field.name, found.decision, row, id) else {
                    continue
                }
                corrections.append(
                    (
                        row.line,
                        NewFeedback(found.subject, field: field.name, label: label, by: command.by)
                    ))
            } catch { fail(row, error.description) }
        }
        guard corrections.count + failures.count == before else { return }
        let fields = found.decision.record.fields.map(\.name).joined(separator: ", ")
        fail(row, "no label; give one in a column called like a field: \(fields)")
    }

    /// The decision of an id, its own or its ticket's, also where a sheet put an apostrophe before the id.
    private static func decision(
        _ id: String, _ store: TicketStore
    ) throws -> (decision: StoredDecision, subject: NewFeedback.Subject)? {
        for id in [id, CSVWriter.unguarded(id)] {
            if let found = try store.decision(id) { return (found, .decision(id)) }
            if let found = try store.decision(ofTicket: id) { return (found, .ticket(id)) }
        }
        return nil
    }

    /// The label to be stored; nil after noting one that the model does not have.
    private mutating func label(
        _ text: String, of field: String, _ decision: StoredDecision, _ row: InputRow
    ) throws(StoreError) -> String? {
        let reading = try labels.reading(text, of: field, decision)
        guard let unknown = reading.unknown else { return reading.label }
        guard !labels.takesNew else {
            newLabels.add(reading.label, of: field, nearest: unknown.nearest)
            return reading.label
        }
        known[field] = unknown.labels
        fail(row, KnownLabels.problem(unknown, of: field, reading.model))
        return nil
    }

    /// Whether no earlier row gives the field another label; notes the row otherwise.
    private mutating func isConsistent(
        _ label: String, of field: String, _ decision: StoredDecision, _ row: InputRow, _ id: String
    ) -> Bool {
        let place = GivenField(decision: decision.id, field: field)
        guard let earlier = given[place] else {
            given[place] = (row.line, label)
            return true
        }
        guard earlier.label != label else { return true }
        fail(
            row,
            "\(field) of \(id.shown) is \(label.shown) here and \(earlier.label.shown) in line \(earlier.line), which counts; "
                + "correct one of the two rows")
        return false
    }

    private mutating func fail(_ row: InputRow, _ problem: String) {
        failures.append(Failure(line: row.line, problem: problem))
    }

    /// Adds what the store refused.
    mutating func add(_ refused: [FeedbackReport.Failure]) {
        failures += refused.map { Failure(line: corrections[$0.place].line, problem: $0.problem) }
    }

    // MARK: - For people

    /// A line for each kind of problem with its rows, and one for each field that gets new labels.
    var notes: [String] {
        var lines = problems
        for (field, labels) in known.sorted(by: { $0.key < $1.key }) {
            let others =
                labels.count > Self.listed ? " and \(labels.count - Self.listed) more" : ""
            lines.append(
                "\(field) has the labels \(labels.prefix(Self.listed).joined(separator: ", "))\(others): give one of these, "
                    + "--new-label to add others, or --model DIR for another model")
        }
        if let model = labels.checkedModel { lines += newLabels.lines(model: model) }
        if let problem = labels.notChecked {
            lines.append("new labels are not listed, since they were not compared with a model: \(problem)")
        }
        return lines
    }

    /// Labels of a field that one line names.
    private static let listed = 40
    /// Problems that are named one by one.
    private static let maximumProblems = 20

    private var problems: [String] {
        let groups = Dictionary(grouping: failures, by: \.problem).map { problem, failures in
            (lines: Set(failures.map(\.line)).sorted(), problem: problem)
        }.sorted { ($0.lines[0], $0.problem) < ($1.lines[0], $1.problem) }
        let lines = groups.prefix(Self.maximumProblems).map {
            "\(name): \(Self.place($0.lines)): \($0.problem)"
        }
        let others = groups.dropFirst(Self.maximumProblems).reduce(0) { $0 + $1.lines.count }
        return others == 0 ? lines : lines + ["… and \(others.counted("row")) with other problems"]
    }

    /// Such as "line 3", or "3 rows (lines 3, 5, 8)".
    private static func place(_ lines: [Int]) -> String {
        guard lines.count > 1 else { return "line \(lines[0])" }
        let more = lines.count > 5 ? ", …" : ""
        let first = lines.prefix(5).map { "\($0)" }.joined(separator: ", ")
        return "\(lines.count) rows (lines \(first)\(more))"
    }
}
#endif
