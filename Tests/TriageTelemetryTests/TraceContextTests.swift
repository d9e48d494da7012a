import Logging
import ServiceContextModule
import Testing
import Tracing
import TriageTelemetry

struct TraceContextTests {
    private static let id = "0af7651916cd43dd8448eb211c80319c"
    private static let span = "b7ad6b7169203331"

    @Test func `a header is read and written the same`() throws {
        let header = "00-\(Self.id)-\(Self.span)-01"
        let context = try #require(
            TraceContext(traceparent: header, tracestate: "rojo=00f067aa0ba902b7,congo=t61"))
        #expect(context.traceIDText == Self.id)
        #expect(context.spanIDText == Self.span)
        #expect(context.isSampled)
        #expect(context.state == "rojo=00f067aa0ba902b7,congo=t61")
        #expect(context.traceparent == header)
    }

    @Test(arguments: [
        ("00-\(id)-\(span)-00", false), ("00-\(id)-\(span)-03", true), ("00-\(id)-\(span)-fe", false),
        ("01-\(id)-\(span)-01", true), ("cc-\(id)-\(span)-01-what-comes-later", true),
    ])
    func `flags and later versions are understood`(header: String, sampled: Bool) throws {
        #expect(try #require(TraceContext(traceparent: header)).isSampled == sampled)
    }

    @Test(arguments: [
        "", "00", "00-\(id)-\(span)", "00-\(id)-\(span)-0", "00-\(id)-\(span)-01-", "00-\(id)-\(span)-01-x",
        "ff-\(id)-\(span)-01", "0-\(id)-\(span)-01", "00-\(id.uppercased())-\(span)-01",
        "00-00000000000000000000000000000000-\(span)-01", "00-\(id)-0000000000000000-01",
        "00_\(id)-\(span)-01", "00-\(id)-\(span)-0g", "cc-\(id)-\(span)-01.later", "00-\(id)é-\(span)-01",
        "00-\(id)-\(span)-01, 00-\(id)-\(span)-01",
    ])
    func `what is not well formed is no context`(header: String) {
        #expect(TraceContext(traceparent: header) == nil)
    }

    @Test(arguments: [
        ("a=1", true), ("fw529a3039@dt=FfAw==x", false), ("a=1, b=2 ,,c=3", true), ("a", false),
        ("A=1", false),
        ("a=", false), ("a=1\u{7}", false), ("", false), (String(repeating: "a=1,", count: 33), false),
        (String(repeating: "x", count: 300) + "=1", false),
        ("a=" + String(repeating: "v", count: 600), false),
    ])
    func `a state that is not well formed is left out`(state: String, kept: Bool) throws {
        let context = try #require(
            TraceContext(traceparent: "00-\(Self.id)-\(Self.span)-01", tracestate: state))
        #expect(context.state == (kept ? Optional(state) : nil))
    }

    private struct Fields: Extractor, Injector {
        func extract(key: String, from carrier: [String: String]) -> String? { carrier[key] }
        func inject(_ value: String, forKey key: String, into carrier: inout [String: String]) {
            carrier[key] = value
        }
    }

    @Test func `a tracer without exporter hands the context of its caller on`() throws {
        let tracer = TriageTracer()
        let fields = ["traceparent": "00-\(Self.id)-\(Self.span)-01", "tracestate": "a=1"]
        var context = ServiceContext.topLevel
        tracer.extract(fields, into: &context, using: Fields())
        let span = tracer.startSpan("work", context: context)
        #expect(span.isRecording == false)
        var out: [String: String] = [:]
        tracer.inject(span.context, into: &out, using: Fields())
        #expect(out == fields)
        let logged = ServiceContext.withValue(span.context) { TriageTracer.logMetadata.get() }
        #expect(logged == ["trace_id": .string(Self.id), "span_id": .string(Self.span)])
        #expect(TriageTracer.logMetadata.get().isEmpty)
    }
}
