import ArgumentParser
import Foundation
import TriageData
import TriageEngine
import TriageEvaluation
import TriageModel
import TriageText
import TriageTickets
import TriageTraining

/// `triage evaluate`: a bundle measured on labelled tickets.
struct Evaluate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure a model on labelled tickets.",
        discussion: """
            Each figure has a 95 % interval. Rows that the model was trained on are left out, or named first when too few \
            others remain. Levels are those of classify with the same --kb: its playbook's floors count. \
            --report writes report.json, report.md and report.html into a folder; they show masked excerpts of tickets \
            that were answered wrongly.
            """)

    @OptionGroup var snapshot: SnapshotOptions
    @OptionGroup var text: TextOption
    @Option(help: ArgumentHelp("Labelled tickets; may be given several times.", valueName: "file"))
    var data: [String]
    @Option(help: ArgumentHelp("Only these fields (default: all of the model).", valueName: "name"))
    var label: [String] = []
    @OptionGroup var shape: LabelShapeOptions
    @OptionGroup var report: ReportOptions
    @Option(
        help: ArgumentHelp("Write every row's probabilities as JSON Lines; no text.", valueName: "file"))
    var predictions: String?
    @Option(help: ArgumentHelp("A second model, compared on the same rows.", valueName: "dir"))
    var against: String?
    @OptionGroup var comparisons: ComparisonOptions
    @Option(help: ArgumentHelp("A column to compare rows by, such as the channel.", valueName: "name"))
    var source: String?
    @Option(
        help: ArgumentHelp(
            "Rows with this label belong to none: they tell how well the model sees that.",
            valueName: "label"))
    var oosLabel: String?
    @OptionGroup var sets: LabelSetOptions
    @Flag(help: "Count rows that the model was trained on too, such as alerts that repeat word for word.")
    var countSeenRows = false
    @Flag(
        help:
            "Without a model: train on four fifths of --data at a time, as train does, and measure on the fifth left out."
    )
    var crossValidate = false
    @Flag(help: "With --cross-validate: join forms of one label, as train --merge-labels does.")
    var mergeLabels = false
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Minutes that triage of a ticket by hand takes.", valueName: "minutes"))
    var reviewMinutes = Costs().reviewMinutes
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Minutes that a wrong automatic answer costs.", valueName: "minutes"))
    var errorMinutes = Costs().errorMinutes

    func validate() throws {
        try checkCrossValidation()
        guard reviewMinutes >= 0, errorMinutes >= 0, (reviewMinutes + errorMinutes).isFinite else {
            throw ValidationError("--review-minutes and --error-minutes take numbers from 0.")
        }
    }

    func run() throws {
        try reportingErrors {
            if let predictions { try LineOutput.refuse(predictions, as: data + comparisons.train) }
            let folder = try report.folder()
            guard !crossValidate else { return try runCrossValidation(folder) }
            var evaluation = try empty(Installation.model(snapshot.model))
            var other = try against.map(empty)
            try text.check(labels: evaluation.snapshot.model.labelColumns(of: evaluation.fieldNames))
            try evaluation.snapshot.model.check(fields: label)
            try evaluation.checkFields(against: other)
            let faults = try evaluation.read(data, beside: &other)
            Terminal.say(columnNotes: evaluation.columnNotes)
            if let other { sayDifference(of: other.columnNotes, from: evaluation.columnNotes) }
            Terminal.say(faults)
            try evaluation.checkNames(against: other)
            var measured = EvaluationReport(evaluation, against: other, options(faults.count))
            try comparisons.add(to: &measured, evaluation, text: text.columns(evaluation.snapshot.model))
            if let predictions { try AtomicOutput.write(evaluation.predictions(), to: predictions) }
            try show(measured, folder)
            for hint in evaluation.fields.compactMap(\.unknownLabelsHint) { Terminal.say("triage: \(hint)") }
            if !faults.isEmpty { throw ExitCode.badData }
        }
    }

    private func empty(_ directory: String) throws -> Evaluation {
        let deciding = try snapshot.files.snapshotWithoutArticles(model: directory)
        return Evaluation(
            try sets.applied(to: deciding), columns: text.columns(deciding.model), only: label,
            source: source,
            outOfScopeLabel: oosLabel)
    }

    /// Names the columns that the second model reads, where they are others.
    private func sayDifference(of notes: [String], from first: [String]) {
        guard notes != first else { return }
        Terminal.say(columnNotes: notes.map { "--against: \($0)" })
    }

    private func options(_ failed: Int) -> EvaluationReport.Options {
        var options = EvaluationReport.Options()
        options.dataFiles = data.map { URL(fileURLWithPath: $0).lastPathComponent }
        options.badRows = failed
        options.costs = Costs(reviewMinutes: reviewMinutes, errorMinutes: errorMinutes)
        options.source = source
        options.labelSetCoverage = sets.labelSets?.value
        options.countsSeenRows = countSeenRows
        return options
    }

    private func show(_ measured: EvaluationReport, _ folder: OutputFolder?) throws {
        try report.show(
            measured.document(), json: measured.json(), summary: measured.summaryJSON(), folder)
    }

    // MARK: - Cross-validation

    /// Refuses what belongs to the evaluation of one bundle.
    private func checkCrossValidation() throws {
        guard crossValidate else {
            guard !mergeLabels else {
                throw ValidationError(
                    "--merge-labels belongs to --cross-validate; a model joins forms if its training did.")
            }
            guard shape.tree.isEmpty, shape.tags.isEmpty else {
                throw ValidationError(
                    "--tree and --tags are of a training: give them with --cross-validate; a model has its own."
                )
            }
            return
        }
        guard try !shape.fields(beside: label).isEmpty else {
            throw ValidationError("--cross-validate trains, so it needs --label, --tree or --tags.")
        }
        let others: [(String, Bool)] = [
            ("--model", snapshot.model != nil), ("--against", against != nil),
            ("--train", !comparisons.train.isEmpty), ("--predictions", predictions != nil),
            ("--oos-label", oosLabel != nil), ("--count-seen-rows", countSeenRows),
            ("--label-sets", sets.labelSets != nil),
        ]
        if let stray = others.first(where: { $0.1 }) {
            throw ValidationError("\(stray.0) is of one bundle, and --cross-validate trains several.")
        }
    }

    /// Measures a training on the rows of `--data`, each decided by a bundle that never saw it or its near-duplicates.
    private func runCrossValidation(_ folder: OutputFolder?) throws {
        try text.check(labels: shape.columns(beside: label))
        var columns = TrainingSet.Columns(text: text.columns(), labels: try shape.fields(beside: label))
        columns.joinsLabelForms = mergeLabels
        columns.shapes = shape.shapes
        let set = try TrainingSet(files: data, columns: columns, preparation: TextPreparation())
        Terminal.say(columnNotes: set.columnNotes)
        set.sayFaults()
        set.sayTrees()
        var training = TrainingOptions()
        training.ngrams.subjectCopies = set.hasSubjects
        training.columns = shape.shapes.trees
        let policy = try snapshot.files.policy()
        let language = try snapshot.files.languagePath.map {
            try Installation.bundle($0, signedBy: snapshot.files.signedBy)
        }
        let bar = ProgressBar("evaluate")
        let validation = try CrossValidation(
            set, rows: CrossValidation.rows(of: set, in: data, columns.tickets), text: columns.tickets,
            options: training,
            embedding: EmbeddingOption.load(nil), workers: comparisons.threads.workers, source: source
        ) {
            Snapshot(model: $0, policy: policy, language: language)
        } progress: { fold, progress in
            bar.show("fold \(fold + 1): \(progress.stage)", fraction: (Double(fold) + progress.fraction) / 5)
        }
        bar.finish()
        try show(EvaluationReport(validation, policy: policy, options(set.faults.count)), folder)
        if !set.faults.isEmpty { throw ExitCode.badData }
    }
}
