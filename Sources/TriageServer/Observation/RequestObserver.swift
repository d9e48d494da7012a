internal import CoreMetrics
internal import Logging
internal import Synchronization
internal import Tracing
internal import TriageTelemetry

/// Writes each exchange's line in the log, counts it, and ends its span.
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

    /// Asked by machines many times a minute; told at `debug`.
    private static let probes: Set = ["/health", "/ready", "/metrics"]

    init(registry: PrometheusRegistry, logger: Logger) {
        self.registry = registry
        self.logger = logger
        inFlight = registry.makeMeter(label: "triage_http_requests_in_flight", dimensions: [])
    }

    func begin(_ exchange: RequestRecord) { inFlight.increment(by: 1) }

    func end(_ exchange: RequestRecord, _ ending: RequestRecord.Ending) {
        inFlight.decrement(by: 1)
        timer(exchange, ending.status).recordNanoseconds(Int64(ending.duration / .nanoseconds(1)))
        log(exchange, ending)
        if let span = exchange.span { end(span, exchange, ending) }
    }

    private func timer(_ exchange: RequestRecord, _ status: Int) -> any TimerHandler {
        let key = Key(route: exchange.route, method: exchange.method, status: status)
        if let known = timers.withLock({ $0[key] }) { return known }
        let made = registry.makeTimer(
            label: "triage_http_request_duration_seconds",
            dimensions: [("route", key.route), ("method", key.method), ("status", String(status))])
        timers.withLock { $0[key] = made }
        return made
    }

    private func log(_ exchange: RequestRecord, _ ending: RequestRecord.Ending) {
        let level: Logger.Level =
            exchange.caller.failure != nil
            ? .error : ending.status >= 500 ? .warning : Self.probes.contains(exchange.route) ? .debug : .info
        guard level >= logger.logLevel else { return }
        var metadata: Logger.Metadata = [
            "route": .string(exchange.route), "method": .string(exchange.method),
            "status": .stringConvertible(ending.status), "bytes": .stringConvertible(ending.bytes),
            "duration_ms": .stringConvertible((ending.duration / .microseconds(1)).rounded() / 1000),
            "request_id": .string(exchange.requestID),
        ]
        if let key = exchange.caller.keyID { metadata["key_id"] = .string(key) }
        if let failure = exchange.caller.failure { metadata["error"] = .string(failure) }
        if !ending.isWhole { metadata["aborted"] = .stringConvertible(true) }
        if let trace = exchange.span?.context.traceContext {
            metadata["trace_id"] = .string(trace.traceIDText)
            metadata["span_id"] = .string(trace.spanIDText)
        }
        logger.log(level: level, "request", metadata: metadata)
    }

    /// OpenTelemetry's semantic conventions for HTTP servers, less what may hold a caller's text: path, query, agent.
    private func end(_ span: RecordedSpan, _ exchange: RequestRecord, _ ending: RequestRecord.Ending) {
        guard span.isRecording else { return }
        span.updateAttributes { attributes in
            attributes["http.request.method"] = exchange.method
            attributes["url.scheme"] = exchange.scheme
            if exchange.route != "unmatched" { attributes["http.route"] = exchange.route }
            attributes["http.response.status_code"] = ending.status
            attributes["http.response.body.size"] = ending.bytes
            attributes["triage.request_id"] = exchange.requestID
            if ending.status >= 500 { attributes["error.type"] = String(ending.status) }
            if !ending.isWhole { attributes["error.type"] = "aborted" }
        }
        if ending.status >= 500 || !ending.isWhole { span.setStatus(SpanStatus(code: .error)) }
        span.end()
    }
}
