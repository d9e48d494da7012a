#if Service
import ArgumentParser
import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL
import TriageData
import TriageSettings

/// `triage health`: whether the service on this machine lives; for containers that have no curl.
struct Health: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Ask the service on this machine whether it lives. Exit code 0 when it does, 69 when not.",
        usage: "triage health [--ready] [--timeout <seconds>] [--config <file>] [--<setting> <value> ...]",
        discussion: """
            Host, port and TLS are found where triage serve finds them. An address that stands for all of them is asked on \
            loopback. The certificate is not checked: nothing secret is sent, and it names another host.
            """)

    @OptionGroup var options: SettingsOptions
    @Flag(help: "Ask whether it takes work, not only whether it lives.") var ready = false
    @Option(help: "How long to wait for the answer, in seconds.") var timeout = 3.0

    func validate() throws {
        guard timeout > 0, timeout <= 3600 else {
            throw ValidationError("--timeout must be from 0 to 3600 seconds")
        }
    }

    func run() async throws {
        try await reportingErrors {
            let listening = options.effective().settings.listening
            let address = Health.address(listening) + (ready ? "/ready" : "/health")
            var configuration = HTTPClient.Configuration()
            configuration.tlsConfiguration = .makeClientConfiguration()
            configuration.tlsConfiguration?.certificateVerification = .none
            let client = HTTPClient(configuration: configuration)
            let status: UInt
            do {
                let response = try await client.execute(
                    HTTPClientRequest(url: address), timeout: .milliseconds(Int64(timeout * 1000)))
                status = response.status.code
            } catch {
                try? await client.shutdown()
                let reason = (error as? HTTPClientError)?.shortDescription ?? error.safeDescription
                Terminal.say("triage: \(address) does not answer (\(reason))")
                throw ExitCode.unavailable
            }
            try await client.shutdown()
            guard status == 200 else {
                Terminal.say("triage: \(address) answers \(status)")
                throw ExitCode.unavailable
            }
            print("\(address) answers 200")
        }
    }

    /// Where this machine reaches what listens.
    static func address(_ listening: ServiceSettings.Listening) -> String {
        let host =
            switch listening.host {
            case "0.0.0.0", "": "127.0.0.1"
            case "::", "[::]": "[::1]"
            case let host: host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
            }
        return "\(listening.certificate == nil ? "http" : "https")://\(host):\(listening.port)"
    }
}
#endif
