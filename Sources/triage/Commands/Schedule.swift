import ArgumentParser
import Foundation
import TriageData
import TriageModel

/// `triage schedule`: what runs `retrain` by itself.
struct Schedule: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print a systemd timer and a cron line that run `triage retrain` by themselves.",
        discussion: """
            Prints only; nothing is installed. A refused model makes the unit fail, so that the usual alert on failed units \
            reports it.
            """)

    enum Interval: String, CaseIterable, ExpressibleByArgument {
        case day, week, month

        /// As systemd's OnCalendar and as the first five fields of a cron line; at night, when few tickets come.
        var times: (calendar: String, cron: String) {
            switch self {
            case .day: ("*-*-* 03:17:00", "17 3 * * *")
            case .week: ("Mon *-*-* 03:17:00", "17 3 * * 1")
            case .month: ("*-*-01 03:17:00", "17 3 1 * *")
            }
        }
    }

    @Option(help: ArgumentHelp("The registry's folder.", valueName: "dir"))
    var registry: String
    @Option(
        help: ArgumentHelp(
            "The store with the corrections (default: the store of the last training).", valueName: "dir"))
    var store: String?
    @Option(help: "How often: \(Interval.allCases.map(\.rawValue).joined(separator: ", ")).")
    var every = Interval.week
    @Option(help: ArgumentHelp("The user that runs it.", valueName: "name"))
    var user = "triage"

    func validate() throws {
        guard
            [registry, store ?? "none", user].allSatisfy({ !$0.isEmpty && !$0.contains(where: \.isNewline) })
        else {
            throw ValidationError("--registry, --store and --user take one line each.")
        }
    }

    func run() throws {
        try reportingErrors {
            let loaded = try ModelRegistry(registry)
            try checkStore(of: loaded)
            var words = [Schedule.program, "retrain", "--registry", RegistryRecipe.wholePath(registry)]
            words += store.map { ["--store", RegistryRecipe.wholePath($0)] } ?? []
            print(units(words + ["--by", "timer"]))
        }
    }

    /// A program without the store's parts must not print a command that it refuses.
    private func checkStore(of registry: ModelRegistry) throws {
        #if !Service
        if let path = try store ?? RegistryRecipe(of: registry)?.store {
            throw MissingPart(option: "--store \(path.shown)")
        }
        #endif
    }

    private static var program: String {
        ProgramArguments.executable ?? "/usr/bin/triage"
    }

    private func units(_ words: [String]) -> String {
        """
        # /etc/systemd/system/triage-retrain.service
        [Unit]
        Description=Retrain the ticket triage model

        [Service]
        Type=oneshot
        User=\(user)
        Nice=10
        ExecStart=\(words.map(Schedule.systemdWord).joined(separator: " "))

        # /etc/systemd/system/triage-retrain.timer, then: systemctl enable --now triage-retrain.timer
        [Unit]
        Description=Retrain the ticket triage model every \(every.rawValue)

        [Timer]
        OnCalendar=\(every.times.calendar)
        Persistent=true

        [Install]
        WantedBy=timers.target

        # or /etc/cron.d/triage-retrain
        \(every.times.cron) \(user) nice \(words.map(Schedule.cronWord).joined(separator: " "))
        """
    }

    /// A word of ExecStart: in quotes where it needs them, with the signs that systemd expands doubled.
    private static func systemdWord(_ word: String) -> String {
        let doubled = word.replacing("%", with: "%%").replacing("$", with: "$$")
        guard !ShellWord.isPlain(word) else { return doubled }
        return "\"" + doubled.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    /// A word of a cron line: in quotes for the shell; cron itself ends a line at a % without a backslash.
    private static func cronWord(_ word: String) -> String {
        ShellWord.quoted(word).replacing("%", with: "\\%")
    }
}
