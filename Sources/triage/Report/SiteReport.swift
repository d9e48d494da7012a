#if Service
import ArgumentParser
import TriageData
import TriageEngine
import TriageModel
import TriagePages
import TriageServer
import TriageSettings
import TriageStore

/// `triage doctor --report`: what the service does with personal data under the settings in force, as a page for the
/// data-protection officer and one for the works council.
struct SiteReport {
    let effective: EffectiveSettings
    let snapshot: Snapshot
    let files: DecisionFiles
    /// The keys that are valid now; nil when callers need none.
    let keys: [KeyRecord]?
    /// When the report was made.
    let now: Timestamp

    var settings: ServiceSettings { effective.settings }

    /// Reads everything that decides.
    ///
    /// - Throws: Whatever keeps the service from starting: a page about other settings than those of the service is wrong.
    init(_ effective: EffectiveSettings, now: Timestamp = .now) throws {
        self.effective = effective
        self.now = now
        let settings = try effective.checked()
        files = settings.decidingFiles
        snapshot = try Snapshot(at: files.places())
        keys = try settings.listening.keys.map { path in
            try KeyFile(path: path).keys.filter { $0.state(at: now) == .valid }
        }
    }

    /// Both pages in one file; each begins a sheet of paper.
    var page: HTMLPage {
        HTMLPage(
            title: "triage: what it reads, keeps and sends",
            main: HTML([sheet("dpo", dataProtection), sheet("council", worksCouncil)]))
    }

    private func sheet(_ id: String, _ parts: [HTML]) -> HTML {
        .tag("section", ["class": "sheet", "id": id], HTML(parts))
    }

    // MARK: - Pieces of a page

    /// The title of a sheet, with what it is made from.
    func opening(_ title: String, _ reader: String, other: (id: String, name: String)) -> [HTML] {
        let day = String(now.text.prefix(10))
        let from: HTML = """
            For \(reader). Made on \(day) by triage \(Triage.configuration.version) from the settings in force; make it again \
            after each change with \(.code("triage doctor --report FILE.html")). In this file there is also the page for \
            \(.link("#\(other.id)", HTML(other.name))).
            """
        return [.tag("h1", [:], HTML(title)), .tag("p", ["class": "quiet"], from)]
    }

    static func section(_ title: String, _ parts: HTML...) -> HTML {
        HTML([.tag("h2", [:], HTML(title))] + parts)
    }

    static func table(_ columns: [String], _ rows: [[String]]) -> HTML {
        HTMLTable.stacked(columns, rows.map { $0.map { HTML(prose: $0) } })
    }

    static func list(_ items: [String]) -> HTML {
        .list(items.map { HTML(prose: $0) }, style: "points")
    }

    static func paragraph(_ text: String) -> HTML { .p(HTML(prose: text)) }

    // MARK: - Facts that both pages use

    /// How long masked text is kept, as a time.
    var retention: String {
        guard !settings.store.isStateless else { return "not kept" }
        return switch settings.store.textRetention {
        case .forever: "for ever"
        case .days(0): "not kept"
        case .days(let days): days.counted("day")
        }
    }

    /// The same in a sentence, where text is kept.
    var howLong: String { settings.store.textRetention == .forever ? retention : "for \(retention)" }

    var keepsText: Bool { !settings.store.isStateless && settings.store.textRetention != .days(0) }

    /// Connections that an address was given for.
    var openConnections: [Connection] { settings.connections.filter { $0.destination != nil } }

    /// Measures of each field on held-out rows.
    var measures: HTML {
        let rows = snapshot.model.heads.map { head -> [String] in
            let manifest = head.manifest
            let rows = manifest.metrics["held_out_rows"].map { "\(Int($0))" } ?? "none"
            let accuracy = manifest.metrics["held_out_accuracy"].map { percent($0) } ?? "not measured"
            return [manifest.field, "\(head.labels.count)", rows, accuracy, automatic(manifest)]
        }
        return SiteReport.table(
            ["field", "labels", "tickets held out", "right label", "without a person"], rows)
    }

    /// Which answers of a field need no person.
    private func automatic(_ head: ModelManifest.Head) -> String {
        guard head.isCalibrated else { return "never: the model was not calibrated on your own labels" }
        guard let rule = head.auto, rule.isReachable else { return "never" }
        let share = rule.rows == 0 ? 0 : Double(rule.above) / Double(rule.rows)
        return
            "\(percent(share)) of held-out tickets, target \(rule.target); \(rule.errors) of these \(rule.above) were wrong"
    }

    func percent(_ share: Double) -> String {
        let tenths = Int((share * 1000).rounded())
        return "\(tenths / 10).\(tenths % 10) %"
    }

    /// What the program is meant for, and what not.
    static func use(_ more: String) -> HTML {
        section(
            "Intended use, and misuse",
            list([
                "Intended: to suggest category, severity, known issue and next action of support tickets to the people who "
                    + "handle them.",
                "Misuse: emergency calls, patient triage, or any queue where a late or wrong answer can cost health or life.",
                "Misuse: decisions about a person, such as credit, insurance, hiring, or discipline (GDPR, article 22).",
                more,
                "A model is wrong in a measured share of tickets. The table of measures shows how often; plan for it.",
            ]))
    }
}
#endif
