#if Service
import ArgumentParser
import Foundation
import TriageData
import TriageEngine
import TriageEvaluation
import TriageLLM
import TriageModel

/// `triage compare`: the engine and a language model measured on the same labelled tickets.
struct Compare: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure the engine and a language model on the same labelled tickets.",
        discussion: """
            Says with 95 % intervals what each gets right and takes, and whether it pays to send the least sure tickets to the \
            model. Each answer is written to --record as it comes: after an interruption the same command goes on from there, \
            and asks again where no answer came. --replay counts recorded answers without a model, to the same report. \
            A record holds ids, hashes and labels, no text of a ticket. --report writes report.json, report.md and report.html.
            """)

    @OptionGroup var options: SnapshotOptions
    @OptionGroup var text: TextOption
    @Option(help: ArgumentHelp("Labelled tickets; may be given several times.", valueName: "file"))
    var data: [String]
    @OptionGroup var llm: LLMFlags
    @Option(
        help: ArgumentHelp(
            "Only these fields (default: category and severity, as far as the data has them).",
            valueName: "name"))
    var field: [String] = []
    @Option(
        help: ArgumentHelp(
            "Ask about this many tickets, drawn at random and the same each time (default: all).",
            valueName: "number"))
    var limit: Int?
    @Option(
        help: ArgumentHelp(
            "Where answers are kept as they come; an earlier run is continued.", valueName: "file"))
    var record: String?
    @Option(help: ArgumentHelp("Count the answers of a record; no model is asked.", valueName: "file"))
    var replay: String?
    @Option(
        help: ArgumentHelp(
            "Write the report into this folder; an earlier one is kept as DIR.previous.", valueName: "dir"))
    var report: String?
    @Option(
        help: ArgumentHelp(
            "A sentence for the head of the report, such as what the run is for.", valueName: "text"))
    var note: String?
    @Flag(help: "JSON on standard output.")
    var json = false

    func validate() throws {
        guard (record == nil) != (replay == nil) else {
            throw ValidationError(
                "Give --record with a file for the answers, so that a run can go on after an interruption, or --replay with "
                    + "one that has them.")
        }
        guard record == nil || llm.isGiven else {
            throw ValidationError("--record needs a model to ask: give --llm-url and --llm-model.")
        }
        guard replay == nil || !llm.isGiven else {
            throw ValidationError("--replay asks no model; leave out --llm-url, or record with --record.")
        }
        guard limit ?? 1 >= 1 else { throw ValidationError("--limit takes a number from 1.") }
    }

    func run() async throws {
        try await reportingErrors {
            let folder = try report.map { (path) throws(DataError) in
                try OutputFolder(path, names: ["report.html", "report.md", "report.json"])
            }
            try LineOutput.refuse(record, as: data)
            let snapshot = try options.loadSnapshot()
            options.warnWithoutKB()
            try checkFields(snapshot)
            let rows = try LabelledTickets(data, text.columns, snapshot, fields: field)
            if let replay {
                try show(replayed(replay, rows, snapshot), folder)
            } else {
                try await show(asked(rows, snapshot), folder)
            }
            if rows.badRows > 0 { throw ExitCode.badData }
        }
    }

    private func checkFields(_ snapshot: Snapshot) throws {
        let known = snapshot.model.heads.map(\.manifest.field)
        if let stray = field.first(where: { !known.contains($0) }) {
            throw ValidationError(
                "The model has no field '\(stray)'; its fields are \(known.joined(separator: ", ")).".shown)
        }
        try text.check(labels: field.isEmpty ? known : field)
    }

    // MARK: - Answers

    private func replayed(_ path: String, _ rows: LabelledTickets, _ snapshot: Snapshot) throws
        -> LLMComparison
    {
        let (header, answers) = try AnswerRecord.read(path)
        let decider = try decider(.disabled, rows, snapshot)
        let wanted = RecordHeader(
            data: rows.fingerprint, snapshot: snapshot, decider: decider, model: header.model,
            concurrency: header.concurrency)
        try AnswerRecord.check(header, wanted, path)
        return try comparison(answers, header, rows, snapshot)
    }

    private func asked(_ rows: LabelledTickets, _ snapshot: Snapshot) async throws -> LLMComparison {
        let given = try llm.settings()
        guard let record, var settings = try given.options() else { throw LLMError.disabled }
        // A second question about the same words must cost and last what the first does.
        settings.cache = nil
        let client = try LLMClient.http(settings)
        do {
            let decider = try decider(client, rows, snapshot)
            let header = RecordHeader(
                data: rows.fingerprint, snapshot: snapshot, decider: decider, model: settings.model,
                concurrency: given.concurrency)
            let answers = try await ask(decider, rows, snapshot, AnswerFile(path: record, header: header))
            await client.shutdown()
            return try comparison(answers, header, rows, snapshot)
        } catch {
            await client.shutdown()
            throw error
        }
    }

    private func decider(
        _ client: LLMClient, _ rows: LabelledTickets, _ snapshot: Snapshot
    ) throws -> LLMDecider {
        var judging = LLMDecider.Options()
        judging.fields = rows.fields
        // A late answer is measured, not replaced by the engine's.
        judging.deadline = nil
        return try LLMDecider(client, for: snapshot, judging)
    }

    /// Asks about what has no answer yet; a signal ends that, and what came before it stays.
    private func ask(
        _ decider: LLMDecider, _ rows: LabelledTickets, _ snapshot: Snapshot, _ file: AnswerFile
    ) async throws -> [Int: RecordedAnswer] {
        let wanted = rows.sample(limit)
        let concurrency = file.header.concurrency
        let bar = ProgressBar("compare")
        let (result, signal) = await cancelledBySignals { () -> Result<AskedTickets, any Error> in
            do {
                return .success(try await AskedTickets(wanted, decider, snapshot, file, concurrency, bar))
            } catch {
                return .failure(error)
            }
        }
        bar.finish()
        switch result {
        case .success(let asked): return asked.answers
        case .failure(let error):
            let remark = "answers are kept in \(file.path); the same command goes on from there"
            if let signal {
                Terminal.say("triage: stopped; \(remark)")
                throw ExitCode(128 + signal)
            }
            switch error {
            case LLMError.data, LLMError.badSetting(file.path, _): throw error
            default: break
            }
            Terminal.say("triage: \(remark)")
            throw error
        }
    }

    // MARK: - Report

    private func comparison(
        _ answers: [Int: RecordedAnswer], _ header: RecordHeader, _ rows: LabelledTickets,
        _ snapshot: Snapshot
    ) throws -> LLMComparison {
        let wanted = rows.sample(limit)
        let counted = try AnsweredTickets(wanted, answers, rows.fields, snapshot)
        var options = LLMComparison.Options()
        options.bundleName = snapshot.model.manifest.name
        options.bundleSHA256 = snapshot.model.sha256
        options.modelName = header.model
        options.dataFiles = data.map { URL(fileURLWithPath: $0).lastPathComponent }
        options.rows = rows.count
        options.badRows = rows.badRows
        options.emptyRows = rows.emptyRows
        options.unusableRows = rows.unusableRows
        options.wantedTickets = wanted.count
        options.concurrency = header.concurrency
        let prices = try llm.settings().priceTable(with: header.model)
        options.price = prices.price(of: header.model).map { ($0.input, $0.output) }
        options.note = note
        return LLMComparison(counted.fields, counted.calls, options)
    }

    private func show(_ comparison: LLMComparison, _ folder: OutputFolder?) throws {
        let document = comparison.document()
        let json = comparison.json()
        try folder?.write([
            ("report.html", Array(document.html().utf8)), ("report.md", Array(document.markdown().utf8)),
            ("report.json", Array(json.utf8)),
        ])
        guard !self.json else { return print(json, terminator: "") }
        print(document.terminalText())
        if let report { print("\nwrote \(report)/report.html, report.md and report.json") }
    }
}
#endif
