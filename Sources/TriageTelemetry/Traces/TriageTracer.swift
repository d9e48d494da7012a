package import Instrumentation
package import Logging
package import Tracing

/// A backend of swift-distributed-tracing: creates spans, reads and writes W3C trace context.
///
/// Without an exporter no span is recorded, but a caller's context is still read, passed on and logged.
package final class TriageTracer: Tracer {
    package typealias Span = RecordedSpan

    private let sampler: TraceSampler
    private let exporter: SpanExporter?

    package init(sampler: TraceSampler = TraceSampler(ratio: 1), exporter: SpanExporter? = nil) {
        self.sampler = sampler
        self.exporter = exporter
    }

    package var isRecording: Bool { exporter != nil }

    /// Begins a span in the trace of `context`, or in a new trace.
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
        let trace = TraceContext.child(of: parent, sampler: sampler)
        context.traceContext = trace
        return RecordedSpan(
            operationName, context: context, parentID: parent?.spanID, kind: kind,
            start: instant().nanosecondsSinceEpoch, isRecording: trace.isSampled,
            finish: { exporter.export($0) })
    }

    /// Begins a span; required by swift-distributed-tracing's older interface.
    @available(*, deprecated, message: "prefer withSpan")
    package func startAnySpan<Instant: TracerInstant>(
        _ operationName: String, context: @autoclosure () -> ServiceContext, ofKind kind: SpanKind,
        at instant: @autoclosure () -> Instant, function: String, file fileID: String, line: UInt
    ) -> any Tracing.Span {
        startSpan(
            operationName, context: context(), ofKind: kind, at: instant(), function: function, file: fileID,
            line: line)
    }

    /// Does nothing: the exporter sends spans in its own time.
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

    /// Adds `trace_id` and `span_id` of the current span to log events.
    package static let logMetadata = Logger.MetadataProvider {
        guard let trace = ServiceContext.current?.traceContext else { return [:] }
        return ["trace_id": .string(trace.traceIDText), "span_id": .string(trace.spanIDText)]
    }
}

/// Decides which traces that begin here are recorded.
package struct TraceSampler: Sendable, Equatable {
    /// The recorded share, 0 to 1.
    package let ratio: Double

    package init(ratio: Double) { self.ratio = min(max(ratio, 0), 1) }

    /// Whether a trace is recorded; depends on its id alone, so that services with one share agree.
    func samples(_ traceID: (high: UInt64, low: UInt64)) -> Bool {
        // The last 56 bits are the random ones.
        Double(traceID.low & 0xFF_FFFF_FFFF_FFFF) < ratio * 0x1p56
    }
}
