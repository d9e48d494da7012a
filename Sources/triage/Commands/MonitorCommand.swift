#if Service
import ArgumentParser
import Foundation
import TriageData
import TriageEngine
import TriageModel
import TriageStore
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
            let known = try data.flatMap { try words(file: $0, bundle) }
            let drift = try DriftReport(store, bundle, recent: recent, known: known)
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

    /// The words of a file's tickets.
    private func words(file: String, _ bundle: ModelBundle) throws -> [Set<String>] {
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
#endif
