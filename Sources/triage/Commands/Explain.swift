import ArgumentParser
import Foundation
import TriageData
import TriageImport
import TriageEngine
import TriageModel
import TriageOutput
import TriageText
import TriageTickets

/// `triage explain`: why a ticket got its labels.
struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Explain labels: the words that made each label, adding up to its logit.",
        discussion: """
            By default each field's label against the runner-up: the difference of their logits, the words without which \
            the answer would be another, and collisions of hashed words. --label NAME shows that label's own logit \
            instead, less the mean of all labels' logits, in the fields that have it; its JSON compares it with the best \
            other label too. A terminal marks words in the text (NO_COLOR turns that off).
            """)

    @OptionGroup var options: SnapshotOptions
    @OptionGroup var tickets: TicketsArgument
    @OptionGroup var memory: RememberOption
    @Option(help: ArgumentHelp("Of --input, only the ticket with this id.", valueName: "value"))
    var id: String?
    @Option(help: ArgumentHelp("Explain this label's own logit.", valueName: "name"))
    var label: String?
    @Flag(help: "JSON Lines instead of text.")
    var json = false
    @Option(help: ArgumentHelp("Write one HTML page, of masked text, instead.", valueName: "file"))
    var html: String?

    func validate() throws {
        try tickets.checkGiven()
        guard id == nil || tickets.input != nil else {
            throw ValidationError("--id picks a ticket of a file; name the file with --input.")
        }
        guard !json || html == nil else { throw ValidationError("Give --json or --html, not both.") }
    }

    func run() throws {
        try reportingErrors {
            if let html, let input = tickets.input { try LineOutput.refuse(html, as: [input]) }
            let snapshot = try memory.applied(to: options.loadSnapshot())
            options.sayKB()
            try checkLabel(snapshot.model)
            var scratch = DecisionScratch(Explanation.Request(label: label, counterfactual: true))
            var page = ExplanationPage(snapshot.model, label: label)
            var failed = 0
            func explain(_ ticket: Ticket, line: Int? = nil) {
                let text = snapshot.prepare(ticket)
                let decision = snapshot.decide(text, &scratch)
                let name = ticket.id.map { "ticket \($0)" } ?? line.map { "ticket, line \($0)" }
                if html == nil { show(text, decision, name) } else { page.add(text, decision, name) }
            }
            if let input = tickets.input {
                failed = try read(input, tickets.text.columns(snapshot.model)) { explain($0, line: $1) }
            } else {
                explain(Ticket(body: tickets.given))
            }
            if let html { try AtomicOutput.write(page.bytes, to: html) }
            if failed > 0 { throw ExitCode.badData }
        }
    }

    /// Calls `body` with each wanted ticket of a file and its line.
    ///
    /// - Returns: How many rows could not be read; of one wanted ticket, none.
    private func read(
        _ input: String, _ columns: TicketColumns, _ body: (Ticket, Int) -> Void
    ) throws -> Int {
        let rows = try TicketFile.rows(input)
        var reader = TicketReader(columns)
        try reader.begin(rows)
        Terminal.say(columnNotes: reader.takeNotes())
        var search = id.map { IDSearch(id: $0) }
        var failed = 0
        while let row = try rows.next() {
            do throws(BadRow) {
                let row = try row.get()
                let ticket = try reader.ticket(in: row)
                if search?.passes(over: ticket) ?? false { continue }
                body(ticket, row.line)
            } catch {
                failed += 1
                guard search == nil else { continue }
                Terminal.say("triage: \(rows.name): line \(error.line): \(error.message)")
            }
        }
        try rows.requireRecords()
        try reader.finish()
        Terminal.say(columnNotes: reader.takeNotes())
        try search?.check(rows, failed: failed)
        return search == nil ? failed : 0
    }

    private func checkLabel(_ model: ModelBundle) throws {
        guard let label, !model.heads.contains(where: { $0.has(label) }) else { return }
        let known = model.heads.map { "\($0.manifest.field): \($0.labels.names.joined(separator: ", "))" }
        throw ValidationError(
            "No field has the label \(label); there are \(known.joined(separator: "; ")).".shown)
    }

    private func show(_ ticket: TicketText, _ decision: Decision, _ name: String?) {
        guard !json else { return print(decision.json) }
        if let name { print(name.shown) }
        for (prediction, explanation) in zip(decision.predictions, decision.explanations ?? [])
        where label == nil || explanation.label == label {
            let text = ExplanationText(
                prediction, explanation, showsOwn: label != nil, inColour: Terminal.outputIsColour)
            for line in text.lines(ticket) { print(line) }
        }
        for aside in ticket.setAside {
            let (part, words) = (aside.part, String(decoding: aside.part.text, as: UTF8.self))
            let place = "(\(aside.field) \(part.range.lowerBound)..<\(part.range.upperBound))"
            let beginning = words.split(whereSeparator: \.isWhitespace).joined(separator: " ").fitted(to: 40)
            print("not read: \(part.kind.name)\(beginning.isEmpty ? "" : " “\(beginning)”") \(place)")
        }
        if let notes = decision.notes { print("note: \(notes.shown)") }
    }
}

/// The search for the ticket with an id in a file.
private struct IDSearch {
    let id: String
    private var isFound = false
    private var hasIDs = false

    init(id: String) { self.id = id.trimmed }

    /// Whether a ticket has another id.
    mutating func passes(over ticket: Ticket) -> Bool {
        hasIDs = hasIDs || ticket.id != nil
        guard ticket.id?.trimmed == id else { return true }
        isFound = true
        return false
    }

    /// Ends the command when no ticket has the id.
    func check(_ rows: RowReader, failed: Int) throws {
        guard !isFound else { return }
        let reason =
            hasIDs
            ? "no ticket has the id \(id.shown)"
            : "no row has an id; an id is read from the column id, or from the one that --id-column names"
        let unread = failed > 0 ? "; \(failed.counted("row")) could not be read" : ""
        Terminal.say("triage: \(rows.name): \(reason)\(unread) (\(rows.count.counted("row")))")
        throw ExitCode.noInput
    }
}
