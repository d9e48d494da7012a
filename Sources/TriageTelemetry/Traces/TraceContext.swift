package import ServiceContextModule

/// A span's identity as W3C Trace Context passes it between services.
///
/// Source: https://www.w3.org/TR/trace-context/, level 1.
package struct TraceContext: Sendable, Equatable {
    /// A trace's 16 bytes, the first eight and the last eight; never both zero.
    package let traceID: (high: UInt64, low: UInt64)
    /// A span's eight bytes; never zero.
    package let spanID: UInt64
    /// Whether the trace's spans are recorded.
    package let isSampled: Bool
    /// The `tracestate` header, passed on unchanged.
    package let state: String?

    init(traceID: (high: UInt64, low: UInt64), spanID: UInt64, isSampled: Bool, state: String?) {
        self.traceID = traceID
        self.spanID = spanID
        self.isSampled = isSampled
        self.state = state
    }

    /// Parses the two headers; nil for a malformed `traceparent`, and without a malformed `tracestate`.
    package init?(traceparent: String, tracestate: String? = nil) {
        let bytes = Array(traceparent.utf8)
        let dash = UInt8(ascii: "-")
        guard bytes.count >= 55, bytes[2] == dash, bytes[35] == dash, bytes[52] == dash,
            let version = Self.number(bytes[0..<2]), version != 0xFF,
            let high = Self.number(bytes[3..<19]), let low = Self.number(bytes[19..<35]), high | low != 0,
            let span = Self.number(bytes[36..<52]), span != 0,
            let flags = Self.number(bytes[53..<55])
        else { return nil }
        // Later versions may add fields after another dash.
        guard bytes.count == 55 || (version > 0 && bytes[55] == dash) else { return nil }
        self.init(
            traceID: (high, low), spanID: span, isSampled: flags & 1 == 1,
            state: tracestate.flatMap { Self.isState($0) ? $0 : nil })
    }

    /// A new span's context in its parent's trace, sampled like the parent, or in a new trace.
    static func child(of parent: TraceContext?, sampler: TraceSampler) -> TraceContext {
        var random = SystemRandomNumberGenerator()
        func id() -> UInt64 { UInt64.random(in: 1...UInt64.max, using: &random) }
        let traceID = parent?.traceID ?? (id(), id())
        return TraceContext(
            traceID: traceID, spanID: id(), isSampled: parent?.isSampled ?? sampler.samples(traceID),
            state: parent?.state)
    }

    package var traceparent: String { "00-\(traceIDText)-\(spanIDText)-\(isSampled ? "01" : "00")" }

    /// 32 hexadecimal digits.
    package var traceIDText: String { Self.text(traceID.high) + Self.text(traceID.low) }

    /// 16 hexadecimal digits.
    package var spanIDText: String { Self.text(spanID) }

    package static func == (one: TraceContext, other: TraceContext) -> Bool {
        one.traceID == other.traceID && one.spanID == other.spanID && one.isSampled == other.isSampled
            && one.state == other.state
    }

    /// 16 hexadecimal digits.
    static func text(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }

    /// The standard allows lowercase digits only.
    private static func number(_ digits: ArraySlice<UInt8>) -> UInt64? {
        var number: UInt64 = 0
        for digit in digits {
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                number = number << 4 | UInt64(digit - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"):
                number = number << 4 | UInt64(digit - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        return number
    }

    /// At most 32 `key=value` members and 512 bytes.
    private static func isState(_ text: String) -> Bool {
        guard text.utf8.count <= 512 else { return false }
        let members = text.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
            .map { Array($0).trimmed }.filter { !$0.isEmpty }
        return !members.isEmpty && members.count <= 32 && members.allSatisfy(isMember)
    }

    private static func isMember(_ member: [UInt8]) -> Bool {
        guard let equals = member.firstIndex(of: UInt8(ascii: "=")) else { return false }
        let key = member[..<equals]
        let value = member[(equals + 1)...]
        guard (1...256).contains(key.count), (1...256).contains(value.count) else { return false }
        let keyIsLegal = key.allSatisfy {
            switch $0 {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "*"), UInt8(ascii: "/"), UInt8(ascii: "@"):
                true
            default: false
            }
        }
        return keyIsLegal && value.allSatisfy { (0x20...0x7E).contains($0) && $0 != UInt8(ascii: "=") }
    }
}

extension [UInt8] {
    /// Without spaces and tabs at either end.
    fileprivate var trimmed: [UInt8] {
        let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
        guard let first = firstIndex(where: { !isBlank($0) }), let last = lastIndex(where: { !isBlank($0) })
        else { return [] }
        return Array(self[first...last])
    }
}

private enum TraceContextKey: ServiceContextKey {
    typealias Value = TraceContext
    static let nameOverride: String? = "trace-context"
}

extension ServiceContext {
    package var traceContext: TraceContext? {
        get { self[TraceContextKey.self] }
        set { self[TraceContextKey.self] = newValue }
    }
}
