#if Service
import ArgumentParser
import TriageData
import TriageEngine
import TriageModel
import TriageStore
import TriageTickets

extension FeedbackCommand {
    /// `triage feedback import`: many corrections from a file.
    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Record right labels from a CSV or JSON Lines file, also while the service runs.",
            discussion: """
                One ticket a row: its id (your own, the queue's, or a decision's), and a column for each field, such as \
                id,category,severity. An empty cell leaves its field alone; other columns are not read. A label that the \
                model does not have is an error, and the other rows still count.

                A running service remembers the corrections within a second.
                """)
        @OptionGroup var place: StorePath
        @Argument(help: "The file; - for standard input.")
        var file: String
        @Option(
            help: ArgumentHelp("The column of the id (default: id, Ticket ID and such).", valueName: "name"))
        var idColumn: String?
        @Option(help: ArgumentHelp("Who corrects, for the ledger.", valueName: "name"))
        var by: String?
        @Option(
            help: ArgumentHelp(
                "The model whose labels count (default: the starter model, if it decided).", valueName: "dir")
        )
        var model: String?
        @Flag(help: "Accept labels that a field does not have yet.")
        var newLabel = false
        @OptionGroup var patience: WriterPatience

        func run() async throws {
            try await reportingErrors {
                let sheet = try CorrectionSheet(self)
                let report = try await TicketStore.correct(
                    sheet.corrections.map(\.feedback), in: place.store, waiting: patience.wait)
                let failures =
                    sheet.failures
                    + report.failures.map { (sheet.corrections[$0.place].line, $0.problem) }
                for (line, problem) in failures.sorted(by: { $0.0 < $1.0 }).prefix(20) {
                    Terminal.say("triage: \(file): line \(line): \(problem)")
                }
                if failures.count > 20 {
                    Terminal.say("triage: … and \((failures.count - 20).counted("more"))")
                }
                print(
                    "stored \(report.stored.counted("correction")) of \(sheet.rows.counted("row")); "
                        + "\(failures.count) failed")
                if !failures.isEmpty { throw ExitCode.badData }
            }
        }
    }

    /// `triage feedback clear`: nothing is remembered any longer.
    struct Clear: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Erase the memory of corrections, also while the service runs.",
            discussion: """
                Decisions no longer remember what people corrected until now. The corrections stay in the ledger, and the \
                next training learns from them.
                """)
        @OptionGroup var place: StorePath
        @Option(help: ArgumentHelp("Who requires it, for the ledger.", valueName: "name"))
        var by: String?
        @OptionGroup var patience: WriterPatience

        func run() async throws {
            try await reportingErrors {
                let report = try await TicketStore.delete(
                    .eraseMemory(by: by), from: place.store, waiting: patience.wait)
                print("erased the memory of \(report.texts.counted("ticket"))")
                report.warnUnlessClean()
            }
        }
    }
}

/// The corrections in a file, and the rows that cannot be used.
private struct CorrectionSheet {
    private(set) var corrections: [(line: Int, feedback: NewFeedback)] = []
    private(set) var failures: [(Int, String)] = []
    private(set) var rows = 0

    init(_ command: FeedbackCommand.Import) throws {
        let store = try TicketStore(command.place.store, .read)
        defer { try? store.close() }
        let labels = KnownLabels(model: command.model, takesNew: command.newLabel)
        let reader = try RowReader(path: command.file)
        if let name = command.idColumn, !reader.columns.isEmpty,
            KnownColumns.match(name, among: reader.columns) == nil
        {
            throw DataError.noColumn(path: reader.name, name: name, isID: true, columns: reader.shownColumns)
        }
        while let row = try reader.next() {
            rows += 1
            switch row {
            case .failure(let bad): failures.append((bad.line, bad.message))
            case .success(let row): try add(row, command, store, labels)
            }
        }
        try reader.requireRecords()
    }

    private mutating func add(
        _ row: InputRow, _ command: FeedbackCommand.Import, _ store: TicketStore, _ labels: KnownLabels
    ) throws {
        let columns = TicketColumns(id: command.idColumn).choice(among: row.fields.keys.sorted())
        guard let id = columns.id.flatMap({ row.text($0)?.trimmed }), !id.isEmpty else {
            failures.append(
                (row.line, "no id; give the ticket's or the decision's id in a column such as id"))
            return
        }
        let byDecision = try store.decision(id)
        guard let decision = try byDecision ?? store.decision(ofTicket: id) else {
            failures.append((row.line, StoreError.notFound(kind: "decision on ticket", id: id).description))
            return
        }
        let subject = byDecision == nil ? NewFeedback.Subject.ticket(id) : .decision(id)
        let before = corrections.count + failures.count
        for field in decision.record.fields {
            guard let text = row.text(field.name), ColumnChoice.isContent(text) else { continue }
            do throws(StoreError) {
                let label = try labels.label(text, of: field.name, decision)
                corrections.append(
                    (row.line, NewFeedback(subject, field: field.name, label: label, by: command.by)))
            } catch { failures.append((row.line, error.description)) }
        }
        guard corrections.count + failures.count == before else { return }
        let fields = decision.record.fields.map(\.name).joined(separator: ", ")
        failures.append((row.line, "no label; give one in a column called like a field: \(fields)"))
    }
}

/// Labels that people give, in the spelling of a decision or of a model.
final class KnownLabels {
    private let model: String?
    private let takesNew: Bool
    private var bundle: ModelBundle?

    /// Labels of a model; with `takesNew` others count too.
    init(model: String?, takesNew: Bool) { (self.model, self.takesNew) = (model, takesNew) }

    /// - Throws: `StoreError.invalid` for a label that neither was decided nor is one of the model's.
    func label(_ text: String, of field: String, _ found: StoredDecision?) throws(StoreError) -> String {
        let label = LabelText.read(text)
        guard !takesNew, let decided = found?.record.fields.first(where: { $0.name == field }) else {
            return label
        }
        guard LabelText.read(decided.label) != label else { return decided.label }
        let bundle = try loaded()
        if let snapshot = found?.record.snapshot, model == nil, snapshot.model != bundle.sha256 {
            throw .invalid(
                problem:
                    "the model \(snapshot.modelName.shown) decided this ticket, and the one at hand is another: "
                    + "name its folder with --model DIR, so that the label is checked, or give --new-label")
        }
        do throws(UnknownLabel) { return try bundle.label(label, of: field) } catch {
            throw .invalid(problem: KnownLabels.problem(error, of: field, bundle.manifest.name))
        }
    }

    private func loaded() throws(StoreError) -> ModelBundle {
        if let bundle { return bundle }
        do {
            let loaded = try Installation.bundle(Installation.model(model))
            bundle = loaded
            return loaded
        } catch { throw .invalid(problem: error.safeDescription) }
    }

    private static func problem(_ unknown: UnknownLabel, of field: String, _ model: String) -> String {
        let question = unknown.nearest.map { " (did you mean \($0.shown)?)" } ?? ""
        return
            "the model \(model.shown) has no label \(unknown.label.shown) of \(field.shown)\(question)"
            + "; it has \(unknown.labels.joined(separator: ", ").shown); give one of these, --new-label to add it, "
            + "or --model DIR for another model"
    }
}
#endif
