#if Service
import ArgumentParser
import TriageComparison
import TriageData
import TriageEngine
import TriageEvaluation
import TriageLLM
import TriageSettings

/// `triage compare`: the engine and a language model measured on the same labelled tickets.
struct Compare: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure the engine and a language model on the same labelled tickets.",
        discussion: """
            Reports with 95 % intervals the accuracy and time of both, and whether it pays to send the least sure tickets \
            to the model. Each answer is written to --record as it comes: after an interruption the same command \
            continues there, and repeats calls without an answer. --replay counts recorded answers without a model, to \
            the same report. Tickets that the model was trained on are left out. A record holds ids, hashes and labels, \
            no text of a ticket. --report writes report.json, report.md and report.html.
            For a model on a machine that this one cannot reach: --export writes the prompts, masked, with the allowed \
            labels; scripts/answer_prompts.py gets the model's answers there; --answers counts its file as if the model \
            had answered here.
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
        parsing: .unconditional,
        help: ArgumentHelp(
            "Use only this many tickets, drawn at random and the same each time (default: all).",
            valueName: "number"))
    var limit: Int?
    @Option(
        help: ArgumentHelp(
            "Where answers are kept as they come; an earlier run is continued.", valueName: "file"))
    var record: String?
    @Option(help: ArgumentHelp("Count the answers of a record; no model is called.", valueName: "file"))
    var replay: String?
    @Option(
        help: ArgumentHelp(
            "Write the prompts for a model on another machine; no model is called.", valueName: "file"))
    var export: String?
    @Option(
        help: ArgumentHelp(
            "Count the answers that scripts/answer_prompts.py wrote; with --record, also record them.",
            valueName: "file"))
    var answers: String?
    @OptionGroup var report: ReportOptions
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Minutes that triage of a ticket by hand takes.", valueName: "minutes"))
    var reviewMinutes = Costs().reviewMinutes
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Minutes that a wrong answer costs people.", valueName: "minutes"))
    var errorMinutes = Costs().errorMinutes
    @Option(
        help: ArgumentHelp(
            "A sentence for the head of the report, such as what the run is for.", valueName: "text"))
    var note: String?

    func validate() throws {
        let given = [replay, export, answers].compactMap(\.self).count
        guard given < 2, given == 1 || record != nil, record == nil || replay == nil && export == nil else {
            throw ValidationError(
                "Give one of --record, --replay, --export and --answers. --record takes a file for the answers, so that an "
                    + "interrupted run can continue; --replay takes one that has them; --export writes prompts for a model on "
                    + "another machine, and --answers takes what it answered there.")
        }
        guard record == nil || answers != nil || llm.isGiven else {
            throw ValidationError("--record needs a model: give --llm-url and --llm-model.")
        }
        for (flag, file) in [("--replay", replay), ("--export", export), ("--answers", answers)]
        where file != nil && llm.isGiven {
            throw ValidationError("\(flag) calls no model; leave out --llm-url, or record with --record.")
        }
        guard limit ?? 1 >= 1 else { throw ValidationError("--limit takes a number from 1.") }
        guard reviewMinutes >= 0, errorMinutes >= 0, (reviewMinutes + errorMinutes).isFinite else {
            throw ValidationError("--review-minutes and --error-minutes take numbers from 0.")
        }
    }

    func run() async throws {
        try await reportingErrors {
            let folder = try report.folder()
            for output in [record, export] { try LineOutput.refuse(output, as: data) }
            if let answers { try LineOutput.refuse(record, as: [answers]) }
            let snapshot = try options.loadSnapshot()
            options.sayKB()
            try snapshot.model.check(fields: field)
            try text.check(labels: field.isEmpty ? snapshot.model.heads.map(\.manifest.field) : field)
            let tickets = try LabelledTickets(
                data, text.columns(snapshot.model), snapshot, fields: field)
            Terminal.say(columnNotes: tickets.columnNotes)
            Terminal.say(tickets.faults)
            try tickets.checkFields(requested: field)
            if record != nil || export != nil { try tickets.checkRows(requested: field) }
            tickets.remarks(limit: limit).forEach { Terminal.say("triage: \($0)") }
            let comparison = ModelComparison(tickets, snapshot, limit: limit)
            if let export {
                try write(comparison, to: export)
            } else {
                let settings = try llm.settings(isOffline: !llm.isGiven)
                let answers = try await answers(comparison, settings)
                let prices = try settings.priceTable(with: answers.header.model)
                let result = try comparison.result(
                    answers, prices: prices,
                    costs: Costs(reviewMinutes: reviewMinutes, errorMinutes: errorMinutes), note: note)
                try report.show(result.document(), json: result.json(), summary: result.json(), folder)
            }
            if !tickets.faults.isEmpty { throw ExitCode.badData }
        }
    }

    /// The answers of a file, or of the model.
    private func answers(
        _ comparison: ModelComparison, _ settings: ServiceSettings.LanguageModel
    ) async throws -> ModelComparison.Answers {
        if let replay { return try comparison.recorded(in: replay) }
        if let answers { return try await comparison.answered(in: answers, record: record) }
        return try await ask(comparison, settings)
    }

    /// Writes the prompts, and what to do with them.
    private func write(_ comparison: ModelComparison, to path: String) throws {
        let sink = try LineOutput(path: path)
        let bar = ProgressBar("compare")
        let count: Int
        do {
            count = try comparison.export({ try sink.write($0) }) { done, all in
                bar.show("\(done) of \(all) tickets", fraction: Double(done) / Double(max(all, 1)))
            }
            try sink.finish()
        } catch {
            sink.abandon()
            throw error
        }
        bar.finish()
        Terminal.say(
            "triage: wrote the prompts of \(count.counted("ticket")) to \(path): masked, but still texts of tickets"
        )
        Terminal.say(
            "triage: where the model is: python3 answer_prompts.py \(path) --url http://HOST:PORT/v1 --model NAME "
                + "--output answers.jsonl")
        Terminal.say(
            "triage: then here, with all other options as now (--data, --model, --field and so on): triage compare … "
                + "--answers answers.jsonl")
    }

    /// Calls the model until a signal comes; the answers before it are kept.
    private func ask(
        _ comparison: ModelComparison, _ settings: ServiceSettings.LanguageModel
    ) async throws -> ModelComparison.Answers {
        guard let record, let options = try settings.options() else { throw LLMError.disabled }
        let bar = ProgressBar("compare")
        let (result, signal) = await cancelledBySignals { () async throws(LLMError) in
            try await comparison.record(with: options, in: record) { count, all in
                bar.show("\(count) of \(all) tickets", fraction: Double(count) / Double(all))
            }
        }
        bar.finish()
        guard case .failure(let error) = result else { return try result.get() }
        let remark = "answers are kept in \(record); the same command continues there"
        if let signal {
            Terminal.say("triage: stopped; \(remark)")
            throw ExitCode(128 + signal)
        }
        switch error {
        case .data, .badRecord, .badSetting(record, _): break
        default: if FileInput.exists(record) { Terminal.say("triage: \(remark)") }
        }
        throw error
    }
}
#endif
