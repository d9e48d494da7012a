import ArgumentParser
import TriageData
import TriageEngine
import TriageTickets

/// `triage classify`: tickets in, decisions out.
struct Classify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Decide tickets: one decision a line, in order, ids echoed.",
        discussion: """
            Reads JSON Lines or CSV from --input or standard input. A row that cannot be read gives \
            {"id","line","error"} in its place, and exit code 65 at the end. On a terminal a table is shown instead, unless explanations are asked for. \
            With --llm-url a language model chooses labels of the bundle in --llm-fields: such a field is "suggest" at \
            most, has the reason LANGUAGE_MODEL, and never falls below a safety floor; "notes" says what the model did, \
            and why not where it did not. Identifiers leave as placeholders.
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
    @Option(
        help: ArgumentHelp(
            "Add to each field the labels of which one is right in this share of tickets, such as 0.95.",
            valueName: "share"))
    var labelSets: Double?
    @Flag(help: "With --label-sets: in that share of each label's tickets, where a label has rows enough.")
    var setsByLabel = false
    @Flag(help: "JSON Lines, even on a terminal.")
    var json = false
    @Flag(help: "A table, even when the output is no terminal.")
    var table = false

    func validate() throws {
        guard labelSets != nil || !setsByLabel else {
            throw ValidationError("--sets-by-label goes with --label-sets.")
        }
        guard labelSets.map({ $0 > 0 && $0 < 1 }) ?? true else {
            throw ValidationError("--label-sets takes a share between 0 and 1, such as 0.95.")
        }
        guard llm.isGiven || llmDecisions.flags.isEmpty else {
            throw ValidationError("--llm-fields, --llm-below and --llm-decision-timeout go with --llm-url.")
        }
        guard !llm.isGiven || !explain && labelSets == nil else {
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
            var snapshot = try options.loadSnapshot()
            if let labelSets {
                snapshot = try snapshot.withLabelSets(coverage: labelSets, byLabel: setsByLabel)
            }
            options.warnWithoutKB()
            let rows = try RowReader(path: input)
            let asTable = table || !json && !explain && output == nil && Terminal.outputIsScreen
            let model = try LanguageModelPass(self, for: snapshot)
            let sink = try LineOutput(path: output, reading: input)
            do {
                let failed =
                    if let model {
                        try await writeJudged(rows, model, snapshot, asTable: asTable, sink)
                    } else if asTable {
                        try showTable(rows, snapshot, sink)
                    } else { try writeLines(rows, snapshot, sink) }
                try sink.finish()
                rows.sayIfEmpty()
                try rows.sayFailed(failed)
            } catch let error as DataError {
                sink.abandon()
                throw error
            }
        }
    }

    var tableWidth: Int { table && !Terminal.outputIsScreen ? 120 : Terminal.width }

    private func writeLines(_ rows: RowReader, _ snapshot: Snapshot, _ sink: LineOutput) throws -> Int {
        var scratch = DecisionScratch(explaining: explain)
        var writer = JSONWriter()
        var failed = 0
        while let row = try rows.next() {
            writer.removeAll()
            do throws(BadRow) {
                snapshot.decide(try text.columns.ticket(in: row.get()), &scratch).write(to: &writer)
            } catch {
                failed += 1
                error.write(to: &writer)
            }
            writer.newline()
            try sink.write(writer.bytes)
        }
        return failed
    }

    private func showTable(_ rows: RowReader, _ snapshot: Snapshot, _ sink: LineOutput) throws -> Int {
        var scratch = DecisionScratch()
        var failed = 0
        let printer = DecisionTable(width: tableWidth, model: snapshot.model)
        try sink.write(printer.header)
        while let row = try rows.next() {
            let line: [UInt8]
            do throws(BadRow) {
                line = printer.line(snapshot.decide(try text.columns.ticket(in: row.get()), &scratch))
            } catch {
                failed += 1
                line = error.tableLine
            }
            try sink.write(line)
        }
        return failed
    }
}
