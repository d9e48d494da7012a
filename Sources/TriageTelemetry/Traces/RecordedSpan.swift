internal import Synchronization
package import Tracing

/// A span of `TriageTracer`; one that is not sampled keeps only its identity.
///
/// Of an error only the type is kept: its text may quote its input.
package final class RecordedSpan: Span {
    package let context: ServiceContext
    /// Whether the span keeps what is set; constant over its life.
    package let isRecording: Bool
    private let parentID: UInt64?
    private let kind: SpanKind
    private let start: UInt64
    private let state: Mutex<State>
    private let finish: @Sendable (FinishedSpan) -> Void

    private struct State {
        var name: String
        var attributes: SpanAttributes = [:]
        var events: [SpanEvent] = []
        var links: [SpanLink] = []
        var status: SpanStatus?
        var hasEnded = false
    }

    /// Further events and links are dropped.
    private static let maximumEvents = 128

    init(
        _ name: String, context: ServiceContext, parentID: UInt64?, kind: SpanKind, start: UInt64,
        isRecording: Bool,
        finish: @escaping @Sendable (FinishedSpan) -> Void
    ) {
        self.context = context
        self.parentID = parentID
        self.kind = kind
        self.start = start
        self.isRecording = isRecording
        self.finish = finish
        state = Mutex(State(name: name))
    }

    /// A name of low cardinality.
    package var operationName: String {
        get { state.withLock { $0.name } }
        set { change { $0.name = newValue } }
    }

    package var attributes: SpanAttributes {
        get { state.withLock { $0.attributes } }
        set { change { $0.attributes = newValue } }
    }

    package func setStatus(_ status: SpanStatus) { change { $0.status = status } }

    package func addEvent(_ event: SpanEvent) {
        change { if $0.events.count < Self.maximumEvents { $0.events.append(event) } }
    }

    /// Adds an event with the error's type.
    package func recordError<Instant: TracerInstant>(
        _ error: any Error, attributes: SpanAttributes, at instant: @autoclosure () -> Instant
    ) {
        guard isRecording else { return }
        var attributes = attributes
        attributes["exception.type"] = String(reflecting: type(of: error))
        addEvent(SpanEvent(name: "exception", at: instant(), attributes: attributes))
    }

    package func addLink(_ link: SpanLink) {
        change { if $0.links.count < Self.maximumEvents { $0.links.append(link) } }
    }

    /// Ends the span and exports it; a second call does nothing.
    package func end<Instant: TracerInstant>(at instant: @autoclosure () -> Instant) {
        guard isRecording, let trace = context.traceContext else { return }
        let ended = state.withLock { state -> State? in
            guard !state.hasEnded else { return nil }
            state.hasEnded = true
            return state
        }
        guard let ended else { return }
        finish(
            FinishedSpan(
                context: trace, parentID: parentID, kind: kind, start: start,
                end: max(start, instant().nanosecondsSinceEpoch), name: ended.name,
                attributes: ended.attributes, events: ended.events, links: ended.links, status: ended.status))
    }

    private func change(_ body: (inout State) -> Void) {
        guard isRecording else { return }
        state.withLock { if !$0.hasEnded { body(&$0) } }
    }
}

/// A span ready for export.
package struct FinishedSpan: Sendable {
    package let context: TraceContext
    /// Nil for the first span of a trace.
    package let parentID: UInt64?
    package let kind: SpanKind
    /// Nanoseconds since 1970.
    package let start: UInt64
    /// Nanoseconds since 1970, never before `start`.
    package let end: UInt64
    package let name: String
    package let attributes: SpanAttributes
    package let events: [SpanEvent]
    package let links: [SpanLink]
    package let status: SpanStatus?
}
