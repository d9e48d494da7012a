internal import TriageData

/// What is sent by OTLP over HTTP.
package enum CollectorSignal: String, Sendable, CaseIterable {
    case traces
    case metrics
    case logs
}

/// The collector of spans, metrics and log records, and what it gets.
///
/// Source: https://opentelemetry.io/docs/specs/otel/protocol/exporter/.
package struct CollectorOptions: Sendable {
    /// What is sent.
    package var signals: Set<CollectorSignal> = [.traces]
    /// The time between two pushes of all metrics.
    package var metricInterval: Duration = .seconds(60)
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
    /// `service.instance.id` of the resource: tells the series of processes apart that send to one collector.
    package var serviceInstance: String?
    private let base: String
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
    ///   - endpoint: The collector's base URL, such as `http://127.0.0.1:4318`, without `/v1/traces`.
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
        base = endpoint.hasSuffix("/") ? String(endpoint.dropLast()) : endpoint
        headerList = headers
        _ = try self.headers()
    }

    /// The collector's URL for a signal, such as `http://127.0.0.1:4318/v1/traces`.
    package func url(for signal: CollectorSignal) -> String { "\(base)/v1/\(signal.rawValue)" }

    /// The current headers.
    ///
    /// - Throws: `TelemetryError` when they are malformed.
    package func headers() throws(TelemetryError) -> [Pair] { try Self.pairs(headerList()) }

    /// Attributes of this process, sent with each request.
    var resource: [Pair] {
        let optional = [("service.version", serviceVersion), ("service.instance.id", serviceInstance)]
        return [Pair("service.name", serviceName)]
            + optional.compactMap { name, value in value.map { Pair(name, $0) } }
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
