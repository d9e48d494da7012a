import ArgumentParser
import TriageData
import TriageEngine
import TriageModel
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
            Reads JSON Lines or CSV from --input or standard input, or one ticket as an argument. A row that cannot be read \
            gives {"id","line","error"} in its place, and exit code 65 at the end; an input without rows, 66; with \
            --bad-rows keep, 0. A terminal \
            shows a table instead, unless you ask for explanations. --csv writes a spreadsheet: for each field label, \
            probability, level, reason and deciding words, then article, next action, summary, notes and error. Text \
            that begins with = + - @ or a tab gets an apostrophe, so that no spreadsheet runs it. With --llm-url a \
            language model chooses labels of the bundle in --llm-fields: such a field reaches "suggest" at most, has the reason LANGUAGE_MODEL, and never falls below a safety \
            floor. "notes" names what the model did, or why it did nothing. Identifiers are sent as placeholders.
            """)

    @OptionGroup var options: SnapshotOptions
    @OptionGroup var tickets: TicketsArgument
    @OptionGroup var llm: LLMFlags
    @OptionGroup var search: SearchFlags
    @OptionGroup var llmDecisions: LLMDecisionFlags
    @Option(help: ArgumentHelp("Where decisions go (default: standard output).", valueName: "file"))
    var output: String?
    @Flag(help: "Add each field's explanation.")
    var explain = false
    @OptionGroup var sets: LabelSetOptions
    @OptionGroup var memory: RememberOption
    @OptionGroup var sheet: SheetOption
    @OptionGroup var badRows: BadRowsOption
    @Option(
        help: ArgumentHelp(
            "Only these members of each answer, separated by commas, beside id and model: category,severity.",
            valueName: "names"))
    var fields: String?
    @Flag(help: "JSON Lines, even on a terminal.")
    var json = false
    @Flag(help: "A table, even when the output is not a terminal.")
    var table = false

    func validate() throws {
        try sheet.check(output)
        guard llm.isGiven || llmDecisions.flags.isEmpty else {
            throw ValidationError("--llm-fields, --llm-below and --llm-decision-timeout go with --llm-url.")
        }
        guard !llm.isGiven || !explain && sets.labelSets == nil else {
            throw ValidationError(
                "Explanations and label sets are the engine's; leave out --llm-url, or --explain and --label-sets."
            )
        }
        guard [table, json, sheet.csv].count(where: \.self) < 2 else {
            throw ValidationError("Give one of --table, --json and --csv.")
        }
        try checkFields()
        guard !(table && explain) else {
            throw ValidationError("A table has no room for explanations; give --table or --explain.")
        }
        guard !(table && sets.labelSets != nil) else {
            throw ValidationError("A table has no room for label sets; give --csv or --json.")
        }
        guard !(sheet.csv && explain) else {
            throw ValidationError("A spreadsheet has the strongest words only; give --csv or --explain.")
        }
    }

    /// The members of a compact answer; nil for all.
    private var members: [String]? { fields?.split(separator: ",").map { String($0).trimmed } }

    private func checkFields() throws {
        guard let members else { return }
        guard !table, !sheet.isWanted(for: output) else {
            throw ValidationError("--fields chooses members of JSON answers; leave out --csv or --table.")
        }
        guard !members.isEmpty else {
            throw ValidationError("--fields takes names, as in category,severity.")
        }
        for name in members where !Decision.memberNames.contains(name) {
            throw ValidationError(
                "--fields \(name.shown): an answer has no such member; it has \(Decision.memberNames.joined(separator: ", "))."
            )
        }
        guard !explain || members.contains("explanation") else {
            throw ValidationError("--explain needs explanation among --fields.")
        }
    }

    /// How decisions are written.
    private enum Form { case lines, table, text, sheet }

    private var form: Form {
        if json || explain || fields != nil { return .lines }
        if table { return .table }
        if sheet.isWanted(for: output) { return .sheet }
        guard output == nil, Terminal.outputIsScreen else { return .lines }
        return tickets.ticket.isEmpty ? .table : .text
    }

    /// What a form needs: the bytes before the first decision, of a decision, and of a row that could not be read.
    private struct Printer {
        var header: [UInt8] = []
        var line: (Decision) -> [UInt8]
        var bad: (BadRow) -> [UInt8] = \.jsonLine
    }

    private func printer(_ model: ModelBundle) -> Printer {
        let sentence: (BadRow) -> [UInt8] = { Array("line \($0.line): \($0.message)\n".utf8) }
        switch form {
        case .lines:
            let wire = members.map(Decision.wire(of:)) ?? Decision.wire
            return Printer(line: { decision in JSONWriter.lineBytes { wire.write(decision, &$0) } })
        case .table:
            let width = table && !Terminal.outputIsScreen ? 120 : Terminal.width
            let table = DecisionTable(width: width, model: model)
            return Printer(header: table.header, line: table.line, bad: sentence)
        case .text:
            return Printer(
                line: { Array(DecisionText($0).lines.map { $0 + "\n" }.joined().utf8) }, bad: sentence)
        case .sheet:
            let sheet = DecisionSheet(model: model, hasLabelSets: sets.labelSets != nil)
            return Printer(header: sheet.header, line: sheet.row, bad: sheet.row)
        }
    }

    /// Whether decisions come with explanations; a language model's label has none.
    private var explains: Bool { explain || !llm.isGiven && (form == .sheet || form == .text) }

    func run() async throws {
        try await reportingErrors {
            let loaded = try memory.applied(to: sets.applied(to: options.loadSnapshot()))
            let snapshot = try await search.applied(to: loaded, local: options.kb)
            if !search.isGiven { options.sayKB() }
            llm.warnUnused()
            search.warnUnused()
            let printer = printer(snapshot.model)
            var answers = RowAnswers(
                input: tickets.input ?? "-", given: tickets.ticket.isEmpty ? nil : tickets.given,
                columns: tickets.columns(snapshot.model), output: output, header: printer.header,
                line: printer.bad)
            answers.badRows = badRows.badRows
            guard try await !writeJudged(answers, snapshot, printer) else { return }
            var scratch = DecisionScratch(explaining: explains)
            guard snapshot.isRemote else {
                return try await answers.write { (ticket, _) async throws(BadRow) in
                    printer.line(snapshot.decide(ticket, &scratch))
                }
            }
            answers.group = 64
            try await answers.writeGroups { rows in
                let texts = rows.map { $0.map { snapshot.prepare($0.ticket) } }
                var found = await snapshot.fetching(texts.compactMap { try? $0.get() })[...]
                return texts.map { text in
                    text.map { printer.line(found.removeFirst().decide($0, &scratch)) }
                }
            }
        }
    }

    #if Service
    /// Decides with a language model, as many tickets at a time as calls may be under way; false when none is named.
    private func writeJudged(
        _ answers: RowAnswers, _ snapshot: Snapshot, _ printer: Printer
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
            try await answers.writeGroups { rows in
                let texts = rows.map { $0.map { snapshot.prepare($0.ticket) } }
                let good = texts.compactMap { try? $0.get() }
                let engine = zip(good, await snapshot.fetching(good)).map { text, snapshot in
                    (text: text, decision: snapshot.decide(text, &scratch))
                }
                var judged = await decider.reconsider(engine, with: snapshot)[...]
                asked += judged.count
                failures += judged.compactMap(\.failure)
                return texts.map { text in
                    text.map { _ in printer.line(judged.removeFirst().decision) }
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
        _ answers: RowAnswers, _ snapshot: Snapshot, _ printer: Printer
    ) async throws -> Bool { false }
    #endif
}
