import ArgumentParser
import TriageData
import TriageEngine
import TriageEvaluation
import TriageModel
import TriageText
import TriageTraining
import TriageTickets

/// `triage audit`: which labels of a training set are probably wrong.
struct Audit: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Rank labelled tickets whose label is probably wrong, and name labels that are hard to distinguish.",
        discussion: """
            Weights that never saw a row or its near-duplicates judge it. Each doubtful row gives one line of JSON, the \
            likeliest mistakes first, with its row in a spreadsheet, its id, the words for either label and the most similar \
            rows with the other label; words are masked. How many labels are wrong is estimated only if the model is good \
            enough to tell. --csv writes a spreadsheet of row, line, id, label, suggested label, probabilities and words.
            """)

    @Option(help: ArgumentHelp("Labelled tickets; may be given several times.", valueName: "file"))
    var data: [String]
    @Option(
        help: ArgumentHelp(
            "The label column to audit; with a model of one field it may be left out.", valueName: "name"))
    var label: String?
    @OptionGroup var shape: LabelShapeOptions
    @Flag(help: "Forms of one label (Hardware, hardware; 1, 1.0) become the commonest of them.")
    var mergeLabels = false
    @OptionGroup var text: TextOption
    @Option(
        help: ArgumentHelp("A model: the columns that it was trained on are read.", valueName: "dir"))
    var model: String?
    @Option(help: ArgumentHelp("Rows to list at most.", valueName: "n"))
    var top = 1000
    @Option(help: ArgumentHelp("Where the lines go (default: standard output).", valueName: "file"))
    var output: String?
    @OptionGroup var sheet: SheetOption
    @Option(help: ArgumentHelp("A page with the same, to read.", valueName: "file"))
    var html: String?
    @Option(
        help: ArgumentHelp(
            "A column whose equal values (a requester) stay on one side of a split.", valueName: "name"))
    var group: String?
    @OptionGroup var embedding: EmbeddingOption
    @OptionGroup var threads: ThreadsOption

    func validate() throws {
        try sheet.check(output)
        guard !data.isEmpty else { throw ValidationError("Give --data at least once.") }
        let fields = try shape.fields(beside: labels)
        guard fields.count == 1 || fields.isEmpty && model != nil else {
            throw ValidationError("Name one column with --label, or with --tree or --tags.")
        }
        guard shape.tags.isEmpty || html == nil else {
            throw ValidationError("--html is of a column with one label a row; tags have JSON and --csv.")
        }
        try text.check(labels: shape.columns(beside: labels))
        guard top >= 1 else { throw ValidationError("--top takes a number from 1.") }
        guard output == nil || output != html else {
            throw ValidationError("--output and --html are one file.")
        }
    }

    private var labels: [String] { label.map { [$0] } ?? [] }

    func run() throws {
        try reportingErrors {
            try LineOutput.refuse(output, [html], as: data)
            let bundle = try model.map { try Installation.bundle($0) }
            let field = try shape.fields(beside: labels).first ?? onlyField(of: bundle)
            var columns = TrainingSet.Columns(text: text.columns(bundle), labels: [field], group: group)
            columns.shapes = shape.shapes
            columns.joinsLabelForms = mergeLabels
            let set = try TrainingSet(files: data, columns: columns, preparation: TextPreparation())
            Terminal.say(columnNotes: set.columnNotes)
            try set.check([("--group", group, \.group)])
            set.sayFaults()
            set.sayTrees()
            set.labelNotes.flatMap(\.lines).forEach { Terminal.say("triage: \($0)".shown) }
            let matrix = try embedding.load()
            let bar = ProgressBar("audit")
            guard !set.hasTags[0] else {
                let audit = try TagAudit(
                    set, field: 0, options: TrainingOptions(), embedding: matrix, workers: threads.workers
                ) { bar.show("hold out \(field)", fraction: $0) }
                bar.finish()
                try write(
                    audit.suspects.indices, header: TagAudit.sheetHeader,
                    sheet: { audit.sheetRow($0, of: set) }
                ) { audit.writeSuspect($0, of: set, to: &$1) }
                audit.summary(set, field: field).forEach { Terminal.say($0.shown) }
                return
            }
            let audit = try LabelAudit(
                set, field: 0, options: TrainingOptions(), embedding: matrix,
                workers: threads.workers
            ) { bar.show("hold out \(field)", fraction: $0) }
            bar.finish()
            try write(
                audit.suspects.indices, header: audit.sheetHeader, sheet: { audit.sheetRow($0, of: set) }
            ) { audit.writeSuspect($0, of: set, to: &$1) }
            let page = AuditReport(audit, set, field: field, top: top)
            if let html { try AtomicOutput.write(Array(page.document.html().utf8), to: html) }
            page.summary.forEach { Terminal.say($0.shown) }
        }
    }

    /// The field of a model that has one.
    private func onlyField(of bundle: ModelBundle?) throws -> String {
        let fields = bundle?.heads.map(\.manifest.field) ?? []
        guard fields.count == 1 else {
            throw ValidationError(
                "The model has \(fields.count.counted("field")): \(fields.joined(separator: ", ")); "
                    + "name the one to audit with --label.")
        }
        return fields[0]
    }

    private func write(
        _ ranks: Range<Int>, header: [UInt8], sheet row: (Int) -> [UInt8],
        json: (Int, inout JSONWriter) -> Void
    ) throws {
        let isSheet = sheet.isWanted(for: output)
        let sink = try LineOutput(path: output)
        if isSheet { try sink.write(header) }
        for rank in ranks.prefix(top) {
            try sink.write(
                isSheet ? row(rank) : JSONWriter.lineBytes { writer in writer.object { json(rank, &$0) } })
        }
        try sink.finish()
    }
}
