import Testing

@testable import TriageData

/// Numbers that are the same each time: the linear congruence of Knuth's MMIX.
private struct Numbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state
    }
}

/// What is found eight bytes at a time, and texts without white space, against plain loops.
struct JSONBytesTests {
    /// Short texts of the bytes that matter, many at the borders of words of eight bytes.
    private static let texts: [[UInt8]] = {
        var generator = Numbers(state: 3)
        let bytes: [UInt8] = [
            0x22, 0x5C, 0x00, 0x1F, 0x20, 0x21, 0x23, 0x5B, 0x5D, 0x7F, 0x80, 0xA2, 0xDC, 0xFF, 0x61,
        ]
        return (0..<500).map { place in
            (0..<Int.random(in: 0...40, using: &generator)).map { _ in
                place % 2 == 0 && Int.random(in: 0..<8, using: &generator) > 0
                    ? 0x61 : bytes.randomElement(using: &generator) ?? 0x61
            }
        }
    }()

    @Test func `the end of a text is where a plain loop finds it`() {
        for text in Self.texts {
            text.withUnsafeBufferPointer { bytes in
                for start in 0...text.count {
                    let rest = text[start...]
                    #expect(
                        JSONBytes.endOfText(bytes, from: start)
                            == rest.firstIndex { $0 == 0x22 || $0 == 0x5C } ?? text.count, "\(text)")
                    let end = rest.firstIndex { $0 == 0x22 || $0 == 0x5C || $0 < 0x20 } ?? text.count
                    let found = JSONBytes.endOfPlainText(bytes, from: start)
                    #expect(found.end == end, "\(text)")
                    #expect(found.isASCII == text[start..<end].allSatisfy { $0 < 0x80 }, "\(text)")
                }
            }
        }
    }

    @Test func `records of a document end where their brackets do, however the bytes arrive`() throws {
        let values = [
            // A list whose first element is an object takes nothing but objects.
            #""a \" b""#, #"["x","y"]"#, #"{"a":"x\\","b":"\"}]","c":[{"d":"[{"}]}"#, "{}",
            #"{"text":"\u0022 \\\" ü","n":-1.5e3}"#,
        ]
        let document = Array("[\(values.joined(separator: " ,\n"))]".utf8)
        for size in 1...document.count {
            let pieces = stride(from: 0, to: document.count, by: size).map {
                Array(document[$0..<min($0 + size, document.count)])
            }
            let records = JSONRecords(ByteSource(pieces: pieces))
            var found: [String] = []
            while let record = try records.next() {
                found.append(String(decoding: record.bytes, as: UTF8.self))
            }
            #expect(found == values)
        }
    }

    @Test func `the last of equal names counts, also in objects inside each other`() throws {
        let value = try JSONValue(
            reading: Array(#"{"a":{"b":1,"c":{"d":2,"d":3},"b":4},"e":[{"f":5},{}],"a2":6}"#.utf8))
        #expect(value["a"]?["b"] == .integer(4) && value["a"]?["c"] == .object(["d": .integer(3)]))
        #expect(
            value["e"] == .array([.object(["f": .integer(5)]), .object([:])])
                && value["a2"] == .integer(6))
    }

    @Test func `text that is written is read back, whatever must be escaped in it`() throws {
        for text in Self.texts {
            let text = String(decoding: text, as: UTF8.self)
            var json = JSONWriter()
            json.string(text)
            #expect(try JSONValue(reading: json.bytes) == .string(text))
        }
        var json = JSONWriter()
        json.string("a\n\"b\\\u{1}\u{7F}ü")
        #expect(json.text == #""a\n\"b\\\u0001\u007fü""#)
    }

    @Test(arguments: [
        "", " ", "a", " a", "a\t", "\r\na\r\n", "\u{A0}a\u{A0}", " \u{301}a", "a \u{301}", "a\u{301} ",
        "\u{2003}é ",
        "ü", " ü\n", "\n\n a b \u{85}",
    ])
    func `texts lose white space at their ends, and nothing else`(_ text: String) {
        var rest = text[...]
        while rest.first?.isWhitespace ?? false { rest.removeFirst() }
        while rest.last?.isWhitespace ?? false { rest.removeLast() }
        #expect(text.trimmed == String(rest) && text[...].trimmed == String(rest))
    }

    @Test func `a set of names has the value that was kept for it, whatever came between`() {
        var sets = NameSets<Int>()
        func fields(_ names: [String]) -> [String: JSONValue] {
            Dictionary(uniqueKeysWithValues: names.map { ($0, .null) })
        }
        for number in 0..<400 { sets.keep(number, of: fields(["a", "b\(number)"])) }
        for number in 0..<400 { #expect(sets.value(of: fields(["b\(number)", "a"])) == number) }
        #expect(
            sets.value(of: fields(["a"])) == nil && sets.value(of: fields(["a", "b0", "c"])) == nil)
        #expect(sets.value(of: [:]) == nil)
    }

    @Test func `times are written with milliseconds only where they have some`() {
        #expect(Timestamp(milliseconds: 1_741_076_100_000).shortText == "2025-03-04T08:15:00Z")
        #expect(Timestamp(milliseconds: 1_741_076_100_042).shortText == "2025-03-04T08:15:00.042Z")
        #expect(Timestamp(year: 2024, month: 2, day: 29).text == "2024-02-29T00:00:00.000Z")
        #expect(Timestamp(year: 1969, month: 12, day: 31).milliseconds == -86_400_000)
    }
}
