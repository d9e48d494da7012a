import ArgumentParser
import TriageData
import TriageEngine
import TriageEvaluation
import TriageModel
import TriageText
import TriageTickets

#if Service
import TriageStore
#endif

/// `triage label`: the tickets whose labels would help most, as a sheet for a person.
struct Label: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the tickets whose labels would help training most, as a sheet to be filled in.",
        discussion: """
            Chosen are tickets of which the model is not sure, which many others are like, and which differ from each other. The \
            sheet has their masked text and an empty column for each field; the model's own answer is left out, so that it \
            sways nobody. Fill in what you know, then `triage feedback import --store DIR SHEET` for tickets of a store, or \
            `triage train --data SHEET …` for those of a file. The same tickets give the same sheet.
            """)

    @Option(parsing: .unconditional, help: ArgumentHelp("How many tickets.", valueName: "n"))
    var next = 20
    @Option(
        help: ArgumentHelp("The store whose tickets without a label are candidates.", valueName: "dir"))
    var store: String?
    @Option(
        help: ArgumentHelp(
            "Unlabelled tickets, JSON Lines or CSV, instead of a store; may be given several times.",
            valueName: "file"))
    var data: [String] = []
    @OptionGroup var text: TextOption
    @Option(help: ArgumentHelp("The model (default: the starter model).", valueName: "dir"))
    var model: String?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How many of the newest tickets are candidates.", valueName: "n"))
    var recent = 5_000
    @Option(help: ArgumentHelp("Where the sheet goes (default: standard output).", valueName: "file"))
    var output: String?

    func validate() throws {
        guard next >= 1, recent >= 1 else {
            throw ValidationError("--next and --recent take numbers from 1.")
        }
        guard (store == nil) != data.isEmpty else { throw ValidationError("Give either --store or --data.") }
    }

    func run() throws {
        try reportingErrors {
            try LineOutput.refuse(output, [], as: data)
            let bundle = try Installation.bundle(Installation.model(model))
            let tickets = try data.isEmpty ? stored() : read(bundle)
            guard !tickets.isEmpty else {
                let place = store ?? data.joined(separator: ", ")
                Terminal.say("triage: \(place.shown) has no ticket without a label whose text is kept")
                throw ExitCode.noInput
            }
            let chosen = LabelSelection(LabelCandidates(bundle).candidates(tickets)).next(next)
            let fields = bundle.heads.map(\.manifest.field)
            let sink = try LineOutput(path: output)
            try sink.write(CSVWriter.header(["id", "subject", "body"] + fields))
            for place in chosen {
                let ticket = tickets[place]
                try sink.write(
                    CSVWriter.row(
                        [.text(ticket.id), .text(ticket.subject), .text(ticket.body)]
                            + fields.map { _ in .text(nil) }))
            }
            try sink.finish()
            Terminal.say(
                "triage: \(chosen.count) of \(tickets.count.counted("ticket")) without a label"
            )
        }
    }

    /// The newest tickets of the files, masked, in their order.
    private func read(_ bundle: ModelBundle) throws -> [LabelCandidates.Ticket] {
        let snapshot = Snapshot(model: bundle)
        var tickets: [LabelCandidates.Ticket] = []
        for file in data {
            let rows = try RowReader(path: file)
            var reader = TicketReader(text.columns(bundle))
            try reader.begin(rows)
            let faults = try rows.forEach { row throws(BadRow) in
                let ticket = try reader.ticket(in: row)
                let prepared = snapshot.prepare(ticket)
                tickets.append(
                    .init(
                        id: ticket.id, subject: String(decoding: prepared.subject.bytes, as: UTF8.self),
                        body: String(decoding: prepared.body.bytes, as: UTF8.self)))
            }
            Terminal.say(faults.map { (rows.name, $0) })
        }
        return Array(tickets.suffix(recent))
    }

    #if Service
    /// The store's newest tickets that nobody has labelled, and whose text is kept.
    private func stored() throws -> [LabelCandidates.Ticket] {
        let store = try TicketStore(store ?? "", .read)
        defer { try? store.close() }
        var (tickets, before, seen) = ([LabelCandidates.Ticket](), Int64?.none, Set<String>())
        while tickets.count < recent {
            let page = try store.decisions(before: before, limit: 1_000)
            guard let last = page.last else { break }
            before = last.sequence
            for decision in page where tickets.count < recent {
                let id = decision.ticket ?? decision.id
                // A ticket that was decided again is one ticket.
                guard seen.insert(id).inserted, decision.corrections.isEmpty, let text = decision.text else {
                    continue
                }
                tickets.append(.init(id: id, subject: text.subject, body: text.body))
            }
        }
        return tickets
    }
    #else
    private func stored() throws -> [LabelCandidates.Ticket] { throw MissingPart(option: "--store") }
    #endif
}

/// Tickets as candidates for labels.
struct LabelCandidates {
    /// A masked ticket.
    struct Ticket {
        var id: String?
        var subject: String
        var body: String
    }

    let bundle: ModelBundle

    init(_ bundle: ModelBundle) { self.bundle = bundle }

    func candidates(_ tickets: [Ticket]) -> [LabelSelection.Candidate] {
        var (features, logits) = (Features(), [Float]())
        return tickets.map { ticket in
            bundle.score(
                subject: Array(ticket.subject.utf8), body: Array(ticket.body.utf8), features: &features,
                logits: &logits)
            // A ticket without words tells nothing.
            let isEmpty = features.found.list.isEmpty
            return LabelSelection.Candidate(
                doubt: isEmpty ? 0 : doubt(logits),
                vector: features.embedding.isEmpty
                    ? LabelCandidates.vector(ticket) : features.embedding)
        }
    }

    /// 1 less the distance of the two best labels, in the field of which the model is least sure.
    private func doubt(_ logits: [Float]) -> Float {
        bundle.heads.filter { !$0.hasTags }.map { head in
            let best = head.best(2, of: logits)
            return best.count < 2 ? 0 : 1 - (best[0].probability - best[1].probability)
        }.max() ?? 0
    }

    /// The direction of a ticket's words where there is no embedding: each word adds to one of 256 numbers, with a sign (Weinberger
    /// et al., 2009).
    private static func vector(_ ticket: Ticket) -> [Float] {
        var vector = [Float](repeating: 0, count: 256)
        for text in [ticket.subject, ticket.body] {
            for word in PlainWords(text).list {
                vector[Int(word.hash & 0xFF)] += word.hash & 0x100 == 0 ? 1 : -1
            }
        }
        return vector
    }
}
