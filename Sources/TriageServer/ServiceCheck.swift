internal import Logging
internal import TriageData
package import TriageEngine
internal import TriageLLM
package import TriageModel
package import TriageSettings
internal import TriageStore

/// Checks what `triage serve` reads at its start, and what it may connect to.
package enum ServiceCheck {
    /// The settings that are not defaults, with their source; and what is wrong with them.
    ///
    /// - Returns: Whether all settings can be used.
    package static func check(
        _ effective: EffectiveSettings, with bundle: ModelBundle?, _ report: inout DiagnosticReport
    ) -> Bool {
        if let shadow = effective.settings.deciding.shadow {
            let bundle = report.part("shadow") {
                try Installation.bundle(shadow, signedBy: effective.settings.deciding.signedBy)
            }
            if let bundle { report.line("shadow", "\(bundle.manifest.name) \(bundle.sha256.prefix(12))") }
        }
        let given = Setting.all.filter { $0.key == $0.slot && effective.origin(of: $0) != .default }
        report.line("settings", "\(given.count) given; --settings shows all, with their meaning")
        for setting in given { report.line("", "\(setting.key) = \(effective.shown(setting))") }
        for problem in effective.problems { report.line("settings", problem.description, .fail) }
        for note in SettingsCheck(effective.settings).notes { report.line("settings", note, .warn) }
        checkMonitoring(effective.settings, bundle, &report)
        checkTLS(effective.settings.listening, &report)
        checkAccess(effective.settings, &report)
        // The report already has what the service would refuse first, such as a missing file.
        return effective.problems.isEmpty && checkModel(effective.settings, bundle, &report)
    }

    /// Answers of the model in use that are no longer automatic.
    private static func checkMonitoring(
        _ settings: ServiceSettings, _ bundle: ModelBundle?, _ report: inout DiagnosticReport
    ) {
        guard !settings.store.isStateless, let folder = settings.decidingFiles.state else { return }
        let demotions = report.part("auto") { try MonitorState(folder).demotions() }
        guard let demotions = demotions ?? nil, demotions.model == bundle?.sha256 else { return }
        for entry in demotions.entries {
            report.line(
                "auto",
                "\(entry.sentence). Train again, or take it back: \(restoring(entry.place, settings, state: folder))",
                .warn)
        }
    }

    /// The command that makes a place automatic again.
    private static func restoring(
        _ place: LivePrecision.Place, _ settings: ServiceSettings, state: String
    ) -> String {
        var words = ["triage", "monitor", "--store", settings.store.folder]
        words += settings.deciding.model.map { ["--model", $0] } ?? []
        if state != settings.store.folder { words += ["--state", state] }
        return (words + ["--restore", place.text]).map(ShellWord.quoted).joined(separator: " ")
    }

    private static func checkModel(
        _ settings: ServiceSettings, _ bundle: ModelBundle?, _ report: inout DiagnosticReport
    ) -> Bool {
        let check: Void? = report.part("llm") {
            try settings.checkLanguageModel()
            if let bundle { try LLMDecider.check(settings.llm.fields, bundle) }
        }
        if check != nil, let url = settings.llm.url, let model = settings.llm.model {
            report.line("llm", "\(model) at \(url): its settings can be used; it was not called")
        }
        return check != nil
    }

    private static func checkAccess(_ settings: ServiceSettings, _ report: inout DiagnosticReport) {
        let access = report.part("access") {
            try AccessControl(settings, redis: nil, logger: Logger(label: "triage"))
        }
        if access != nil, let keys = settings.listening.keys {
            report.line("access", "\(keys): the keys can be read")
        }
    }

    /// Whether a service can start with the certificate and its key, and what to mend.
    private static func checkTLS(_ listening: ServiceSettings.Listening, _ report: inout DiagnosticReport) {
        guard let files = TLSFiles(listening), let warnings = report.part("tls", { try files.examine() })
        else { return }
        report.line("tls", "\(files.certificate): the key fits the certificate")
        for warning in warnings { report.line("tls", warning, .warn) }
    }

    /// Everything that could open a socket under the settings in force, and whether it is off; a connection that leaves this
    /// machine fails.
    package static func connections(_ effective: EffectiveSettings) -> DiagnosticReport {
        var report = DiagnosticReport()
        let settings = effective.settings
        listening(settings, &report)
        for connection in settings.connections {
            guard let destination = connection.destination else {
                report.line(connection.key, "off, not set: no connection for \(connection.purpose)")
                continue
            }
            let origin = effective.origin(of: Setting.named(connection.key))
            let place = connection.isLoopback ? "on, to this machine" : "ON, LEAVES THIS MACHINE"
            report.line(
                connection.key, "\(place): \(destination), for \(connection.purpose)  [\(origin)]",
                connection.isLoopback ? .warn : .fail)
        }
        for note in SettingsCheck(settings).notes { report.line("note", note) }
        for problem in effective.problems { report.line("settings", problem.description, .fail) }
        report.line(
            "commands",
            "health calls the service at the address above; classify, draft and compare call a language model where llm.url is "
                + "on; classify, search, doctor and kb push, status and verify connect to a database where search.url is on; "
                + "every other command opens none")
        report.line(
            "local",
            "commands that write a store ask the system for a user's name, which may try the name cache's socket on this "
                + "machine (/run/nscd)")
        report.line("never", "telemetry, update checks, downloads: no part of the program does these")
        conclude(effective, &report)
        return report
    }

    /// Whether anything can leave; that is not known while a setting cannot be read.
    private static func conclude(_ effective: EffectiveSettings, _ report: inout DiagnosticReport) {
        let leaving = effective.settings.connections.filter { $0.destination != nil && !$0.isLoopback }
        if !leaving.isEmpty {
            let keys = leaving.map(\.key).joined(separator: ", ")
            report.line("result", "\(keys) would leave this machine; remove what you do not want", .fail)
        } else if !effective.problems.isEmpty {
            report.line(
                "result", "unknown: a setting above cannot be used; correct it and run this again", .fail)
        } else {
            report.line("result", "no setting lets anything leave this machine")
        }
    }

    /// The socket that callers connect to.
    private static func listening(_ settings: ServiceSettings, _ report: inout DiagnosticReport) {
        let (host, port) = (settings.listening.host, settings.listening.port)
        let isLoopback = ServiceAddress.isLoopback(host)
        report.line(
            "listens",
            "triage serve alone, on \(host):\(port), "
                + (isLoopback ? "which only this machine reaches" : "which other machines reach")
                + "; it answers there and opens no connection for that", isLoopback ? .ok : .warn)
    }
}
