package import Instrumentation
package import Logging
package import Tracing

/// Makes spans and carries W3C trace context in and out: a backend of swift-distributed-tracing.
///
/// Without an exporter no span is recorded, but the context of a caller is still read, handed on, and told in the log.
package final class TriageTracer: Tracer {
    /// The spans this tracer makes.
    package typealias Span = RecordedSpan

    private let sampler: TraceSampler
    private let exporter: SpanExporter?

    /// A tracer that hands its spans to `exporter`.
    package init(sampler: TraceSampler = TraceSampler(ratio: 1), exporter: SpanExporter? = nil) {
        self.sampler = sampler
        self.exporter = exporter
    }

    /// Whether spans go anywhere.
    package var isRecording: Bool { exporter != nil }

    /// Begins a span in the trace of `context`, or a new trace.
    package func startSpan<Instant: TracerInstant>(
        _ operationName: String, context: @autoclosure () -> ServiceContext, ofKind kind: SpanKind,
        at instant: @autoclosure () -> Instant, function: String, file fileID: String, line: UInt
    ) -> RecordedSpan {
        var context = context()
        let parent = context.traceContext
        guard let exporter else {
            return RecordedSpan(
                operationName, context: context, parentID: nil, kind: kind, start: 0, isRecording: false,
                finish: { _ in })
        }
        let trace = TraceContext.made(under: parent, sampler: sampler)
        context.traceContext = trace
        return RecordedSpan(
            operationName, context: context, parentID: parent?.spanID, kind: kind,
            start: instant().nanosecondsSinceEpoch, isRecording: trace.isSampled,
            finish: { exporter.take($0) })
    }

    /// Begins a span; what swift-distributed-tracing's older interface asks for.
    @available(*, deprecated, message: "prefer withSpan")
    package func startAnySpan<Instant: TracerInstant>(
        _ operationName: String, context: @autoclosure () -> ServiceContext, ofKind kind: SpanKind,
        at instant: @autoclosure () -> Instant, function: String, file fileID: String, line: UInt
    ) -> any Tracing.Span {
        startSpan(
            operationName, context: context(), ofKind: kind, at: instant(), function: function, file: fileID,
            line: line)
    }

    /// Spans are exported in their own time.
    @available(*, deprecated)
    package func forceFlush() {}

    /// Reads `traceparent` and `tracestate`.
    package func extract<Carrier, Extract: Extractor>(
        _ carrier: Carrier, into context: inout ServiceContext, using extractor: Extract
    ) where Extract.Carrier == Carrier {
        guard let traceparent = extractor.extract(key: "traceparent", from: carrier) else { return }
        let tracestate = extractor.extract(key: "tracestate", from: carrier)
        if let trace = TraceContext(traceparent: traceparent, tracestate: tracestate) {
            context.traceContext = trace
        }
    }

    /// Writes `traceparent` and `tracestate`.
    package func inject<Carrier, Inject: Injector>(
        _ context: ServiceContext, into carrier: inout Carrier, using injector: Inject
    ) where Inject.Carrier == Carrier {
        guard let trace = context.traceContext else { return }
        injector.inject(trace.traceparent, forKey: "traceparent", into: &carrier)
        if let state = trace.state { injector.inject(state, forKey: "tracestate", into: &carrier) }
    }

    /// Gives log events `trace_id` and `span_id` of the work in which they are written.
    package static let logMetadata = Logger.MetadataProvider {
        guard let trace = ServiceContext.current?.traceContext else { return [:] }
        return ["trace_id": .string(trace.traceIDText), "span_id": .string(trace.spanIDText)]
    }
}
