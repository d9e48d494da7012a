import ArgumentParser
import Foundation
import TriageData
import TriageImport
import TriageEngine
import TriageEvaluation
import TriageModel
import TriageText
import TriageTickets

#if Service
import TriageStore
#endif

/// `triage bench`: how fast this machine decides, measured on the user's own tickets.
struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure load time, decisions a second and latency; one thread, texts in memory.")

    @OptionGroup var options: SnapshotOptions
    @OptionGroup var text: TextOption
    @OptionGroup var memory: RememberOption
    @Option(help: ArgumentHelp("Tickets to decide; required.", valueName: "file"))
    var data: String?
    @Flag(help: "Measure decisions with explanations too.")
    var explain = false
    @Option(
        help: ArgumentHelp(
            "Measure recording too, in a new folder that is deleted afterwards: the disk decides.",
            valueName: "dir"))
    var store: String?
    @Flag(help: "JSON on standard output.")
    var json = false
    @Flag(
        help: ArgumentHelp(
            "Read JSON strings, write WordPiece ids; for checking the tokeniser.", visibility: .hidden))
    var tokenize = false
    @Flag(
        help: ArgumentHelp(
            "Read JSON strings, write what would be masked; with --data, time the masking.",
            visibility: .hidden))
    var mask = false

    func validate() throws {
        guard tokenize || mask || data != nil else { throw ValidationError("Give tickets with --data.") }
    }

    func run() async throws {
        try await reportingErrors {
            if tokenize { return try writeTokens() }
            if mask { return try data == nil ? writeSpans() : timeMasking() }
            let clock = ContinuousClock()
            let start = clock.now
            let snapshot = try memory.applied(to: options.loadSnapshot())
            let loaded = start.duration(to: clock.now)
            let tickets = try readTickets(text.columns(snapshot.model))
            let alone = Snapshot(
                model: snapshot.model, index: nil, policy: snapshot.policy, language: snapshot.language
            ).remembering(snapshot.memory)
            let withoutKB = DecisionBenchmark(alone, tickets)
            let withKB = snapshot.index == nil ? nil : DecisionBenchmark(snapshot, tickets)
            let explained = explain ? DecisionBenchmark(alone, tickets, explaining: true) : nil
            var recorded: StoreBenchmark?
            if let store { recorded = try await StoreBenchmark(snapshot, tickets, folder: store) }
            report(loadMilliseconds: loaded / .milliseconds(1), withoutKB, withKB, explained, recorded)
        }
    }

    private func readTickets(_ columns: TicketColumns) throws -> [Ticket] {
        let path = data ?? "-"
        let rows = try TicketFile.rows(path)
        var reader = TicketReader(columns)
        try reader.begin(rows)
        var tickets: [Ticket] = []
        while let row = try rows.next() {
            if let row = try? row.get(), let ticket = try? reader.ticket(in: row) {
                tickets.append(ticket)
            }
        }
        try reader.finish()
        Terminal.say(columnNotes: reader.takeNotes())
        if tickets.count < rows.count {
            Terminal.say(
                "triage: \(path): \(rows.count - tickets.count) of \(rows.count) rows left out as bad")
        }
        guard !tickets.isEmpty else { throw DataError.empty(path: path) }
        return tickets
    }

    private func report(
        loadMilliseconds: Double, _ withoutKB: DecisionBenchmark, _ withKB: DecisionBenchmark?,
        _ explained: DecisionBenchmark?, _ recorded: StoreBenchmark?
    ) {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let peak = Double(usage.ru_maxrss) / 1024
        guard json else {
            print(String(format: "load      %.1f ms", loadMilliseconds))
            print("decide    \(withoutKB.line)")
            if let withKB { print("with KB   \(withKB.line)") }
            if let explained { print("explained \(explained.line)") }
            if let recorded { print("recorded  \(recorded.line)") }
            print(String(format: "peak      %.0f MB", peak))
            return
        }
        print(
            JSONWriter.line { json in
                json.number("load_ms", (loadMilliseconds * 100).rounded() / 100)
                withoutKB.write(to: &json)
                json.number("peak_mb", peak.rounded())
                json.optional("with_kb", withKB) { $0.object($1.write(to:)) }
                json.optional("explained", explained) { $0.object($1.write(to:)) }
                json.optional("recorded", recorded) { $0.object($1.write(to:)) }
            })
    }

    private func writeTokens() throws {
        let path = try Installation.find(
            "models/embeddings/minilm-256", missing: { ModelError.noBundle(searched: $0) })
        let tokenizer = try WordPiece(vocabulary: FileInput.bytes(of: "\(path)/vocab.txt"))
        var pieces = WordPiece.Pieces()
        try answerLines { text, writer in
            pieces.removeAll()
            tokenizer.append(text, to: &pieces)
            writer.array(pieces.ids) { $0.integer(Int($1)) }
        }
    }

    private func writeSpans() throws {
        let masker = Masker()
        try answerLines { text, writer in
            writer.array(masker.mask(text).spans) { json, span in
                json.object { json in
                    json.string("kind", span.kind.rawValue)
                    json.integer("start", span.range.lowerBound)
                    json.integer("end", span.range.upperBound)
                }
            }
        }
    }

    /// One line of JSON for each JSON string of standard input.
    private func answerLines(_ answer: ([UInt8], inout JSONWriter) -> Void) throws {
        let sink = try LineOutput(path: nil)
        var writer = JSONWriter()
        while let line = readLine() {
            writer.removeAll()
            answer(Array((JSONValue(parsing: line.utf8)?.text ?? "").utf8), &writer)
            writer.newline()
            try sink.write(writer.bytes)
        }
    }

    private func timeMasking() throws {
        let time = maskingMicroseconds(of: try readTickets(text.columns()))
        guard json else { return print(String(format: "mask      %.2f µs a ticket", time)) }
        print(JSONWriter.line { $0.number("us_per_ticket", (time * 100).rounded() / 100) })
    }
}
