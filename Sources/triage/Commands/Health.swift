#if Service
import ArgumentParser
import TriageServer
import TriageSettings

/// `triage health`: whether the service on this machine answers; for containers that have no curl.
struct Health: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check that the service on this machine answers. Exit code 0 when it does, 69 when not.",
        usage: "triage health [--ready] [--timeout <seconds>] [--config <file>] [--<setting> <value> ...]",
        discussion: """
            Host, port and TLS come from the same settings as those of triage serve. An address that means all of them is \
            called on loopback. The certificate is not checked: nothing secret is sent, and it names another host.
            """)

    @OptionGroup var options: SettingsOptions
    @Flag(help: "Check that it takes work, not only that it lives.") var ready = false
    @Option(help: "How long to wait for the answer, in seconds.") var timeout = 3.0

    func validate() throws {
        guard timeout > 0, timeout <= 3600 else {
            throw ValidationError("--timeout must be from 0 to 3600 seconds")
        }
    }

    func run() async throws {
        try await reportingErrors {
            let probe = ServiceProbe(options.effective().settings.listening, ready: ready)
            switch await probe.call(timeout: timeout) {
            case .status(200): return print("\(probe.address) answers 200")
            case .status(let status): Terminal.say("triage: \(probe.address) answers \(status)")
            case .silent(let reason): Terminal.say("triage: \(probe.address) does not answer (\(reason))")
            }
            throw ExitCode.unavailable
        }
    }
}
#endif
