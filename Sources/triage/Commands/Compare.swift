#if Service
import ArgumentParser
import TriageComparison
import TriageData
import TriageEngine
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
            the same report. Tickets that the model was trained on are left out. A record holds ids, hashes and labels, no text of a ticket. --report writes report.json, \
            report.md and report.html.
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
            "Use only this many tickets, drawn at random and the same each time (default: all).",
            valueName: "number"))
    var limit: Int?
    @Option(
        help: ArgumentHelp(
            "Where answers are kept as they come; an earlier run is continued.", valueName: "file"))
    var record: String?
    @Option(help: ArgumentHelp("Count the answers of a record; no model is called.", valueName: "file"))
    var replay: String?
    @OptionGroup var report: ReportOptions
    @Option(
        help: ArgumentHelp(
            "A sentence for the head of the report, such as what the run is for.", valueName: "text"))
    var note: String?

    func validate() throws {
        guard (record == nil) != (replay == nil) else {
            throw ValidationError(
                "Give either --record or --replay. --record takes a file for the answers, so that an interrupted run can "
                    + "continue; --replay takes one that has them.")
        }
        guard record == nil || llm.isGiven else {
            throw ValidationError("--record needs a model: give --llm-url and --llm-model.")
        }
        guard replay == nil || !llm.isGiven else {
            throw ValidationError("--replay calls no model; leave out --llm-url, or record with --record.")
        }
        guard limit ?? 1 >= 1 else { throw ValidationError("--limit takes a number from 1.") }
    }

    func run() async throws {
        try await reportingErrors {
            let folder = try report.folder()
            try LineOutput.refuse(record, as: data)
            let snapshot = try options.loadSnapshot()
            options.sayKB()
            try snapshot.model.check(fields: field)
            try text.check(labels: field.isEmpty ? snapshot.model.heads.map(\.manifest.field) : field)
            let tickets = try LabelledTickets(
                data, text.columns(snapshot.model), snapshot, fields: field)
            Terminal.say(columnNotes: tickets.columnNotes)
            Terminal.say(tickets.faults)
            try tickets.checkFields(requested: field)
            if record != nil { try tickets.checkRows(requested: field) }
            tickets.remarks(limit: limit).forEach { Terminal.say("triage: \($0)") }
            let comparison = ModelComparison(tickets, snapshot, limit: limit)
            let settings = try llm.settings()
            let answers =
                if let replay {
                    try comparison.recorded(in: replay)
                } else {
                    try await answers(comparison, settings)
                }
            let prices = try settings.priceTable(with: answers.header.model)
            let result = try comparison.result(answers, prices: prices, note: note)
            try report.show(result.document(), json: result.json(), summary: result.json(), folder)
            if !tickets.faults.isEmpty { throw ExitCode.badData }
        }
    }

    /// Calls the model until a signal comes; the answers before it are kept.
    private func answers(
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
