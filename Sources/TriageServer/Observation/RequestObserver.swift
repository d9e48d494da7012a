internal import CoreMetrics
internal import Logging
internal import Synchronization
internal import Tracing
internal import TriageTelemetry

/// Writes each request's log line, counts the request, and ends its span.
final class RequestObserver: Sendable {
    private let logger: Logger
    private let registry: PrometheusRegistry
    private let inFlight: any MeterHandler
    private let timers = Mutex<[Key: any TimerHandler]>([:])

    private struct Key: Hashable {
        let route: String
        let method: String
        let status: Int
    }

    /// Routes that machines poll; their log level is `debug`.
    private static let probes: Set = ["/health", "/ready", "/metrics"]

    init(registry: PrometheusRegistry, logger: Logger) {
        self.registry = registry
        self.logger = logger
        inFlight = registry.makeMeter(label: "triage_http_requests_in_flight", dimensions: [])
    }

    func begin(_ record: RequestRecord) { inFlight.increment(by: 1) }

    func end(_ record: RequestRecord, _ ending: RequestRecord.Ending) {
        inFlight.decrement(by: 1)
        timer(record, ending.status).recordNanoseconds(Int64(ending.duration / .nanoseconds(1)))
        log(record, ending)
        if let span = record.span { end(span, record, ending) }
    }

    private func timer(_ record: RequestRecord, _ status: Int) -> any TimerHandler {
        let key = Key(route: record.route, method: record.method, status: status)
        if let known = timers.withLock({ $0[key] }) { return known }
        let made = registry.makeTimer(
            label: "triage_http_request_duration_seconds",
            dimensions: [("route", key.route), ("method", key.method), ("status", String(status))])
        timers.withLock { $0[key] = made }
        return made
    }

    private func log(_ record: RequestRecord, _ ending: RequestRecord.Ending) {
        let level: Logger.Level =
            record.caller.failure != nil
            ? .error : ending.status >= 500 ? .warning : Self.probes.contains(record.route) ? .debug : .info
        guard level >= logger.logLevel else { return }
        var metadata: Logger.Metadata = [
            "route": .string(record.route), "method": .string(record.method),
            "status": .stringConvertible(ending.status), "bytes": .stringConvertible(ending.bytes),
            "duration_ms": .stringConvertible(ending.duration.milliseconds),
            "request_id": .string(record.requestID),
        ]
        if let key = record.caller.keyID { metadata["key_id"] = .string(key) }
        if let failure = record.caller.failure { metadata["error"] = .string(failure) }
        if !ending.isWhole { metadata["aborted"] = .stringConvertible(true) }
        if let trace = record.span?.context.traceContext {
            metadata["trace_id"] = .string(trace.traceIDText)
            metadata["span_id"] = .string(trace.spanIDText)
        }
        logger.log(level: level, "request", metadata: metadata)
    }

    /// OpenTelemetry's conventions for HTTP servers, without path, query and agent, which may contain a caller's
    /// text.
    private func end(_ span: RecordedSpan, _ record: RequestRecord, _ ending: RequestRecord.Ending) {
        guard span.isRecording else { return }
        span.updateAttributes { attributes in
            attributes["http.request.method"] = record.method
            attributes["url.scheme"] = record.scheme
            if record.route != "unmatched" { attributes["http.route"] = record.route }
            attributes["http.response.status_code"] = ending.status
            attributes["http.response.body.size"] = ending.bytes
            attributes["triage.request_id"] = record.requestID
            if ending.status >= 500 { attributes["error.type"] = String(ending.status) }
            if !ending.isWhole { attributes["error.type"] = "aborted" }
        }
        if ending.status >= 500 || !ending.isWhole { span.setStatus(SpanStatus(code: .error)) }
        span.end()
    }
}

extension Duration {
    /// With three decimals, for the log.
    var milliseconds: Double { (self / .microseconds(1)).rounded() / 1000 }
}
