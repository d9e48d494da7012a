internal import TriageVectors

/// A connection that the service may open, and whether the settings tell it to.
package struct Connection: Sendable, Equatable {
    /// What it would be for.
    package var purpose: String
    /// The setting without which it is never opened.
    package var key: String
    /// The host and port it goes to; nil without an address.
    package var destination: String?
    /// Whether that is this machine itself.
    package var isLoopback: Bool
}

extension ServiceSettings {
    /// All connections that any part of the program may open.
    ///
    /// Whatever is not in this list opens none.
    package var connections: [Connection] {
        let sent = telemetry.sent
        return [
            connection(
                "limits and a language model's answers, shared by several processes", "redis.url",
                limits.redis?.current),
            connection(
                sent.isEmpty ? "spans" : sent.map(\.rawValue).joined(separator: ", "), "otlp.endpoint",
                sent.isEmpty ? nil : telemetry.otlpEndpoint),
            connection("a language model", "llm.url", llm.url),
            connection("articles in a vector database", "search.url", search.url),
            connection("signing people in", "oidc.issuer", signingIn.issuer),
        ]
            + signingIn.hosts.map {
                connection("signing people in", "oidc.hosts", signingIn.issuer == nil ? nil : "https://\($0)")
            }
    }

    private func connection(_ purpose: String, _ key: String, _ url: String?) -> Connection {
        let schemes = ["http", "https", "redis", "rediss"] + SearchDatabaseOptions.schemes
        let address = url.flatMap { ServiceAddress($0, schemes: schemes) }
        return Connection(
            purpose: purpose, key: key, destination: address.map { "\($0)" },
            isLoopback: address.map { ServiceAddress.isLoopback($0.host) } ?? false)
    }
}
