import ArgumentParser
import Foundation
import TriageData
import TriageEngine
import TriageModel
import TriageText
import TriageTickets

/// `triage bench`: how fast this machine decides, measured on the user's own tickets.
struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure load time, decisions a second and latency; one thread, texts in memory.")

    @OptionGroup var options: SnapshotOptions
    @OptionGroup var text: TextOption
    @Option(help: ArgumentHelp("Tickets to decide; required.", valueName: "file"))
    var data: String?
    @Flag(help: "Measure decisions with explanations too.")
    var explain = false
    @Option(
        help: ArgumentHelp(
            "Measure recording too, in a new folder that is taken away again: the disk decides.",
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
            let snapshot = try options.loadSnapshot()
            let loaded = start.duration(to: clock.now)
            let tickets = try readTickets()
            let alone = Snapshot(
                model: snapshot.model, index: nil, policy: snapshot.policy, language: snapshot.language)
            let withoutKB = Measurement(alone, tickets)
            let withKB = snapshot.index == nil ? nil : Measurement(snapshot, tickets)
            let explained = explain ? Measurement(alone, tickets, explaining: true) : nil
            var recorded: StoreMeasurement?
            if let store { recorded = try await StoreMeasurement(snapshot, tickets, folder: store) }
            report(loadMilliseconds: loaded / .milliseconds(1), withoutKB, withKB, explained, recorded)
        }
    }

    private func readTickets() throws -> [Ticket] {
        let path = data ?? "-"
        let rows = try RowReader(path: path)
        var tickets: [Ticket] = []
        while let row = try rows.next() {
            if let row = try? row.get(), let ticket = try? text.columns.ticket(in: row) {
                tickets.append(ticket)
            }
        }
        if tickets.count < rows.count {
            Terminal.say(
                "triage: \(path): \(rows.count - tickets.count) of \(rows.count) rows left out as bad")
        }
        guard !tickets.isEmpty else { throw DataError.empty(path: path) }
        return tickets
    }

    /// Latency and throughput of one snapshot over the same tickets.
    private struct Measurement {
        var docsPerSecond: Double
        var p50: Double
        var p99: Double

        init(_ snapshot: Snapshot, _ tickets: [Ticket], explaining: Bool = false) {
            var scratch = DecisionScratch(explaining: explaining)
            let clock = ContinuousClock()
            var checksum = 0
            for ticket in tickets.prefix(200) {
                checksum &+= snapshot.decide(ticket, &scratch).category.utf8.count
            }
            var rounds: [Double] = []
            var singles: [Double] = []
            let begin = clock.now
            repeat {
                let start = clock.now
                for ticket in tickets { checksum &+= snapshot.decide(ticket, &scratch).category.utf8.count }
                rounds.append(start.duration(to: clock.now) / .seconds(1))
            } while rounds.count < 5 && begin.duration(to: clock.now) < .seconds(4)
            for ticket in tickets {
                let start = clock.now
                checksum &+= snapshot.decide(ticket, &scratch).category.utf8.count
                singles.append(start.duration(to: clock.now) / .microseconds(1))
            }
            precondition(checksum >= 0)
            rounds.sort()
            singles.sort()
            docsPerSecond = Double(tickets.count) / rounds[rounds.count / 2]
            p50 = singles[singles.count / 2]
            p99 = singles[min(singles.count - 1, singles.count * 99 / 100)]
        }

        func write(to json: inout JSONWriter) {
            for (name, value) in [("docs_per_s", docsPerSecond), ("p50_us", p50), ("p99_us", p99)] {
                json.key(named: name)
                json.number((value * 100).rounded() / 100)
            }
        }

        var line: String {
            String(format: "%.0f tickets/s, p50 %.1f µs, p99 %.1f µs", docsPerSecond, p50, p99)
        }
    }

    private func report(
        loadMilliseconds: Double, _ withoutKB: Measurement, _ withKB: Measurement?, _ explained: Measurement?,
        _ recorded: StoreMeasurement?
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
        var writer = JSONWriter()
        writer.object { json in
            json.key("load_ms")
            json.number((loadMilliseconds * 100).rounded() / 100)
            withoutKB.write(to: &json)
            json.key("peak_mb")
            json.number(peak.rounded())
            json.optional("with_kb", withKB) { json, measurement in
                json.object { measurement.write(to: &$0) }
            }
            json.optional("explained", explained) { json, measurement in
                json.object { measurement.write(to: &$0) }
            }
            json.optional("recorded", recorded) { json, measurement in
                json.object { measurement.write(to: &$0) }
            }
        }
        print(writer.text)
    }

    private func writeTokens() throws {
        let path = try Places.find(
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
                    json.key("kind")
                    json.string(span.kind.rawValue)
                    json.key("start")
                    json.integer(span.range.lowerBound)
                    json.key("end")
                    json.integer(span.range.upperBound)
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
        let texts = try readTickets().map { Array(($0.subject + "\n" + $0.body).utf8) }
        let masker = Masker()
        let clock = ContinuousClock()
        var rounds: [Double] = []
        var found = 0
        let begin = clock.now
        repeat {
            let start = clock.now
            for text in texts { found &+= masker.mask(text).spans.count }
            rounds.append(start.duration(to: clock.now) / .microseconds(1) / Double(texts.count))
        } while rounds.count < 5 || begin.duration(to: clock.now) < .seconds(1)
        precondition(found >= 0)
        let time = rounds.sorted()[rounds.count / 2]
        guard json else { return print(String(format: "mask      %.2f µs a ticket", time)) }
        var writer = JSONWriter()
        writer.object { json in
            json.key("us_per_ticket")
            json.number((time * 100).rounded() / 100)
        }
        print(writer.text)
    }
}
