#if Service
import ArgumentParser
import Logging
import TriageEngine
import TriageLLM
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
            SIGHUP reads bundle, knowledge base and playbook again, and so does a new champion of a registry that is the model; SIGTERM and SIGINT end the service after the answers to \
            requests under way, a second SIGINT (Ctrl-C) at once. Each setting below is also an environment variable, as TRIAGE_PORT, and a line of \
            .env or of a YAML file; `triage doctor --settings` shows all names, values in force, and where from.

            \(SettingsDocument.flags)
            """)

    @OptionGroup var options: SettingsOptions
    @Flag(help: .hidden) var echo = false

    func run() async throws {
        Terminal.write(to: { LogSink.standardError.write($0) })
        try await reportingErrors {
            let settings = try options.effective().checked()
            let pointers = settings.pointers
            var loaded = try settings.loadSnapshots()
            let version = Triage.configuration.version
            let telemetry = try TelemetryPipeline.start(settings.telemetry, version: version)
            let logger = Logger(label: "triage")
            let notes =
                SettingsCheck(settings).notes
                + [settings.decidingFiles.noteWithoutKB, loaded.deciding.matchThresholdNote].compactMap(
                    \.self)
            for note in notes { logger.warning("\(note)") }
            settings.reportFailingCommands { key, error in
                logger.warning(
                    "a secret's command failed; its last value stays in force",
                    metadata: ["setting": .string(key), "reason": .string(error.safeDescription)])
            }
            let database = try KnowledgeDatabase(settings, logger: logger)
            if let database { loaded.deciding = await database.attach(to: loaded.deciding) }
            let store =
                settings.store.isStateless
                ? nil
                : try TicketStore(
                    settings.store.folder, .write, StoreOptions(settings), preparingWith: loaded.deciding)
            var dependencies = ServerDependencies(
                snapshots: SnapshotHolder(loaded.deciding), store: store, logger: logger)
            dependencies.telemetry = telemetry
            dependencies.database = database
            dependencies.redis = try SharedRedis(settings, logger: logger)
            dependencies.access = try AccessControl(settings, redis: dependencies.redis, logger: logger)
            dependencies.llm = try settings.languageModelClient(replies: dependencies.redis?.replies)
            dependencies.modelDecider = try settings.languageModelDecider(
                dependencies.llm, for: loaded.deciding)
            dependencies.shadow = Shadow(loaded.shadow)
            dependencies.pointers = pointers
            dependencies.monitorFolder = store == nil ? nil : settings.decidingFiles.state
            dependencies.desk = ModelDesk(settings)
            dependencies.articles = ArticleDesk(settings.decidingFiles)
            dependencies.reloader = SnapshotReloader(dependencies) { try settings.loadSnapshots() }
            let host = settings.listening.host
            var serving = ServerOptions(settings)
            serving.hasEcho = echo
            serving.version = version
            try await serve(dependencies, serving) { port in
                let scheme = settings.listening.certificate == nil ? "http" : "https"
                logger.notice("listening on \(scheme)://\(host):\(port)")
            }
            await dependencies.llm.shutdown()
            await database?.close()
            try store?.close()
        }
    }
}
#endif
