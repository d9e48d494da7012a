import ArgumentParser
import Foundation
import TriageData
import TriageEngine
import TriageEvaluation

/// `triage evaluate`: a bundle measured on labelled tickets.
struct Evaluate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure a bundle on labelled tickets.",
        discussion: """
            Each figure has a 95 % interval. Levels are those of classify with the same --kb: its playbook's floors count. \
            --report writes report.json, report.md and report.html into a folder; they show masked excerpts of tickets \
            that were answered wrongly.
            """)

    @OptionGroup var snapshot: SnapshotOptions
    @OptionGroup var text: TextOption
    @Option(help: ArgumentHelp("Labelled tickets; may be given several times.", valueName: "file"))
    var data: [String]
    @Option(help: ArgumentHelp("Only these fields (default: all of the bundle).", valueName: "name"))
    var label: [String] = []
    @Option(
        help: ArgumentHelp(
            "Write the report into this folder; an earlier one is kept as DIR.previous.", valueName: "dir"))
    var report: String?
    @Option(
        help: ArgumentHelp("Write every row's probabilities as JSON Lines; no text.", valueName: "file"))
    var predictions: String?
    @Option(help: ArgumentHelp("A second bundle, compared on the same rows.", valueName: "dir"))
    var against: String?
    @OptionGroup var comparisons: ComparisonOptions
    @Option(help: ArgumentHelp("A column to compare rows by, such as the channel.", valueName: "name"))
    var source: String?
    @Option(
        help: ArgumentHelp(
            "Rows with this label belong to none: they tell how well the bundle sees that.",
            valueName: "label"))
    var oosLabel: String?
    @Option(
        help: ArgumentHelp(
            "Measure label sets of which one label is right in this share of tickets, such as 0.95.",
            valueName: "share"))
    var labelSets: Double?
    @Flag(help: "With --label-sets: in that share of each label's tickets, where a label has rows enough.")
    var setsByLabel = false
    @Flag(
        help:
            "Without a bundle: train on four fifths of --data at a time, as train does, and measure on the fifth left out."
    )
    var crossValidate = false
    @Option(help: ArgumentHelp("Minutes that triage of a ticket by hand takes.", valueName: "minutes"))
    var reviewMinutes = Costs().reviewMinutes
    @Option(help: ArgumentHelp("Minutes that a wrong automatic answer costs.", valueName: "minutes"))
    var errorMinutes = Costs().errorMinutes
    @Flag(help: "JSON on standard output.")
    var json = false

    func validate() throws {
        guard labelSets != nil || !setsByLabel else {
            throw ValidationError("--sets-by-label goes with --label-sets.")
        }
        guard labelSets.map({ $0 > 0 && $0 < 1 }) ?? true else {
            throw ValidationError("--label-sets takes a share between 0 and 1, such as 0.95.")
        }
        try checkCrossValidation()
        guard reviewMinutes >= 0, errorMinutes >= 0, (reviewMinutes + errorMinutes).isFinite else {
            throw ValidationError("--review-minutes and --error-minutes take numbers from 0.")
        }
    }

    func run() throws {
        try reportingErrors {
            if let predictions { try LineOutput.refuse(predictions, as: data + comparisons.train) }
            let folder = try report.map { (path) throws(DataError) in
                try OutputFolder(path, names: ["report.html", "report.md", "report.json"])
            }
            guard !crossValidate else { return try runCrossValidation(folder) }
            var rows = LabelledRows(
                try evaluation(snapshot.models.path()), against: try against.map(evaluation))
            try checkFields(rows.evaluation)
            for path in data { try rows.read(path) }
            guard rows.evaluation.rows > 0 else {
                throw DataError.noValues(
                    path: data.joined(separator: ", "), columns: rows.evaluation.fields.map(\.name))
            }
            try rows.evaluation.checkNames(against: rows.other)
            var measured = EvaluationReport(rows.evaluation, against: rows.other, options(rows.failed))
            try comparisons.add(to: &measured, rows.evaluation, text: text.columns)
            if let predictions { try AtomicOutput.write(rows.evaluation.predictions(), to: predictions) }
            try show(measured, folder)
            hintAtUnknownLabels(rows.evaluation)
            if rows.failed > 0 { throw ExitCode.badData }
        }
    }

    private func evaluation(_ directory: String) throws -> Evaluation {
        var deciding = try snapshot.loadDeciding(directory)
        if let labelSets { deciding = try deciding.withLabelSets(coverage: labelSets, byLabel: setsByLabel) }
        return Evaluation(
            deciding, columns: text.columns, only: label, source: source, outOfScopeLabel: oosLabel)
    }

    private func checkFields(_ evaluation: Evaluation) throws {
        try text.check(labels: evaluation.fields.map(\.name))
        let known = evaluation.allFields
        if let stray = label.first(where: { !known.contains($0) }) {
            throw ValidationError(
                "The model has no field '\(stray)'; its fields are \(known.joined(separator: ", ")).".shown)
        }
    }

    /// A field none of whose labels the bundle knows is likely another field, or spelt in another way.
    private func hintAtUnknownLabels(_ evaluation: Evaluation) {
        for field in evaluation.fields
        where !field.gold.isEmpty && field.gold.allSatisfy({ $0 >= field.labels.count }) {
            let first = field.labels.prefix(5).joined(separator: ", ") + (field.labels.count > 5 ? ", …" : "")
            Terminal.say(
                "triage: \(field.name): the bundle knows no label of these rows; its own are \(first): "
                    + "check the column, and how its labels are spelt")
        }
    }

    func options(_ failed: Int) -> EvaluationReport.Options {
        var options = EvaluationReport.Options()
        options.dataFiles = data.map { URL(fileURLWithPath: $0).lastPathComponent }
        options.badRows = failed
        options.costs = Costs(reviewMinutes: reviewMinutes, errorMinutes: errorMinutes)
        options.source = source
        options.labelSetCoverage = labelSets
        return options
    }

    func show(_ measured: EvaluationReport, _ folder: OutputFolder?) throws {
        let document = measured.document()
        try folder?.write([
            ("report.html", Array(document.html().utf8)), ("report.md", Array(document.markdown().utf8)),
            ("report.json", Array(measured.json().utf8)),
        ])
        guard !json else { return print(measured.summaryJSON()) }
        print(document.terminalText())
        if let report { print("\nwrote \(report)/report.html, report.md and report.json") }
    }
}

/// Labelled rows of several files, scored as they are read.
private struct LabelledRows {
    var evaluation: Evaluation
    var other: Evaluation?
    var failed = 0

    init(_ evaluation: Evaluation, against other: Evaluation?) {
        self.evaluation = evaluation
        self.other = other
    }

    /// Scores the rows of one file; bad ones are named on standard error and counted.
    mutating func read(_ path: String) throws {
        let rows = try RowReader(path: path)
        var faults: [BadRow] = []
        while let row = try rows.next() {
            do throws(BadRow) {
                let row = try row.get()
                try evaluation.add(row)
                try other?.add(row)
            } catch { faults.append(error) }
        }
        guard rows.count > 0 else { throw DataError.empty(path: rows.name) }
        if faults.count == rows.count {
            throw DataError.nothingUsable(
                path: rows.name, rows: rows.count, first: "line \(faults[0].line): \(faults[0].message)")
        }
        for fault in faults.prefix(10) {
            Terminal.say("triage: \(rows.name): line \(fault.line): \(fault.message)")
        }
        failed += faults.count
    }
}
