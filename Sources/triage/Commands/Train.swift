import ArgumentParser
import TriageData
import TriageEngine
import TriageEvaluation
import TriageModel
import TriageText
import TriageTraining
import TriageTickets

/// `triage train`: labelled tickets to a bundle.
struct Train: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Train a model from labelled tickets.",
        discussion: """
            Block weights and C are chosen by cross-validation on the training rows, near-duplicates on one side; \
            --fixed uses the documented settings instead (each block 1, C 30). Bad rows are listed and left out, and \
            change no exit code: 65 means that nothing could be trained.
            """)

    @Option(
        help: ArgumentHelp(
            "Labelled tickets, JSON Lines or CSV; may be given several times.", valueName: "file"))
    var data: [String] = []
    @Option(
        help: ArgumentHelp(
            "A store whose corrected and confirmed decisions are rows too: masked text and the final labels.",
            valueName: "dir"))
    var feedback: String?
    @Option(
        help: ArgumentHelp(
            "A label column to learn; may be given several times (default: the category and severity that the names and values "
                + "of the first file's columns suggest).", valueName: "name"))
    var label: [String] = []
    @OptionGroup var shape: LabelShapeOptions
    @Flag(
        help: "Forms of one label (Hardware, hardware; E-mail, Email; 1, 1.0) become the commonest of them.")
    var mergeLabels = false
    @Option(
        help: ArgumentHelp(
            "Right labels by ticket id, with the columns of --data; they win over --data. Tickets with text are added.",
            valueName: "file"))
    var corrections: [String] = []
    @Option(
        help: ArgumentHelp(
            "What a label column is to a decision, such as category=queue or severity=priority; may be given twice. "
                + "Columns of these names have these roles by themselves.", valueName: "role=name"))
    var role: [String] = []
    @OptionGroup var text: TextOption
    @Option(
        help: ArgumentHelp(
            """
            The model's folder. An existing one is kept as DIR.previous, in place of an older one. \
            Refused when either holds anything but a bundle's files: \(ModelBundle.fileNames.joined(separator: ", ")).
            """, valueName: "dir"))
    var output: String?
    @Option(
        help: ArgumentHelp(
            "Instead of --output: a registry, made where it is missing. The model becomes its next version, and its champion if "
                + "it has none.", valueName: "dir"))
    var registry: String?
    @OptionGroup var threads: ThreadsOption
    @Flag(help: "No search: the documented settings, and no calibration without --calibrate.")
    var fixed = false
    @Flag(help: "Hold rows out and calibrate with --fixed too; takes several times as long.")
    var calibrate = false
    @OptionGroup var embedding: EmbeddingOption
    @Option(
        help: ArgumentHelp(
            "A column whose equal values (a requester) stay on one side of a split.", valueName: "name"))
    var group: String?
    @Option(help: ArgumentHelp("A column to split in time by.", valueName: "name"))
    var time: String?
    @Flag(
        help:
            "Train on 1/8, 1/4 and 1/2 of the rows too, and keep in the model how right each is on held-out rows."
    )
    var learningCurve = false
    @Flag(help: "Rows weigh inversely to their label's frequency.")
    var balanced = false
    @Flag(help: "Reduce UUIDs, paths, times and numbers to their shapes.")
    var normalize = false
    @Option(
        help: ArgumentHelp(
            "What answers of level auto must reach, shown on held-out rows: precision=P or coverage=C, such as "
                + "precision=0.95, the default; 95% alone is a precision. With --warm-start the default is the earlier model's.",
            valueName: "target"))
    var target: String?
    @OptionGroup var foreign: ForeignOption
    @Option(
        help: ArgumentHelp(
            "Tickets without labels, whose text teaches too where cross-validation gains by it; helps most with few labelled "
                + "rows. May be given several times.", valueName: "file"))
    var unlabelled: [String] = []
    @Option(
        help: ArgumentHelp(
            "What the threshold of each tag is solved for on held-out rows: f1, or precision=P.",
            valueName: "target"))
    var tagTarget = "f1"
    @Option(
        help: ArgumentHelp(
            "The label of rows that none of the others fits: they teach what is out of scope.",
            valueName: "label"))
    var oosLabel: String?
    @Flag(help: "The labels are not the site's own: answers never reach level auto.")
    var coldStart = false
    @Option(
        help: ArgumentHelp(
            "Megabytes that training may need by an estimate made before it starts.", valueName: "mb"))
    var memory = 8192
    @Option(help: ArgumentHelp("Character runs, shortest-longest.", valueName: "n-m"))
    var characters = "3-5"
    @Option(help: ArgumentHelp("Word runs: 0 none, 1 single words, 2 pairs too.", valueName: "n"))
    var words = 2
    @Option(help: ArgumentHelp("2^bits buckets for each sparse block.", valueName: "bits"))
    var bits = 17
    @Option(help: ArgumentHelp("An n-gram must be in so many rows to count.", valueName: "n"))
    var minimumRows = 2
    @Flag(help: "The subject's words count as the body's alone; without it they count once more, apart.")
    var plainSubject = false
    @Option(
        help: ArgumentHelp(
            "Begin with this model's settings, weights and repeated paragraphs, such as yesterday's.",
            valueName: "dir"))
    var warmStart: String?
    @Option(help: ArgumentHelp("Markdown to end the model's card with.", valueName: "file"))
    var notes: String?
    @Option(
        help: ArgumentHelp(
            "The language identifier's folder, or none: it counts the languages of the rows, which decisions then expect.",
            valueName: "dir|none"))
    var language: String?
    @OptionGroup var siteTests: SiteTestOptions
    @Flag(help: "A report as JSON on standard output.")
    var json = false

    func validate() throws {
        let fields = try shape.fields(beside: label)
        guard !data.isEmpty || feedback != nil && !fields.isEmpty else {
            throw ValidationError("Give --data, or --feedback and --label (or --tree, --tags).")
        }
        guard (output == nil) != (registry == nil) else {
            throw ValidationError("Give --output, the model's folder, or --registry.")
        }
        guard (0...2).contains(words) else { throw ValidationError("--words takes 0, 1 or 2.") }
        guard (8...22).contains(bits) else { throw ValidationError("--bits takes a number from 8 to 22.") }
        guard target.map({ AutoTarget(parsing: $0) != nil }) ?? true else {
            throw ValidationError("--target takes \(AutoTarget.expected).")
        }
        guard TagGoal(parsing: tagTarget) != nil else {
            throw ValidationError("--tag-target takes \(TagGoal.expected).")
        }
        guard unlabelled.isEmpty || !fixed else {
            throw ValidationError(
                "--unlabelled is weighed by cross-validation, which --fixed leaves out; give one of them.")
        }
        guard !learningCurve || !fixed || calibrate else {
            throw ValidationError(
                "--learning-curve needs held-out rows: leave --fixed out, or add --calibrate.")
        }
        guard minimumRows >= 1 else { throw ValidationError("--minimum-rows takes a number from 1.") }
        guard memory >= 1 else { throw ValidationError("--memory takes a number of megabytes from 1.") }
        try text.check(labels: shape.columns(beside: label))
        _ = try runs()
        _ = try roles()
    }

    /// The label column of each role that was given.
    private func roles() throws -> [String: String] {
        var roles: [String: String] = [:]
        for entry in role {
            let parts = entry.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, Decision.defaults.contains(where: { $0.role == parts[0] }) else {
                throw ValidationError("--role takes category=NAME or severity=NAME.")
            }
            guard try shape.fields(beside: label).contains(parts[1]) else {
                throw ValidationError("--role \(entry) names no --label; give --label \(parts[1]) too.")
            }
            guard roles[parts[0]] == nil, !roles.values.contains(parts[1]) else {
                throw ValidationError("--role \(entry): each role and each label takes one --role.")
            }
            roles[parts[0]] = parts[1]
        }
        return roles
    }

    private func runs() throws -> NGramOptions {
        let parts = characters.split(separator: "-").compactMap { Int($0) }
        guard parts.count == 2, parts[0] >= 1, parts[0] <= parts[1], parts[1] <= 8 else {
            throw ValidationError("--characters takes shortest-longest, such as 3-5, at most 8.")
        }
        return NGramOptions(minimumRun: parts[0], maximumRun: parts[1], wordRun: words)
    }

    func run() throws {
        guard try !shape.fields(beside: label).isEmpty || data.isEmpty else {
            return try withSuggestedLabels().run()
        }
        try reportingErrors {
            let start = ContinuousClock.now
            let place = try destination()
            let sources = try self.sources()
            let (set, matrix, options, feedback) = try read()
            let tests = try siteTests.load(set, options)
            let stop = StopSignals(ending: "triage: interrupted; nothing was written")
            let bar = ProgressBar("train")
            let trainer = Trainer(options, embedding: matrix, workers: threads.workers) { progress in
                bar.show(progress.stage, fraction: progress.fraction)
            }
            let bundle = try trainer.train(set)
            try tests?.check(bundle, matrix?.table)
            try sources.check()
            stop.beginWriting()
            let written = try place.write(bundle)
            bar.finish()
            if let tests, !json {
                print(
                    "\(tests.path): \(tests.count == 1 ? "its test holds" : "all \(tests.count) tests hold")")
            }
            let report = TrainingReport(
                bundle, set, seconds: start.duration(to: .now) / .seconds(1), countsFeedback: feedback != nil)
            if json {
                print(JSONWriter.line { report.write(to: &$0) })
            } else {
                report.lines.forEach { print($0.shown) }
                print(written)
            }
            // What is read through one pipe shows the report before the warnings that follow from it.
            guard Terminal.flush() else { return }
            LeakWarnings(set, workers: threads.workers).lines.forEach {
                Terminal.say("triage: warning: \($0)")
            }
            warnOfRoles(in: bundle)
            warnOfSplits(in: bundle)
            bundle.manifest.heads.compactMap { ForeignShare.note($0, foreign.share) }.forEach {
                Terminal.say("triage: warning: \($0)")
            }
        }
    }

    /// What a training is made of.
    typealias Parts = (
        set: TrainingSet, matrix: (name: String, table: EmbeddingTable)?, options: TrainingOptions,
        feedback: Corrected?
    )

    /// Reads the rows and what shapes the training.
    func read() throws -> Parts {
        let preparation = TextPreparation(
            masked: IdentifierKind.allCases.map(\.rawValue), normalizesMachineText: normalize)
        let feedback = try self.feedback.map { try Corrected(store: $0) }
        let earlier = try warmStart.map { try Installation.bundle($0) }
        let columns = try self.columns(after: earlier)
        var set = try TrainingSet(
            files: data, columns: columns, preparation: preparation, adding: feedback?.rows,
            known: earlier?.preparation.repeated ?? RepeatedParagraphs(),
            corrections: corrections.isEmpty
                ? nil : LabelCorrections(files: corrections, columns: columns),
            workers: threads.workers)
        Terminal.say(columnNotes: set.columnNotes)
        try set.questionLabels()
        try set.check([("--time", time, \.time), ("--group", group, \.group)])
        try set.check(outOfScopeLabel: oosLabel)
        try addUnlabelled(to: &set, columns, preparation)
        let splitsByTime = try self.splitsByTime(set, columns)
        sayRequesters(set)
        set.sayTrees()
        set.sayFaults()
        feedback?.report(used: set.added)
        let matrix = try embedding.load()
        var options = try options(set, matrix?.table, earlier)
        options.splitsByTime = splitsByTime
        options.languageRows = try languageRows(of: set)
        // Rows that are not the site's own do not show the shares of its tickets.
        options.languages = coldStart ? nil : options.languageRows.flatMap(LanguageIdentifier.shares(of:))
        return (set, matrix, options, feedback)
    }

    private func options(
        _ set: TrainingSet, _ embedding: EmbeddingTable?, _ earlier: ModelBundle?
    ) throws -> TrainingOptions {
        var options = TrainingOptions()
        options.name = try modelName()
        options.ngrams = try runs()
        options.ngrams.subjectCopies = set.hasSubjects && !plainSubject
        options.roles = try roles()
        options.columns = shape.shapes.trees
        options.bits = ModelManifest.BucketBits(words: bits, characters: bits)
        options.minimumDocuments = minimumRows
        options.normalizesMachineText = normalize
        options.fixedHyperparameters = fixed ? TrainingOptions.documentedHyperparameters : nil
        options.calibratesFixed = calibrate
        options.measuresLearning = learningCurve
        options.balancesClasses = balanced
        options.calibrates = !coldStart
        options.target =
            target.flatMap { AutoTarget(parsing: $0) } ?? earlier.flatMap(target(of:)) ?? options.target
        options.foreign = foreign.share ?? earlier.flatMap(foreignShare(of:)) ?? options.foreign
        options.tagGoal = TagGoal(parsing: tagTarget) ?? options.tagGoal
        options.memoryLimitMegabytes = memory
        options.cardNotes =
            try notes.map { "\n" + String(decoding: try FileInput.bytes(of: $0), as: UTF8.self) } ?? ""
        options.warmStart = try earlier.map {
            try WarmStart($0, ngrams: options.ngrams, bits: options.bits, embedding: embedding)
        }
        return options
    }

    /// How many rows are in each language; nil without a language identifier.
    private func languageRows(of set: TrainingSet) throws -> [String: Int]? {
        guard let path = DecisionFiles(language: language).languagePath else { return nil }
        let bundle = try Installation.bundle(path)
        return LanguageIdentifier(bundle)?.counts(
            among: set.examples.lazy.map { (subject: $0.subject, body: $0.body) })
    }

    /// Notes that no row could be held out, as where each later row is of a requester who wrote before.
    private func warnOfSplits(in bundle: TrainedBundle) {
        guard !fixed || calibrate, let group, let time,
            bundle.manifest.heads.allSatisfy({ $0.metrics["held_out_rows"] == nil })
        else { return }
        Terminal.say(
            "triage: warning: each later row by \"\(time)\" has a value of \"\(group)\" that an earlier row has too, "
                + "so no rows were held out: nothing is measured, and no answer is auto; give --time or --group alone"
        )
    }

    private func warnOfRoles(in bundle: TrainedBundle) {
        for (role, answer) in Decision.defaults
        where !bundle.manifest.heads.contains(where: { $0.role == role }) {
            Terminal.say(
                "triage: no label has the role \(role), so every decision will use \(answer) there; "
                    + "name one with --role \(role)=NAME")
        }
    }
}
