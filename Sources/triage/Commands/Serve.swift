import ArgumentParser
import Logging
import TriageServer
import TriageStore
import TriageTelemetry

/// `triage serve`: decisions over HTTP.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Answer over HTTP: the original agent's contract, and /v1 (see /docs and /openapi.json).",
        discussion: "Ends on SIGTERM or SIGINT when requests under way are answered.")

    @OptionGroup var options: SnapshotOptions
    @Option(help: "The address to bind.") var host = "127.0.0.1"
    @Option(help: "The port; 0 takes a free one.") var port = 8080
    @Option(help: ArgumentHelp("The store's folder, made when it is not there.", valueName: "dir"))
    var store = "store"
    @Flag(help: "Keep nothing: triage, explain and search alone.") var stateless = false
    @Option(help: "Log events from this level on: trace, debug, info, notice, warning, error, critical.")
    var logLevel: Logger.Level = .info
    @Option(
        help: ArgumentHelp(
            "An OpenTelemetry collector to which spans are sent, as http://127.0.0.1:4318; none unless given.",
            valueName: "url"))
    var otlpEndpoint: String?
    @Flag(help: .hidden) var echo = false

    func run() async throws {
        try await reportingErrors {
            let snapshots = SnapshotHolder(try options.loadSnapshot())
            options.warnWithoutKB()
            let telemetry = try Telemetry.start(
                level: logLevel, sending: try otlpEndpoint.map { try TraceOptions(endpoint: $0) })
            let logger = Logger(label: "triage")
            let store = stateless ? nil : try TicketStore(store)
            var options = ServerOptions()
            (options.host, options.port, options.hasEcho) = (host, port, echo)
            var dependencies = ServerDependencies(snapshots: snapshots, store: store, logger: logger)
            dependencies.telemetry = telemetry
            try await serve(dependencies, options) { port in
                Terminal.say("triage: listening on http://\(host):\(port)")
            }
            try store?.close()
        }
    }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}
