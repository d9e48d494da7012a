#if Service
import ArgumentParser
import TriageData
import TriageEngine
import TriageLLM
import TriageTickets

/// `triage draft`: a reply to a ticket, for a person to read and send.
struct DraftCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "draft",
        abstract: "Draft a reply: from what the matched article lets be said, or by a language model.",
        discussion: """
            Without --llm-url a template writes it, offline. With a language model, its reply is refused when it holds a \
            link, address, number, date or promise that neither the ticket nor the article's \"reply\" does; then, and \
            when the model gives none, the template's draft stands in. "source" says which it is, "reason" why. \
            One ticket gives text, and where it comes from on standard error; --input gives JSON Lines.
            """)

    @OptionGroup var options: SnapshotOptions
    @OptionGroup var columns: TextOption
    @OptionGroup var llm: LLMFlags
    @Option(help: ArgumentHelp("Tickets to read instead of the argument.", valueName: "file"))
    var input: String?
    @Option(help: ArgumentHelp("Where drafts go (default: standard output).", valueName: "file"))
    var output: String?
    @Flag(help: "Show a model's reply while it is written, sentence by sentence.")
    var stream = false
    @Flag(help: "JSON for one ticket too.")
    var json = false
    @Argument(help: "The ticket's text.")
    var ticket: [String] = []

    func validate() throws {
        guard ticket.isEmpty != (input == nil) else {
            throw ValidationError(
                "Give one ticket as an argument, or a file with --input (- is standard input).")
        }
        guard !stream || input == nil && !json else {
            throw ValidationError("--stream shows one ticket's draft as text; leave out --input and --json.")
        }
    }

    func run() async throws {
        try await reportingErrors {
            let snapshot = try options.loadSnapshot()
            options.warnWithoutKB()
            let client = try llm.settings().client()
            do {
                try await write(Drafter(client), snapshot)
                await client.shutdown()
            } catch {
                await client.shutdown()
                throw error
            }
        }
    }

    private func write(_ drafter: Drafter, _ snapshot: Snapshot) async throws {
        if let input { return try await writeLines(input, drafter, snapshot) }
        let sink = try LineOutput(path: output)
        do {
            // Words without quotes are one ticket.
            try await writeOne(Ticket(body: ticket.joined(separator: " ")), drafter, snapshot, sink)
            try sink.finish()
        } catch {
            sink.abandon()
            throw error
        }
    }

    private func writeOne(
        _ ticket: Ticket, _ drafter: Drafter, _ snapshot: Snapshot, _ sink: LineOutput
    ) async throws {
        let text = snapshot.prepare(ticket)
        let decision = snapshot.decide(text)
        var isShown = false
        var draft = drafter.template(text, decision, with: snapshot)
        if stream {
            for await event in drafter.events(text, decision, with: snapshot) {
                switch event {
                case .text(let text):
                    isShown = true
                    try sink.write(Array(text.shownKeepingLines.utf8))
                case .reset:
                    isShown = false
                    try sink.write(Array(DraftCommand.reset.utf8))
                case .done(let whole): draft = whole
                }
            }
        } else {
            draft = await drafter.draft(text, decision, with: snapshot)
        }
        if json {
            var writer = JSONWriter()
            draft.write(id: ticket.id, to: &writer)
            return try sink.write(writer.bytes + [0x0A])
        }
        if !isShown { try sink.write(Array(draft.text.shownKeepingLines.utf8)) }
        try sink.write([0x0A])
        let based = draft.basedOn.isEmpty ? "" : ", based on \(draft.basedOn.joined(separator: ", "))"
        Terminal.say("triage: draft by \(draft.source.rawValue) (\(draft.reason)), \(draft.language)\(based)")
    }

    private static let reset = "\n\n--- void: refused, or broken off; the template's draft follows ---\n\n"

    private func writeLines(_ input: String, _ drafter: Drafter, _ snapshot: Snapshot) async throws {
        let rows = try RowReader(path: input)
        let sink = try LineOutput(path: output, reading: input)
        var writer = JSONWriter()
        var scratch = DecisionScratch()
        var failed = 0
        do {
            while let row = try rows.next() {
                writer.removeAll()
                do throws(BadRow) {
                    let ticket = try columns.columns.ticket(in: row.get())
                    let text = snapshot.prepare(ticket)
                    let draft = await drafter.draft(text, snapshot.decide(text, &scratch), with: snapshot)
                    draft.write(id: ticket.id, to: &writer)
                } catch {
                    failed += 1
                    error.write(to: &writer)
                }
                writer.newline()
                try sink.write(writer.bytes)
            }
            try sink.finish()
        } catch {
            sink.abandon()
            throw error
        }
        rows.sayIfEmpty()
        try rows.sayFailed(failed)
    }
}
#endif
