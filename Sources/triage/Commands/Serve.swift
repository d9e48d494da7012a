import ArgumentParser
import Logging
import TriageLLM
import TriageServer
import TriageStore

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
    @OptionGroup var llm: LLMFlags
    @Flag(help: "Keep nothing: triage, explain and search alone.") var stateless = false
    @Flag(help: .hidden) var echo = false

    func run() async throws {
        try await reportingErrors {
            let snapshots = SnapshotHolder(try options.loadSnapshot())
            options.warnWithoutKB()
            let logger = Logger(label: "triage")
            let store = stateless ? nil : try TicketStore(store)
            var options = ServerOptions()
            (options.host, options.port, options.hasEcho) = (host, port, echo)
            var dependencies = ServerDependencies(snapshots: snapshots, store: store, logger: logger)
            dependencies.llm = try llm.client()
            try await serve(dependencies, options) { port in
                Terminal.say("triage: listening on http://\(host):\(port)")
            }
            await dependencies.llm.shutdown()
            try store?.close()
        }
    }
}
