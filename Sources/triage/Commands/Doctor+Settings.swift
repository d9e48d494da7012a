#if Service
import Logging
import TriageData
import TriageLLM
import TriageServer
import TriageSettings

extension Doctor {
    /// The settings that somebody set, with where; and what is wrong with them.
    static func examine(_ effective: EffectiveSettings, _ report: inout DiagnosticReport) {
        let given = Setting.all.filter { $0.key == $0.slot && effective.origin(of: $0) != .default }
        report.line("settings", "\(given.count) given; --settings shows all, with their meaning")
        for setting in given {
            report.line("", "\(setting.key) = \(shown(setting, effective))")
        }
        for problem in effective.problems { report.line("settings", problem.description, .fail) }
        for note in SettingsCheck(effective.settings).notes { report.line("settings", note, .warn) }
        examineTLS(effective.settings.listening, &report)
        examineFiles(effective.settings, &report)
    }

    /// What `serve` reads at its start: keys, proxies, prices.
    private static func examineFiles(_ settings: ServiceSettings, _ report: inout DiagnosticReport) {
        let access = report.part("access") {
            try AccessControl(settings, redis: nil, logger: Logger(label: "triage"))
        }
        if access != nil, let keys = settings.listening.keys {
            report.line("access", "\(keys): the keys can be read")
        }
        guard let path = settings.llm.prices, report.part("prices", { try PriceTable(file: path) }) != nil
        else { return }
        report.line("prices", "\(path): the prices can be read")
    }

    /// Certificate and key: whether a service can start with them, and what to mend.
    private static func examineTLS(_ listening: ServiceSettings.Listening, _ report: inout DiagnosticReport) {
        guard let files = TLSFiles(listening), let warnings = report.part("tls", { try files.examine() })
        else {
            return
        }
        report.line("tls", "\(files.certificate): the key fits the certificate")
        for warning in warnings { report.line("tls", warning, .warn) }
    }

    /// A setting's value and where it comes from.
    private static func shown(_ setting: Setting, _ effective: EffectiveSettings) -> String {
        let value = effective.value(of: setting) ?? "–"
        return "\(value)  [\(effective.origin(of: setting))]"
    }

    /// Every setting with its value, where that comes from, its names and its meaning.
    static func printSettings(_ effective: EffectiveSettings) {
        for group in Setting.groups {
            print("\(group.title)\n")
            for setting in group.settings where setting.key == setting.slot {
                print("  \(setting.key) = \(shown(setting, effective).shown)")
                print("      \(setting.meaning)")
                let names = [setting.flag].compactMap { $0 } + [setting.variable] + setting.aliases
                print("      \(names.joined(separator: ", ")): \(setting.expected)")
            }
            print("")
        }
        for problem in effective.problems { print("FAIL \(problem.description.shown)") }
    }

    /// What may open a connection, and whether it is told to.
    ///
    /// - Returns: Whether nothing leaves the machine.
    static func printConnections(_ effective: EffectiveSettings) -> Bool {
        var report = DiagnosticReport()
        let settings = effective.settings
        report.line(
            "listens",
            "triage serve alone, on \(settings.listening.host):\(settings.listening.port); it answers, and dials nobody"
        )
        for connection in settings.connections {
            let setting = Setting.all.first { $0.key == connection.key }
            let origin = setting.map { "\(effective.origin(of: $0))" } ?? ""
            if let destination = connection.destination {
                report.line(
                    connection.key, "\(connection.purpose): \(destination)  [\(origin)]",
                    connection.isLoopback ? .warn : .fail)
            } else {
                report.line(connection.key, "not set: no connection for \(connection.purpose)")
            }
        }
        for note in SettingsCheck(settings).notes { report.line("note", note) }
        for problem in effective.problems { report.line("settings", problem.description, .fail) }
        report.line(
            "others",
            "health asks the service on this machine; every other command opens no socket unless given --llm-url"
        )
        return report.isWell
    }
}
#endif
