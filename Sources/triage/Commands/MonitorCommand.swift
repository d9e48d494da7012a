#if Service
import ArgumentParser
import Foundation
import TriageData
import TriageEngine
import TriageEvaluation
import TriageModel
import TriageNumerics
import TriageStore
import TriageText
import TriageTickets

/// `triage monitor`: how right automatic answers are in production, and what has changed in the tickets.
struct Monitor: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show how often automatic answers are right in production, and what is new in the tickets.",
        discussion: """
            Precision comes from the blind sample (setting blind-sample of `triage serve`): tickets that people labelled \
            without seeing the model's answer. Where answers surely miss their target, a running service makes them suggest \
            in place of auto; --restore takes that back.

            Recent tickets are compared with the rows of --data, or else with the first tickets that the model decided: words, \
            labels, how sure the model is, unseen n-grams. The tests are sequential, so look as often as you like. Exit code 1 \
            when a precision misses its target or something has changed.
            """)

    @OptionGroup var place: StorePath
    @Option(help: ArgumentHelp("The model in use (default: the starter model).", valueName: "dir"))
    var model: String?
    @Option(
        help: ArgumentHelp(
            "The tickets that the model was trained on, whose words are known; may be given several times.",
            valueName: "file"))
    var data: [String] = []
    @OptionGroup var text: TextOption
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How many of the newest tickets are read.", valueName: "n"))
    var recent = 10_000
    @Option(
        help: ArgumentHelp(
            "The service's state folder (default: TRIAGE_STATE, else the store's folder).", valueName: "dir"))
    var state: String?
    @Option(
        help: ArgumentHelp(
            "Have a field, or a label such as category=Billing, be auto again; evidence counts anew from now on.",
            valueName: "field"))
    var restore: String?
    @Flag(help: "JSON on standard output.")
    var json = false

    func validate() throws {
        guard recent >= 100 else { throw ValidationError("--recent takes a number from 100.") }
    }

    private var files: MonitorState {
        MonitorState(state ?? ProcessInfo.processInfo.environment["TRIAGE_STATE"] ?? place.store)
    }

    func run() throws {
        try place.read { store in
            let bundle = try Installation.bundle(Installation.model(model))
            while try !store.followLedger() {}
            let precision = LivePrecision(
                try store.judgements(ofModel: bundle.sha256), targets: bundle.promisedPrecision,
                restored: try files.restored())
            let demotions = Demotions(precision, model: bundle.sha256)
            if let restore { return try self.restore(restore, bundle, demotions) }
            let drift = try DriftReport(store, bundle, command: self)
            let report = MonitorReport(
                model: bundle, precision: precision, demotions: demotions, drift: drift,
                options: (storeOptions, state.map { " --state \(ShellWord.quoted($0))" } ?? ""))
            print(json ? report.json : report.text)
            if !report.isWell { throw ExitCode.failure }
        }
    }

    /// The options of store and model, as another command takes them.
    private var storeOptions: String {
        " --store \(ShellWord.quoted(place.store))" + (model.map { " --model \(ShellWord.quoted($0))" } ?? "")
    }

    private func restore(_ text: String, _ bundle: ModelBundle, _ counted: Demotions) throws {
        let place = LivePrecision.Place(text: text)
        guard let head = bundle.heads.first(where: { $0.manifest.field == place.field }) else {
            let fields = bundle.heads.map(\.manifest.field).joined(separator: ", ")
            throw ValidationError(
                "the model has no field \(place.field.shown); give one of \(fields), or FIELD=LABEL.")
        }
        if let label = place.label, head.labels.index(of: label) == nil {
            throw ValidationError("\(place.field) has no label \(label.shown).")
        }
        let kept = try files.demotions().flatMap { $0.model == bundle.sha256 ? $0 : nil }
        guard counted.isDemoted(place) || kept?.isDemoted(place) ?? false else {
            let all = Set((counted.entries + (kept?.entries ?? [])).map(\.place.text)).sorted()
            throw ValidationError(
                "\(place.text.shown) is not demoted, so there is nothing to take back; demoted: "
                    + (all.isEmpty ? "none" : all.joined(separator: ", ").shown) + ".")
        }
        try files.restore(place, at: Int64(Date().timeIntervalSince1970 * 1_000))
        print("\(place.text.shown) may be auto again; a running service takes this up within seconds")
    }
}

/// Recent tickets beside the reference.
struct DriftReport {
    /// Too few tickets for a comparison; else nil.
    private(set) var refusal: String?
    private(set) var alarms: [DriftMonitor.Alarm] = []
    private(set) var classifier: DomainClassifier?
    /// Tickets that were compared, and those of the reference.
    private(set) var tickets = 0
    private(set) var reference = 0
    /// The first tickets of the store, which show what is usual; the reference itself where no file was given.
    private(set) var first = 0
    private(set) var isGiven = false
    /// Of the newest tickets the share with each label, and in the reference, by field.
    private(set) var labels: [(field: String, label: String, now: Double, before: Double)] = []
    /// The mean share of n-grams that training never saw, in the newest tickets and in the first ones.
    private(set) var unseen: (now: Double, before: Double)?

    /// The newest tickets, which the shares describe.
    static let window = 500
    /// Fewer tickets are compared with nothing.
    private static let minimum = 100

    init(_ store: TicketStore, _ bundle: ModelBundle, command: Monitor) throws {
        let all = try DriftReport.tickets(store, bundle, limit: command.recent)
        guard all.count >= DriftReport.minimum else {
            refusal =
                "the store has \(all.count.counted("ticket")) of this model with text; drift needs "
                + "\(DriftReport.minimum)"
            return
        }
        let first = min(1_000, all.count / 3)
        var usual = DriftReference()
        let known = try command.data.flatMap {
            try DriftReport.words(file: $0, bundle, command.text)
        }
        let earlier = known.isEmpty ? all[..<first].map(\.words) : known
        usual.count(earlier)
        usual.addHeldOut(bundle)
        usual.measure(Array(all[..<first]))
        var monitor = DriftMonitor(usual)
        for ticket in all[first...] { monitor.add(ticket) }
        let newest = Array(all[first...].suffix(DriftReport.window))
        (alarms, tickets, reference) = (monitor.alarms, all.count - first, earlier.count)
        (self.first, isGiven) = (first, !known.isEmpty)
        classifier = DomainClassifier(recent: newest.map(\.words), earlier: earlier)
        describe(newest, Array(all[..<first]), usual)
    }

    private mutating func describe(
        _ newest: [MonitoredTicket], _ first: [MonitoredTicket], _ usual: DriftReference
    ) {
        func mean(_ tickets: [MonitoredTicket]) -> Double {
            tickets.reduce(0) { $0 + Double($1.unseen) } / Double(max(1, tickets.count))
        }
        unseen = (mean(newest), mean(first))
        for (field, shares) in usual.labels.sorted(by: { $0.key < $1.key }) {
            let given = newest.compactMap { $0.labels[field] }
            for label in Set(given).union(shares.keys).sorted() {
                let now = Double(given.count { $0 == label }) / Double(max(1, given.count))
                labels.append((field, label, now, shares[label] ?? 0))
            }
        }
    }

    // MARK: - Reading

    /// The newest tickets that the model decided and whose text is kept, oldest first.
    private static func tickets(
        _ store: TicketStore, _ bundle: ModelBundle, limit: Int
    ) throws -> [MonitoredTicket] {
        var (tickets, before) = ([MonitoredTicket](), Int64?.none)
        var (features, logits) = (Features(), [Float]())
        while tickets.count < limit {
            let page = try store.decisions(before: before, limit: 1_000)
            guard let last = page.last else { break }
            before = last.sequence
            for decision in page where decision.record.snapshot.model == bundle.sha256 {
                guard let text = decision.text, tickets.count < limit else { continue }
                bundle.score(
                    subject: Array(text.subject.utf8), body: Array(text.body.utf8), features: &features,
                    logits: &logits)
                tickets.append(MonitoredTicket(decision, text, features))
            }
        }
        return tickets.reversed()
    }

    /// The words of a file's tickets.
    private static func words(
        file: String, _ bundle: ModelBundle, _ text: TextOption
    ) throws -> [Set<String>] {
        let rows = try RowReader(path: file)
        var reader = TicketReader(text.columns(bundle))
        try reader.begin(rows)
        var words: [Set<String>] = []
        let snapshot = Snapshot(model: bundle)
        let faults = try rows.forEach { row throws(BadRow) in
            let prepared = snapshot.prepare(try reader.ticket(in: row))
            words.append(
                MonitoredTicket.words(
                    String(decoding: prepared.subject.bytes, as: UTF8.self),
                    String(decoding: prepared.body.bytes, as: UTF8.self)))
        }
        Terminal.say(faults.map { (rows.name, $0) })
        return words
    }
}

extension MonitoredTicket {
    fileprivate init(_ decision: StoredDecision, _ text: StoredDecision.Text, _ features: Features) {
        // The blind sample withholds labels, which are empty then.
        let fields = decision.record.fields.filter { !$0.label.isEmpty }
        self.init(
            words: MonitoredTicket.words(text.subject, text.body),
            labels: Dictionary(fields.map { ($0.name, $0.label) }) { first, _ in first },
            confidence: Dictionary(fields.map { ($0.name, $0.probability) }) { first, _ in first },
            isOutOfScope: fields.contains { $0.reasons.contains(Decision.Reason.outOfScope.rawValue) },
            unseen: OutOfScopeFeatures.share(unseen: features.words.unseen, seen: features.words.count),
            time: decision.time)
    }

    /// The different words of a masked ticket.
    fileprivate static func words(_ texts: String...) -> Set<String> {
        var found: Set<String> = []
        for text in texts {
            let words = PlainWords(text)
            for word in words.list where word.length >= DriftMonitor.minimumWordLength {
                let text = words.text(word)
                if !text.allSatisfy(\.isNumber) { found.insert(text) }
            }
        }
        return found
    }
}

extension DriftReference {
    /// The labels and the confidence of the rows that training held out.
    fileprivate mutating func addHeldOut(_ bundle: ModelBundle) {
        for head in bundle.heads where !head.hasTags {
            guard let scores = head.heldOut, scores.count >= 50 else { continue }
            let field = head.manifest.field
            var counts = [Int](repeating: 0, count: head.labels.names.count)
            for row in 0..<scores.count { counts[Int(scores.predicted[row])] += 1 }
            labels[field] = Dictionary(
                zip(head.labels.names, counts.map { Double($0) / Double(scores.count) })
            ) { first, _ in first }
            // They are sorted by falling confidence.
            sure[field] = scores.confidence[scores.count - 1 - scores.count / 10]
        }
    }
}
#endif
