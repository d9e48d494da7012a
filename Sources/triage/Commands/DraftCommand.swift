import ArgumentParser
import TriageData
import TriageDrafts
import TriageEngine
import TriageTickets

#if Service
import TriageLLM
import TriageSettings
#endif

/// `triage draft`: a reply to a ticket, for a person to read and send.
struct DraftCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "draft",
        abstract: "Draft a reply: from the matched article's reply, or by a language model.",
        discussion: """
            Without --llm-url a template writes the draft, offline. With a language model, its reply is rejected when it \
            holds a link, address, number, date or promise that is neither in the ticket nor in the article's \"reply\"; \
            then, and when the model fails, you get the template's draft. "source" names the writer, "reason" why. \
            One ticket gives text, and its source on standard error; --input gives JSON Lines.
            """)

    @OptionGroup var options: SnapshotOptions
    @OptionGroup var tickets: TicketsArgument
    @OptionGroup var llm: LLMFlags
    @Option(help: ArgumentHelp("Where drafts go (default: standard output).", valueName: "file"))
    var output: String?
    @Flag(help: "Show a model's reply while it is written, sentence by sentence.")
    var stream = false
    @Flag(help: "JSON for one ticket too.")
    var json = false

    func validate() throws {
        try tickets.checkGiven()
        guard !stream || tickets.input == nil && !json else {
            throw ValidationError("--stream shows one ticket's draft as text; leave out --input and --json.")
        }
    }

    private typealias Writer = (TicketText, Decision) async -> Draft

    func run() async throws {
        try await reportingErrors {
            let snapshot = try options.loadSnapshot()
            options.sayKB()
            llm.warnUnused()
            #if Service
            let client = try llm.settings().client()
            let drafter = Drafter(client)
            try await client.closing {
                if stream { return try await writeStream(drafter, snapshot) }
                try await write(snapshot) { await drafter.draft($0, $1, with: snapshot) }
            }
            #else
            try await write(snapshot) { TemplateDraft.write($0, $1, with: snapshot) }
            #endif
        }
    }

    private func write(_ snapshot: Snapshot, _ draft: Writer) async throws {
        guard let input = tickets.input else {
            let text = snapshot.prepare(Ticket(body: tickets.given))
            return try await writeOne { _ in (await draft(text, snapshot.decide(text)), false) }
        }
        var scratch = DecisionScratch()
        let columns = tickets.text.columns(snapshot.model)
        let answers = RowAnswers(input: input, columns: columns, output: output)
        try await answers.write { (ticket, _) async throws(BadRow) in
            let text = snapshot.prepare(ticket)
            return await draft(text, snapshot.decide(text, &scratch)).line(ticket.id)
        }
    }

    /// Writes one draft; `compose` may show text before the draft is whole.
    private func writeOne(
        _ compose: (LineOutput) async throws -> (draft: Draft, isShown: Bool)
    ) async throws {
        let sink = try LineOutput(path: output)
        do {
            let (draft, isShown) = try await compose(sink)
            if json {
                try sink.write(draft.line(nil))
            } else {
                if !isShown { try sink.write(Array(draft.text.shownKeepingLines.utf8)) }
                try sink.write([0x0A])
                Terminal.say("triage: draft \(draft.origin)")
            }
            try sink.finish()
        } catch {
            sink.abandon()
            throw error
        }
    }

    #if Service
    private func writeStream(_ drafter: Drafter, _ snapshot: Snapshot) async throws {
        let ticket = snapshot.prepare(Ticket(body: tickets.given))
        let decision = snapshot.decide(ticket)
        try await writeOne { sink in
            var (draft, isShown) = (TemplateDraft.write(ticket, decision, with: snapshot), false)
            for await event in drafter.events(ticket, decision, with: snapshot) {
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
            return (draft, isShown)
        }
    }
    #endif

    private static let reset = "\n\n--- void: rejected, or broken off; the template's draft follows ---\n\n"
}

extension Draft {
    fileprivate func line(_ id: String?) -> [UInt8] { JSONWriter.lineBytes { write(id: id, to: &$0) } }

    /// Who wrote it, why, in which language, and from which articles.
    fileprivate var origin: String {
        let based = basedOn.isEmpty ? "" : ", based on \(basedOn.joined(separator: ", "))"
        return "by \(source.rawValue) (\(reason)), \(language)\(based)"
    }
}
