import ArgumentParser
import Logging
import TriageServer

/// `triage serve`: decisions over HTTP.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Answer over HTTP: the original agent's contract, and /v1 (see /docs and /openapi.json).",
        discussion: "Ends on SIGTERM or SIGINT when requests under way are answered.")

    @OptionGroup var options: SnapshotOptions
    @Option(help: "The address to bind.") var host = "127.0.0.1"
    @Option(help: "The port; 0 takes a free one.") var port = 8080

    func run() async throws {
        try await reportingErrors {
            let snapshots = SnapshotHolder(try options.loadSnapshot())
            options.warnWithoutKB()
            let logger = Logger(label: "triage")
            try await serve(
                ServerDependencies(snapshots: snapshots, logger: logger),
                ServerOptions(host: host, port: port)
            ) { port in Terminal.say("triage: listening on http://\(host):\(port)") }
        }
    }
}
