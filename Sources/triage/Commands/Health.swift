#if Service
import ArgumentParser
import TriageServer
import TriageSettings

extension Duration {
    /// A time to wait, written as in the settings.
    static func waiting(_ text: String) throws -> Duration {
        guard let time = Duration(written: text), time > .zero, time <= .seconds(3600) else {
            throw ValidationError(
                "it takes a time such as 500ms, 30s or 5m, up to 1h (a bare number is seconds)")
        }
        return time
    }
}

/// `triage health`: whether the service on this machine answers; for containers that have no curl.
struct Health: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check that the service on this machine answers. Exit code 0 when it does, 69 when not.",
        usage: "triage health [--ready] [--timeout <time>] [--config <file>] [--<setting> <value> ...]",
        discussion: """
            Host, port and TLS come from the same settings as those of triage serve; an unknown setting, or a bad value of \
            these, is exit code 78, since it may lead to another service. An address that means all of them is \
            called on loopback. The certificate is not checked: nothing secret is sent, and it names another host.
            """)

    @OptionGroup var options: SettingsOptions
    @Flag(help: "Check that it accepts work, not only that it runs.") var ready = false
    @Option(
        help: ArgumentHelp(
            "How long to wait for the answer, such as 500ms or 3s (default: 3s).", valueName: "time"),
        transform: Duration.waiting)
    var timeout = Duration.seconds(3)

    func run() async throws {
        try await reportingErrors {
            let probe = ServiceProbe(try options.effective().listening(), ready: ready)
            switch await probe.call(timeout: timeout / .seconds(1)) {
            case .status(200): return print("\(probe.address) answers 200")
            case .status(let status): Terminal.say("triage: \(probe.address) answers \(status)")
            case .silent(let reason):
                Terminal.say(
                    "triage: \(probe.address) does not answer (\(reason)); check that the service runs, and host and "
                        + "port of its settings")
            }
            throw ExitCode.unavailable
        }
    }
}
#endif
