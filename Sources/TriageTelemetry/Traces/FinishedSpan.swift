package import Tracing

/// A span that ended, as it is exported.
package struct FinishedSpan: Sendable {
    /// Its own place in the trace.
    package let context: TraceContext
    /// The span under which it stands; nil for the first of a trace.
    package let parentID: UInt64?
    /// Whether the work was asked for from outside, asks outside, or neither.
    package let kind: SpanKind
    /// Nanoseconds since 1970.
    package let start: UInt64
    /// Nanoseconds since 1970, never before `start`.
    package let end: UInt64
    /// What it was called last.
    package let name: String
    /// Facts of the work.
    package let attributes: SpanAttributes
    /// What happened meanwhile.
    package let events: [SpanEvent]
    /// Other spans that belong to it.
    package let links: [SpanLink]
    /// How it ended, where that was said.
    package let status: SpanStatus?
}
