import ArgumentParser
import TriageData
import TriageEngine
import TriageOutput
import TriageTickets

#if Service
import TriageLLM
import TriageSettings
#endif

/// `triage classify`: tickets in, decisions out.
struct Classify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Decide tickets: one decision a line, in order, ids echoed.",
        discussion: """
            Reads JSON Lines or CSV from --input or standard input. A row that cannot be read gives \
            {"id","line","error"} in its place, and exit code 65 at the end. A terminal shows a table instead, unless \
            you ask for explanations. With --llm-url a language model chooses labels of the bundle in --llm-fields: \
            such a field reaches "suggest" at most, has the reason LANGUAGE_MODEL, and never falls below a safety \
            floor. "notes" names what the model did, or why it did nothing. Identifiers are sent as placeholders.
            """)

    @OptionGroup var options: SnapshotOptions
    @OptionGroup var text: TextOption
    @OptionGroup var llm: LLMFlags
    @OptionGroup var llmDecisions: LLMDecisionFlags
    @Option(help: ArgumentHelp("Tickets to read (default: standard input).", valueName: "file"))
    var input = "-"
    @Option(help: ArgumentHelp("Where decisions go (default: standard output).", valueName: "file"))
    var output: String?
    @Flag(help: "Add each field's explanation.")
    var explain = false
    @OptionGroup var sets: LabelSetOptions
    @Flag(help: "JSON Lines, even on a terminal.")
    var json = false
    @Flag(help: "A table, even when the output is not a terminal.")
    var table = false

    func validate() throws {
        guard llm.isGiven || llmDecisions.flags.isEmpty else {
            throw ValidationError("--llm-fields, --llm-below and --llm-decision-timeout go with --llm-url.")
        }
        guard !llm.isGiven || !explain && sets.labelSets == nil else {
            throw ValidationError(
                "Explanations and label sets are the engine's; leave out --llm-url, or --explain and --label-sets."
            )
        }
        guard !(table && json) else { throw ValidationError("Give --table or --json, not both.") }
        guard !(table && explain) else {
            throw ValidationError("A table has no room for explanations; give --table or --explain.")
        }
    }

    func run() async throws {
        try await reportingErrors {
            let snapshot = try sets.applied(to: options.loadSnapshot())
            options.warnWithoutKB()
            llm.warnUnused()
            let isTable = table || !json && !explain && output == nil && Terminal.outputIsScreen
            let width = table && !Terminal.outputIsScreen ? 120 : Terminal.width
            let printer = isTable ? DecisionTable(width: width, model: snapshot.model) : nil
            let answers = RowAnswers(
                input: input, columns: text.columns(snapshot.model), output: output, isTable: isTable,
                header: printer?.header ?? [])
            guard try await !writeJudged(answers, snapshot, printer) else { return }
            var scratch = DecisionScratch(explaining: explain)
            try await answers.write { (ticket) async throws(BadRow) in
                line(snapshot.decide(ticket, &scratch), printer)
            }
        }
    }

    private func line(_ decision: Decision, _ printer: DecisionTable?) -> [UInt8] {
        printer?.line(decision) ?? JSONWriter.lineBytes { decision.write(to: &$0) }
    }

    #if Service
    /// Decides with a language model, as many tickets at a time as calls may be under way; false when none is named.
    private func writeJudged(
        _ answers: RowAnswers, _ snapshot: Snapshot, _ printer: DecisionTable?
    ) async throws -> Bool {
        guard llm.isGiven else { return false }
        let settings = try llm.settings(llmDecisions)
        let client = try settings.client()
        let decider = try LLMDecider(client, for: snapshot, settings.deciding)
        var answers = answers
        answers.group = settings.concurrency
        var scratch = DecisionScratch()
        var failures: [LLMError] = []
        var asked = 0
        defer { sayUnanswered(failures, of: asked) }
        try await client.closing {
            try await answers.writeGroups { tickets in
                let texts = tickets.map { $0.map(snapshot.prepare) }
                let engine = texts.compactMap { try? $0.get() }.map {
                    (text: $0, decision: snapshot.decide($0, &scratch))
                }
                var judged = await decider.reconsider(engine, with: snapshot)[...]
                asked += judged.count
                failures += judged.compactMap(\.failure)
                return texts.map { text in
                    text.map { _ in line(judged.removeFirst().decision, printer) }
                }
            }
        }
        return true
    }

    /// Notes that tickets were decided without the model that was named.
    private func sayUnanswered(_ failures: [LLMError], of count: Int) {
        guard let first = failures.first else { return }
        Terminal.say(
            "triage: warning: the engine alone decided \(failures.count) of \(count.counted("ticket")): "
                + first.description)
    }
    #else
    private func writeJudged(
        _ answers: RowAnswers, _ snapshot: Snapshot, _ printer: DecisionTable?
    ) async throws -> Bool { false }
    #endif
}
