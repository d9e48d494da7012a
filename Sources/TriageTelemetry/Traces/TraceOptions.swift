internal import TriageData

/// Where spans go and how many.
///
/// Source: https://opentelemetry.io/docs/specs/otel/protocol/exporter/.
package struct TraceOptions: Sendable {
    /// The collector's URL for traces, such as `http://127.0.0.1:4318/v1/traces`.
    package let url: String
    /// The share of traces that begin here which are recorded.
    package var sampleRatio = 1.0
    /// How long one request to the collector may take.
    package var timeout: Duration = .seconds(10)
    /// A PEM file with the certificates that may sign the collector's; nil for the system's.
    package var certificates: String?
    /// The name of this service, `service.name`.
    package var serviceName = "ticket-triage"
    /// The version of this program, `service.version`.
    package var serviceVersion: String?
    private let headerList: @Sendable () -> String

    /// A name and its value.
    package struct Pair: Sendable, Equatable {
        /// The name.
        package let name: String
        /// The value.
        package let value: String

        /// A pair.
        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Options for a collector.
    ///
    /// - Parameters:
    ///   - endpoint: the collector's base URL, without `/v1/traces`.
    ///   - headers: headers of each request, such as a collector's key, as `OTEL_EXPORTER_OTLP_HEADERS` has them:
    ///     `name=value,name=value` with percent-encoded values. Asked before each request, so that a key may change.
    /// - Throws: `TelemetryError` when one of them is not well formed.
    package init(
        endpoint: String, headers: @escaping @Sendable () -> String = { "" }
    ) throws(TelemetryError) {
        let lower = endpoint.lowercased()
        let host = ["http://", "https://"].first { lower.hasPrefix($0) }.map { endpoint.dropFirst($0.count) }
        guard let first = host?.first, first != "/", !endpoint.contains(where: \.isWhitespace) else {
            throw .badEndpoint
        }
        url = endpoint + (endpoint.hasSuffix("/") ? "v1/traces" : "/v1/traces")
        headerList = headers
        _ = try self.headers()
    }

    /// The headers of a request that is sent now.
    ///
    /// - Throws: `TelemetryError` when they are not well formed.
    package func headers() throws(TelemetryError) -> [Pair] { try Self.pairs(headerList()) }

    /// Facts of this process that go with its spans.
    var resource: [Pair] {
        [Pair("service.name", serviceName)] + (serviceVersion.map { [Pair("service.version", $0)] } ?? [])
    }

    private static func pairs(_ list: String) throws(TelemetryError) -> [Pair] {
        var pairs: [Pair] = []
        for (index, entry) in list.split(separator: ",").enumerated() {
            let parts = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = parts[0].trimmingBlanks
            guard parts.count == 2, !name.isEmpty,
                let value = Hexadecimal.percentDecoded(parts[1].trimmingBlanks)
            else {
                throw .badHeader(position: index + 1)
            }
            pairs.append(Pair(name, value))
        }
        return pairs
    }
}

extension Substring {
    fileprivate var trimmingBlanks: String {
        var rest = self
        while rest.first == " " || rest.first == "\t" { rest.removeFirst() }
        while rest.last == " " || rest.last == "\t" { rest.removeLast() }
        return String(rest)
    }
}
