import ArgumentParser
import Foundation
import TriageData
import TriageEngine
import TriageEvaluation
import TriageImport
import TriageModel
import TriageNumerics
import TriageTickets
import TriageTraining

/// `triage backtest`: last year again, each ticket decided by the model of its day.
struct BacktestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backtest",
        abstract: "Decide last year's tickets again, each with a model trained on the tickets before it.",
        discussion: """
            Shows by month how many tickets would have needed no person and how many of these would have been wrong, tickets \
            of the gravest severity that were missed, reassignments avoided, minutes saved, and new or changed labels. \
            --report writes report.json, report.md and report.html into a folder; they show masked excerpts of the missed \
            tickets. After an interruption the same command goes on where it ended.
            """)

    @Argument(help: "Labelled tickets with a date, such as last year's export.")
    var data: [String]
    @Option(
        help: ArgumentHelp(
            "A label column; may be given several times (default: those that the columns suggest).",
            valueName: "name"))
    var label: [String] = []
    @Option(
        help: ArgumentHelp(
            "The column with the date on which a ticket came in (default: a known name, such as created_at).",
            valueName: "name"))
    var time: String?
    @OptionGroup var text: TextOption
    @Option(
        help: ArgumentHelp(
            "How often the model is trained again: \(BacktestPlan.Interval.expected).", valueName: "interval")
    )
    var every = "month"
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "So many months are decided, the last ones; all tickets before train.", valueName: "n"))
    var months = 12
    @Option(
        help: ArgumentHelp(
            "What answers of level auto must reach: precision=P or coverage=C; 95% alone is a precision.",
            valueName: "target"))
    var target = TrainingOptions().target.text
    @Option(
        help: ArgumentHelp(
            "The severity that must not be missed (default: the gravest of the playbook's order).",
            valueName: "label"))
    var critical: String?
    @Option(
        help: ArgumentHelp(
            "The field whose label sends a ticket to its place (default: a team or the category).",
            valueName: "field"))
    var routing: String?
    @Option(
        help: ArgumentHelp(
            "The column that counts how often a ticket was sent on, or has yes and no (default: a known name).",
            valueName: "name"))
    var reassigned: String?
    @Flag(help: "Forms of one label (Hardware, hardware) become the commonest of them, as in train.")
    var mergeLabels = false
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Minutes that triage of a ticket by hand takes.", valueName: "minutes"))
    var reviewMinutes = Costs().reviewMinutes
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Minutes that a wrong automatic answer costs.", valueName: "minutes"))
    var errorMinutes = Costs().errorMinutes
    @OptionGroup var files: DecidingOptions
    @OptionGroup var embedding: EmbeddingOption
    @Option(
        help: ArgumentHelp(
            "Where finished periods are kept until the report is written (default: TRIAGE_STATE, else triage in the user's cache "
                + "folder).", valueName: "dir"))
    var state: String?
    @Flag(help: "Begin anew, in spite of finished periods.")
    var restart = false
    @OptionGroup var threads: ThreadsOption
    @OptionGroup var report: ReportOptions

    func validate() throws {
        guard !data.contains("-") else {
            throw ValidationError("A backtest reads its tickets twice; give a file instead of -.")
        }
        guard BacktestPlan.Interval(parsing: every) != nil else {
            throw ValidationError("--every takes \(BacktestPlan.Interval.expected).")
        }
        guard months >= 1 else { throw ValidationError("--months takes a number from 1.") }
        guard AutoTarget(parsing: target) != nil else {
            throw ValidationError("--target takes \(AutoTarget.expected).")
        }
        guard reviewMinutes >= 0, errorMinutes >= 0, (reviewMinutes + errorMinutes).isFinite else {
            throw ValidationError("--review-minutes and --error-minutes take numbers from 0.")
        }
        try text.check(labels: label)
    }

    func run() throws {
        try reportingErrors {
            let folder = try report.folder()
            let columns = try columns()
            let (set, plan) = try read(columns)
            let matrix = try embedding.load()
            let options = try options(set)
            let policy = try files.policy
            let measuring = try reportOptions(set, columns, policy)
            let language = try files.files.languagePath.map { try Installation.bundle($0) }
            let state = state(set, plan, matrix?.table)
            sayPlan(plan, state)
            let stop = StopSignals(ending: interruption(state))
            let bar = ProgressBar("backtest")
            let backtest = try Backtest(
                set, plan, options: options, embedding: matrix, workers: threads.workers, state: state,
                snapshot: { Snapshot(model: $0, policy: policy, language: language) }
            ) { bar.show($0, fraction: $1) }
            bar.finish()
            let measured = BacktestReport(backtest, measuring)
            stop.beginWriting()
            try report.show(
                measured.document(), json: measured.json(), summary: measured.json(summary: true), folder)
            state?.remove()
        }
    }

    /// The columns that are read: those that were named, else those that the first file suggests.
    private struct Columns {
        var labels: [String]
        var time: String
        var reassigned: String?
    }

    private static let inspectedRows = 20_000

    private func columns() throws -> Columns {
        let inspection = try Inspection(
            data[0], text.columns(), maximumRows: BacktestCommand.inspectedRows)
        guard inspection.rows > 0 else { throw DataError.empty(path: data[0]) }
        guard let time = time ?? inspection.timeColumn else {
            throw ValidationError(
                "No column of \(data[0]) has a known name for the date of a ticket; name it with --time."
                    .shown)
        }
        var labels = label
        if labels.isEmpty {
            let usable = inspection.labels.filter { !inspection.isList($0) }
            let severity = usable.first { KnownColumns.severity.rank($0) != nil }
            labels = [usable.first { $0 != severity }, severity].compactMap(\.self)
            guard !labels.isEmpty else {
                throw ValidationError(
                    "No column with one label a ticket is evident in \(data[0]); name one with --label.".shown
                )
            }
            Terminal.say(
                "triage: labels: \(ColumnNames.shown(labels)), chosen by their names and values; --label names others"
            )
        }
        return Columns(labels: labels, time: time, reassigned: reassigned ?? inspection.reassignedColumn)
    }

    private func read(_ columns: Columns) throws -> (TrainingSet, BacktestPlan) {
        var names = TrainingSet.Columns(text: text.columns(), labels: columns.labels, time: columns.time)
        names.joinsLabelForms = mergeLabels
        // It is read later, so no note calls it unread.
        names.text.others = [columns.reassigned].compactMap(\.self)
        let set = try TrainingSet(
            files: data, columns: names, preparation: TextPreparation(), workers: threads.workers)
        Terminal.say(columnNotes: set.columnNotes)
        set.sayTrees()
        set.sayFaults()
        let interval = BacktestPlan.Interval(parsing: every) ?? .month
        return (set, try BacktestPlan(set, column: columns.time, every: interval, months: months))
    }

    private func options(_ set: TrainingSet) throws -> TrainingOptions {
        var options = TrainingOptions()
        options.name = "backtest"
        options.ngrams.subjectCopies = set.hasSubjects
        options.target = AutoTarget(parsing: target) ?? options.target
        options.roles = roles(set)
        return options
    }

    /// The roles that names suggest where no field is called like its role, as in train.
    private func roles(_ set: TrainingSet) -> [String: String] {
        let severity = set.fields.first { KnownColumns.severity.rank($0) != nil }
        let category = set.fields.first { $0 != severity }
        return [("category", category), ("severity", severity)].reduce(into: [:]) { $0[$1.0] = $1.1 }
    }

    private func state(_ set: TrainingSet, _ plan: BacktestPlan, _ table: EmbeddingTable?) -> BacktestState? {
        guard let place = state ?? Installation.state else { return nil }
        let playbook = files.files.playbookPath.flatMap { try? FileInput.bytes(of: $0) }
        let state = BacktestState(
            below: place,
            of: [
                Triage.configuration.version, set.fingerprint, "\(plan.periods)", target,
                table?.sha256 ?? "none", Checksum.sha256(playbook ?? []), files.language ?? "",
                BLASRuntime.kernelName,
            ])
        if restart { state.remove() }
        return state
    }

    private func sayPlan(_ plan: BacktestPlan, _ state: BacktestState?) {
        if plan.undated > 0 {
            let unclear =
                plan.unclear == 0
                ? ""
                : "; of \(plan.unclear) the date is such as 3/4/2026, with day and month in an order that no date shows: write "
                    + "dates year first"
            Terminal.say(
                "triage: \(plan.undated.counted("ticket")) without a date that can be read \(plan.undated == 1 ? "is" : "are") left "
                    + "out\(unclear)"
            )
        }
        guard let state, state.done > 0 else { return }
        Terminal.say(
            "triage: going on after \(state.done) of \(plan.periods.count.counted("model")), from \(state.folder) (--restart begins anew)"
        )
    }

    private func interruption(_ state: BacktestState?) -> String {
        state == nil
            ? "triage: interrupted; nothing was kept (--state names a folder)"
            : "triage: interrupted; the same command goes on after the last finished model"
    }

    private func reportOptions(
        _ set: TrainingSet, _ columns: Columns, _ policy: Policy
    ) throws -> BacktestReport.Options {
        var options = BacktestReport.Options()
        options.dataFiles = data.map { URL(fileURLWithPath: $0).lastPathComponent }
        options.costs = Costs(reviewMinutes: reviewMinutes, errorMinutes: errorMinutes)
        options.target = AutoTarget(parsing: target)?.text ?? target
        options.severityField = roles(set)["severity"]
        options.severities = policy.severities
        if let critical {
            let field = options.severityField.flatMap { set.fields.firstIndex(of: $0) }
            guard let field, set.labelSets[field].contains(critical) else {
                throw ValidationError(
                    "No ticket has the severity '\(critical)'; give --critical as the data spells it.".shown)
            }
            options.criticalLabel = critical
        }
        if options.severityField != nil, critical == nil, severities(set, policy).isEmpty {
            Terminal.say(
                "triage: no label of \(options.severityField ?? "") is in the playbook's order of severities, so no ticket counts as missed; "
                    + "--critical names the gravest")
        }
        try addRouting(to: &options, set, columns)
        return options
    }

    /// The labels of the severity that the playbook's order holds.
    private func severities(_ set: TrainingSet, _ policy: Policy) -> [String] {
        let field = roles(set)["severity"].flatMap { set.fields.firstIndex(of: $0) }
        return field.map { set.labelSets[$0].filter { policy.severities.rank(of: $0) != nil } } ?? []
    }

    private func addRouting(
        to options: inout BacktestReport.Options, _ set: TrainingSet, _ columns: Columns
    ) throws {
        let found = set.fields.first { KnownColumns.team.rank($0) != nil } ?? roles(set)["category"]
        if let routing, !set.fields.contains(routing) {
            throw ValidationError(
                "--routing names no label; it takes one of \(set.fields.joined(separator: ", ")).".shown)
        }
        guard let field = routing ?? found, let column = columns.reassigned else { return }
        let counts = try set.reassignments(column: column, in: data)
        guard counts.contains(where: { $0 != nil }) else {
            guard reassigned != nil else { return }
            throw ValidationError(
                "Column '\(column)' has neither numbers nor yes and no; name another with --reassigned.".shown
            )
        }
        (options.routingField, options.reassignedColumn, options.reassignments) = (field, column, counts)
    }
}
