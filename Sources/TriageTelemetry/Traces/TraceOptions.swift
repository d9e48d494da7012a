internal import TriageData

/// The collector of spans and the share of traces that are recorded.
///
/// Source: https://opentelemetry.io/docs/specs/otel/protocol/exporter/.
package struct TraceOptions: Sendable {
    /// The collector's URL for traces, such as `http://127.0.0.1:4318/v1/traces`.
    package let url: String
    /// The share of new traces that are recorded, 0 to 1.
    package var sampleRatio = 1.0
    /// The time of one request to the collector.
    package var timeout: Duration = .seconds(10)
    /// A PEM file with the trusted certificate authorities; nil for the system's.
    package var certificates: String?
    /// `service.name` of the resource.
    package var serviceName = "ticket-triage"
    /// `service.version` of the resource.
    package var serviceVersion: String?
    private let headerList: @Sendable () -> String

    package struct Pair: Sendable, Equatable {
        package let name: String
        package let value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// - Parameters:
    ///   - endpoint: The collector's base URL, without `/v1/traces`.
    ///   - headers: Headers of each request, such as a collector's key, in the form of `OTEL_EXPORTER_OTLP_HEADERS`:
    ///     `name=value,name=value` with percent-encoded values. Called before each request, so that a key may change.
    /// - Throws: `TelemetryError` when the endpoint or the headers are malformed.
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

    /// The current headers.
    ///
    /// - Throws: `TelemetryError` when they are malformed.
    package func headers() throws(TelemetryError) -> [Pair] { try Self.pairs(headerList()) }

    /// Attributes of this process, sent with its spans.
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
