#if Service
import TriageData
import TriageEngine
import TriageModel
import TriagePages
import TriageServer
import TriageSettings
import TriageTelemetry

extension SiteReport {
    /// The page for the works council.
    var worksCouncil: [HTML] {
        opening(
            "What triage records about the people who work with it", "the works council",
            other: ("dpo", "the data-protection officer"))
            + [
                inShort, work, recorded, notRecorded,
                SiteReport.section("What is measured", measures, statistics),
                changing,
                SiteReport.use("Misuse: to rate, compare or watch the people who handle tickets."),
                agreeing,
            ]
    }

    private var inShort: HTML {
        SiteReport.section(
            "In short",
            SiteReport.list([
                "triage reads tickets and suggests labels and a next action. It does not assign work to a person, and it answers no "
                    + "requester.",
                "Measures are by field and label, never by agent. No report and no metric is about a person.",
                settings.store.isStateless
                    ? "It keeps nothing, so it holds no record of who did what."
                    : "One trace of people is kept: the id of the API key that asked, corrected or administered. The console shows "
                        + "the key's owner beside each correction, with its time. See below.",
            ]))
    }

    private var work: HTML {
        let automatic = snapshot.model.heads.filter { head in
            head.manifest.isCalibrated && head.manifest.auto?.isReachable ?? false
        }
        let levels =
            automatic.isEmpty
            ? "Today no field reaches `auto`: every answer is a suggestion, and a person decides."
            : "`auto` is possible for \(automatic.map(\.manifest.field).joined(separator: ", ")); what the help desk does with it "
                + "is your rule, not the program's."
        let model =
            settings.llm.url == nil
            ? "No language model is used."
            : "A language model is set (`llm.url`); it may write drafts, which people send or not."
        return SiteReport.section(
            "What changes in the work",
            SiteReport.list([
                "Each answer has a level: `auto`, `suggest` or `review`, with the reason.", levels,
                "Words in the text can only raise a severity, never lower it (safety floors).",
                "People correct answers; a correction needs no reason. Nobody must follow a suggestion.",
                model,
            ]))
    }

    private var recorded: HTML {
        let store = settings.store.isStateless ? "not kept" : "`\(settings.store.folder)`"
        let long = settings.store.isStateless ? "not kept" : "for as long as the store exists"
        let rows: [[String]] = [
            [
                "Decisions", "id of the API key that asked", store, long,
                "callers with the scope `triage` or `audit`, and who reads the store's folder",
            ],
            [
                "Corrections",
                "key id, or the name given with `--by`; field, labels, time. The console's page of a ticket shows the key's owner",
                store, long, "scopes `triage` and `audit`, and who reads the store's folder",
            ],
            [
                "Remarks of corrections", "masked text", keepsText ? store : "not kept",
                keepsText ? retention : "not kept", "the same",
            ],
            [
                "Reloads, erasures, other administration", "key id, time", store, long,
                "who reads the store's folder",
            ],
            [
                "Log lines", "key id, route, status, duration", "standard error", "your log's own rule",
                "who reads the log",
            ],
            [
                "API keys", "the owner's name as it was given",
                settings.listening.keys.map { "`\($0)`" } ?? "none", "until deleted", "who reads the file",
            ],
        ]
        return SiteReport.section(
            "What is recorded about people at work",
            SiteReport.table(["record", "what of a person", "where", "how long", "who can read it"], rows),
            SiteReport.paragraph(
                "A key id names a key. Where each person has a key, as the console's history suggests, or signs in by name, the "
                    + "record shows who corrected which ticket and when, and corrections could be counted by person from the store. "
                    + "Where a team shares a key it does not. \(keyOwners)"))
    }

    private var keyOwners: String {
        guard let keys else { return "No keys are set here, so no record names one." }
        let names = Set(keys.map(\.name)).sorted()
        return "Owners of valid keys here: \(names.isEmpty ? "none" : names.joined(separator: ", "))."
    }

    private var notRecorded: HTML {
        let shared = settings.limits.redis == nil ? "" : " and in Redis"
        return SiteReport.section(
            "What is not recorded",
            SiteReport.list([
                "Working times, speed of handling, breaks, keystrokes, mouse, screen, place.",
                "Network addresses of callers: limits count them for seconds in memory\(shared), and they reach no log and no "
                    + "store.",
                "Who wrote or handled a ticket in the help desk, unless its text has it: names of people in a text are not masked.",
            ]))
    }

    /// The labels of all metrics, from the list that the service itself uses.
    private var statistics: HTML {
        let labels = Set(MetricCatalog.all.flatMap(\.labels)).sorted().map { "`\($0)`" }.joined(
            separator: ", ")
        let served =
            settings.telemetry.servesMetrics
            ? "The service offers them at `/metrics`." : "They are off (`metrics`)."
        return HTML([
            SiteReport.paragraph(SiteReport.measured),
            SiteReport.paragraph(
                "Running statistics are grouped by \(labels), and by nothing else: none of these names a person or a key. \(served)"
            ),
        ])
    }

    private var changing: HTML {
        SiteReport.section(
            "How a change shows",
            SiteReport.list([
                "Every decision names the model by its hash; this page names it too.",
                settings.store.isStateless
                    ? "Without a store, a new model shows in the log (`reloaded`)."
                    : "The ledger records each reload and each erasure; `triage ledger verify` finds a record that was changed or cut.",
                "A second model can decide beside the first without effect (`shadow`): "
                    + (settings.deciding.shadow == nil ? "not used today." : "used today."),
            ]))
    }

    private var agreeing: HTML {
        SiteReport.section(
            "To settle in an agreement",
            SiteReport.list([
                "Whether a key belongs to a team or to one person, who makes and revokes keys, and who may read the history.",
                "How long text is kept (`text-days`, today: \(retention)), and who may read the store.",
                "Which fields may be `auto`, from which target on, and who sees the list of these tickets.",
                "Counts of corrections by key are made only when the council agrees.",
                "This page is made again at each change of settings or model.",
            ]))
    }
}
#endif
