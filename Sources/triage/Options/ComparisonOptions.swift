import ArgumentParser
import TriageData
import TriageEngine
import TriageEvaluation
import TriageModel
import TriageTickets
import TriageTraining

/// What an evaluation is compared with through the training file.
struct ComparisonOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Training tickets: baselines that learn from them, and near-duplicates between them and the data.",
            valueName: "file"))
    var train: [String] = []
    @Option(
        help: ArgumentHelp(
            "A column of --train to split in time by, against splits at random.", valueName: "name"))
    var time: String?
    @Flag(help: "Train on 1/8, 1/4, 1/2 and all of --train.")
    var learningCurve = false
    @OptionGroup var threads: ThreadsOption

    func validate() throws {
        guard !train.isEmpty || time == nil && !learningCurve else {
            throw ValidationError("--time and --learning-curve need --train.")
        }
    }

    /// Fills in a report what the training file adds; nothing without one.
    func add(to report: inout EvaluationReport, _ evaluation: Evaluation, text: TicketColumns) throws {
        guard !train.isEmpty else { return }
        guard !report.fields.isEmpty else {
            throw ValidationError(
                "--train is for fields with one label a ticket; these rows have tags alone.")
        }
        let model = evaluation.snapshot.model
        var columns = TrainingSet.Columns(text: text, labels: report.fields.map(\.name), time: time)
        columns.joinsLabelForms = model.heads.contains { $0.manifest.joinsLabelForms == true }
        columns.shapes = TrainingSet.LabelColumns(model)
        let set = try TrainingSet(files: train, columns: columns, preparation: model.preparation)
        Terminal.say(columnNotes: set.columnNotes)
        set.sayFaults()
        let bar = ProgressBar("evaluate")
        let comparisons = Comparisons(
            set, FixedTraining(embedding: try Installation.embedding(of: model), workers: threads.workers),
            timeColumn: time,
            learningCurve: learningCurve
        ) { bar.show($0, fraction: $1) }
        try comparisons.add(to: &report, evaluation)
        bar.finish()
    }
}
