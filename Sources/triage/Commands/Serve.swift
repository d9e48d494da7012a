import ArgumentParser
import Logging
import TriageServer
import TriageSettings
import TriageStore
import TriageTelemetry

/// `triage serve`: decisions over HTTP.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Answer over HTTP: the original agent's contract, and /v1 (see /docs and /openapi.json).",
        usage: "triage serve [--config <file>] [--<setting> <value> ...]",
        discussion: """
            SIGHUP reads bundle, knowledge base and playbook again; SIGTERM and SIGINT end the service when requests \
            under way are answered. Each setting below is also an environment variable, as TRIAGE_PORT, and a line of \
            .env or of a YAML file; `triage doctor --settings` shows all names, values in force, and where from.

            \(SettingsDocument.flags)
            """)

    @OptionGroup var options: SettingsOptions
    @Flag(help: .hidden) var echo = false

    func run() async throws {
        try await reportingErrors {
            let settings = try options.effective().checked()
            let deciding = settings.deciding
            let loaded = try deciding.load()
            if deciding.kbPath == nil, deciding.kb == nil { Places.warnWithoutKB() }
            let telemetry = try Telemetry.start(
                settings.telemetry, version: Triage.configuration.version)
            let store =
                settings.store.isStateless
                ? nil : try TicketStore(settings.store.folder, .write, StoreOptions(settings))
            let logger = Logger(label: "triage")
            var dependencies = ServerDependencies(
                snapshots: SnapshotHolder(loaded.deciding), store: store, logger: logger)
            dependencies.telemetry = telemetry
            dependencies.shadow = Shadow(loaded.shadow)
            dependencies.reloader = SnapshotReloader(dependencies) { try deciding.load() }
            let host = settings.listening.host
            var serving = ServerOptions(settings)
            serving.hasEcho = echo
            try await serve(dependencies, serving) { port in
                Terminal.say("triage: listening on http://\(host):\(port)")
            }
            try store?.close()
        }
    }
}
