public import Tracing

/// A span that ended, as it is exported.
public struct FinishedSpan: Sendable {
    /// Its own place in the trace.
    public let context: TraceContext
    /// The span under which it stands; nil for the first of a trace.
    public let parentID: UInt64?
    /// Whether the work was asked for from outside, asks outside, or neither.
    public let kind: SpanKind
    /// Nanoseconds since 1970.
    public let start: UInt64
    /// Nanoseconds since 1970, never before `start`.
    public let end: UInt64
    /// What it was called last.
    public let name: String
    /// Facts of the work.
    public let attributes: SpanAttributes
    /// What happened meanwhile.
    public let events: [SpanEvent]
    /// Other spans that belong to it.
    public let links: [SpanLink]
    /// How it ended, where that was said.
    public let status: SpanStatus?
}
