import ArgumentParser
import Dispatch
import Foundation
import Synchronization
import TriageData
import TriageEngine
import TriageModel
import TriageNumerics
import TriageText
import TriageTraining
import TriageTickets

/// `triage train`: labelled tickets to a bundle.
struct Train: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Train a bundle from labelled tickets.",
        discussion: """
            Block weights and C are chosen by cross-validation on the training rows, near-duplicates on one side; \
            --fixed uses the documented settings instead (each block 1, C 30). Bad rows are listed and left out, and \
            change no exit code: 65 says that nothing could be trained.
            """)

    @Option(
        help: ArgumentHelp(
            "Labelled tickets, JSON Lines or CSV; may be given several times.", valueName: "file"))
    var data: [String] = []
    @Option(
        help: ArgumentHelp(
            "A store whose corrected and confirmed decisions are rows too: masked text and the labels that stand.",
            valueName: "dir"))
    var feedback: String?
    @Option(help: ArgumentHelp("A label column to learn; may be given several times.", valueName: "name"))
    var label: [String]
    @Option(
        help: ArgumentHelp(
            "What a label column is to a decision, such as category=queue or severity=priority; may be given twice. "
                + "Columns of these names have these roles by themselves.", valueName: "role=name"))
    var role: [String] = []
    @OptionGroup var text: TextOption
    @Option(
        help: ArgumentHelp(
            """
            The bundle's folder. An existing one is kept as DIR.previous, in place of an older one. \
            Refused when either holds anything but a bundle's three files.
            """, valueName: "dir"))
    var output: String
    @Option(help: "Threads (default: all processors). The bundle's bytes do not depend on it.")
    var threads: Int?
    @Flag(help: "No search: the documented settings, and no calibration unless asked for.")
    var fixed = false
    @Flag(help: "Hold rows out and calibrate with --fixed too: several times its time.")
    var calibrate = false
    @Option(help: ArgumentHelp("The embedding matrix, or none.", valueName: "dir|none"))
    var embedding: String?
    @Option(
        help: ArgumentHelp(
            "A column whose equal values (a requester) stay on one side of a split.", valueName: "name"))
    var group: String?
    @Option(help: ArgumentHelp("A column to split in time by.", valueName: "name"))
    var time: String?
    @Flag(help: "Rows weigh inversely to their label's frequency.")
    var balanced = false
    @Flag(help: "Reduce UUIDs, paths, times and numbers to their shapes.")
    var normalize = false
    @Option(
        help: ArgumentHelp(
            "What answers of level auto must reach, shown on held-out rows: precision=P or coverage=C.",
            valueName: "target"))
    var target = "precision=0.95"
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
    @Flag(help: "The subject's words count as the body's alone; without it they count once more, apart.")
    var plainSubject = false
    @Option(
        help: ArgumentHelp(
            "Begin with this bundle's settings and weights, such as yesterday's.", valueName: "dir"))
    var warmStart: String?
    @Option(help: ArgumentHelp("Markdown to end the bundle's card with.", valueName: "file"))
    var notes: String?
    @OptionGroup var siteTests: SiteTestOptions
    @Flag(help: "A report as JSON on standard output.")
    var json = false

    func validate() throws {
        guard !label.isEmpty, !data.isEmpty || feedback != nil else {
            throw ValidationError("Give --data (or --feedback) and --label at least once.")
        }
        guard Set(label).count == label.count else { throw ValidationError("A --label is given twice.") }
        guard threads ?? 1 >= 1 else { throw ValidationError("--threads takes a number from 1.") }
        guard (0...2).contains(words) else { throw ValidationError("--words takes 0, 1 or 2.") }
        guard (8...22).contains(bits) else { throw ValidationError("--bits takes a number from 8 to 22.") }
        guard AutoTarget(parsing: target) != nil else {
            throw ValidationError("--target takes precision=P or coverage=C, with a number between 0 and 1.")
        }
        guard memory >= 1 else { throw ValidationError("--memory takes a number of megabytes from 1.") }
        try text.check(labels: label)
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
            guard label.contains(parts[1]) else {
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
        return NGramOptions(shortest: parts[0], longest: parts[1], wordRun: words)
    }

    func run() throws {
        try reportingErrors {
            let start = ContinuousClock.now
            let place = try OutputFolder(output, names: ModelBundle.fileNames)
            let preparation = TextPreparation(
                masked: IdentifierKind.allCases.map(\.rawValue), normalizesMachineText: normalize)
            let columns = TrainingSet.Columns(
                text: text.columns, labels: label, outOfScopeLabel: oosLabel, group: group, time: time)
            let feedback = try self.feedback.map { try Corrected(store: $0) }
            let set = try TrainingSet(
                files: data, columns: columns, preparation: preparation, adding: feedback?.rows)
            try set.check([("--time", time, \.time), ("--group", group, \.group)])
            try set.check(outOfScopeLabel: oosLabel)
            if let time { try set.checkTimes(column: time) }
            report(set)
            feedback?.report(used: set.added)
            let matrix = try Places.loadEmbedding(embedding)
            let options = try options(set, matrix?.table)
            let tests = try siteTests.load(set, options)
            let interrupted = Interrupt()
            let bar = ProgressBar("train")
            let trainer = Trainer(
                options, embedding: matrix,
                workers: Workers(threads ?? ProcessInfo.processInfo.activeProcessorCount)
            ) { progress in
                try interrupted.check()
                bar.show(progress.stage, fraction: progress.fraction)
            }
            let bundle = try trainer.train(set)
            try interrupted.check()
            try siteTests.check(tests, bundle, matrix?.table)
            try place.write(bundle.files)
            bar.finish()
            warnOfRoles(in: bundle)
            if let tests, !json {
                print(
                    "\(tests.path): \(tests.count == 1 ? "its test holds" : "all \(tests.count) tests hold")")
            }
            show(bundle, set, seconds: start.duration(to: .now) / .seconds(1))
        }
    }

    /// A column that no row has would leave the rows to be split by another rule than the one asked for.
    private func options(_ set: TrainingSet, _ embedding: EmbeddingTable?) throws -> TrainingOptions {
        var options = TrainingOptions()
        options.name = URL(fileURLWithPath: output).lastPathComponent
        options.ngrams = try runs()
        options.ngrams.subjectCopies = set.hasSubjects && !plainSubject
        options.roles = try roles()
        options.bits = ModelManifest.BucketBits(words: bits, characters: bits)
        options.normalizesMachineText = normalize
        options.fixedHyperparameters = fixed ? TrainingOptions.documentedHyperparameters : nil
        options.calibratesFixed = calibrate
        options.balancesClasses = balanced
        options.splitsByTime = time != nil
        options.calibrates = !coldStart
        options.target = AutoTarget(parsing: target) ?? options.target
        options.memoryLimitMegabytes = memory
        options.cardNotes =
            try notes.map { "\n" + String(decoding: try FileInput.bytes(of: $0), as: UTF8.self) } ?? ""
        options.warmStart = try warmStart.map {
            try WarmStart(
                ModelBundle(directory: $0, homes: Places.roots), ngrams: options.ngrams, bits: options.bits,
                embedding: embedding)
        }
        return options
    }

    private func report(_ set: TrainingSet) {
        for fault in set.faults.prefix(10) {
            Terminal.say("triage: \(fault.file): line \(fault.row.line): \(fault.row.message)")
        }
        if set.faults.count > 10 { Terminal.say("triage: … and \(set.faults.count - 10) more bad rows") }
    }

    private func warnOfRoles(in bundle: TrainedBundle) {
        for (role, answer) in Decision.defaults
        where !bundle.manifest.heads.contains(where: { $0.role == role }) {
            Terminal.say(
                "triage: no label has the role \(role), so every decision will say \(answer) there; "
                    + "name one with --role \(role)=NAME")
        }
    }

    private func show(_ bundle: TrainedBundle, _ set: TrainingSet, seconds: Double) {
        if json { return print(jsonReport(bundle, set, seconds)) }
        print(
            "\(set.examples.count) rows, \(set.faults.count) bad, \(set.unlabelled) without a label"
                + String(format: "; %.1f s", seconds))
        for (head, fit) in zip(bundle.manifest.heads, bundle.fits) {
            let settings = head.settings
            var line =
                "\(head.field): \(head.labels.count) labels, character weight \(settings.characterWeight), "
            line += "embedding weight \(settings.embeddingWeight), C \(settings.inversePenalty)"
            if let accuracy = head.metrics["held_out_accuracy"], let rows = head.metrics["held_out_rows"] {
                line += String(format: "; held-out accuracy %.4f on %d rows", accuracy, Int(rows))
            }
            print(line.shown + (fit.converged ? "" : "; stopped after \(fit.iterations) iterations"))
            print(AutoReport.sentence(head, bundle.scores[head.field]).shown)
        }
        let changed = bundle.manifest.training.changedByRounding.sorted { $0.key < $1.key }
        print(
            String(
                format: "pruned %.4f of the weights' energy; rounding changed ",
                bundle.manifest.training.prunedEnergy)
                + changed.map { "\($0.value) row\($0.value == 1 ? "" : "s") of \($0.key.shown)" }.joined(
                    separator: ", "))
        print("wrote \(output)")
    }

    private func jsonReport(_ bundle: TrainedBundle, _ set: TrainingSet, _ seconds: Double) -> String {
        var writer = JSONWriter()
        writer.object { json in
            json.key("rows")
            json.integer(set.examples.count)
            json.key("bad_rows")
            json.integer(set.faults.count)
            json.key("unlabelled")
            json.integer(set.unlabelled)
            if feedback != nil {
                json.key("feedback_rows")
                json.integer(set.added)
            }
            json.key("seconds")
            json.number((seconds * 1000).rounded() / 1000)
            json.key("fields")
            json.object { json in
                for (head, fit) in zip(bundle.manifest.heads, bundle.fits) {
                    json.key(named: head.field)
                    json.object { json in
                        json.key("labels")
                        json.integer(head.labels.count)
                        json.key("settings")
                        json.object { json in
                            json.key("character_weight")
                            json.number(head.settings.characterWeight)
                            json.key("embedding_weight")
                            json.number(head.settings.embeddingWeight)
                            json.key("inverse_penalty")
                            json.number(head.settings.inversePenalty)
                        }
                        for (name, value) in head.metrics.sorted(by: { $0.key < $1.key }) {
                            json.key(named: name)
                            json.number(value)
                        }
                        json.key("iterations")
                        json.integer(fit.iterations)
                        json.key("converged")
                        json.bool(fit.converged)
                        json.key("changed_by_rounding")
                        json.integer(bundle.manifest.training.changedByRounding[head.field] ?? 0)
                    }
                }
            }
        }
        return writer.text
    }
}

/// A request to stop seen between two steps of the work, so that nothing is left half written.
final class Interrupt {
    private let sources: [any DispatchSourceSignal]
    private let seen: Flag

    private final class Flag: Sendable {
        let signal = Atomic<Int32>(0)
    }

    init() {
        let flag = Flag()
        seen = flag
        sources = [SIGINT, SIGTERM, SIGHUP].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { flag.signal.store(number, ordering: .relaxed) }
            source.resume()
            return source
        }
    }

    func check() throws {
        let number = seen.signal.load(ordering: .relaxed)
        guard number != 0 else { return }
        Terminal.status("")
        Terminal.say("triage: interrupted; nothing was written")
        throw ExitCode(128 + number)
    }
}
