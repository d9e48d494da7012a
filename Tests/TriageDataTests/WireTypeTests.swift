import Testing
import TriageData

struct WireTypeTests {
    private enum Kind: String, CaseIterable {
        case near, far
    }

    private struct Part: Equatable {
        var name = ""
        var share: Float = 0

        static let wire = WireType<Part>.object("Part", "A part.", empty: { Part() }) { object in
            object.member("name", .text(minimumLength: 1), "Its name.", \.name)
            object.member("share", .share, nil, \.share)
        }
    }

    private struct Whole: Equatable {
        var parts: [Part] = []
        var best: Part?
        var count: Int?
        var isNew = false

        static let wire = WireType<Whole>.object(empty: { Whole() }) { object in
            object.member("parts", .list(of: Part.wire), nil, \.parts)
            object.member("best", .orNull(Part.wire), "The best part.", \.best)
            object.optional("count", .integer(minimum: 0, maximum: 9), nil, \.count)
            object.member("new", .flag, nil, \.isNew)
        }
    }

    private static let json = #"{"parts":[{"name":"a","share":0.25}],"best":null,"count":3,"new":true}"#
    private static let whole = Whole(parts: [Part(name: "a", share: 0.25)], count: 3, isNew: true)

    private func read(_ json: String) throws -> Whole {
        try Whole.wire.read(try #require(JSONValue(parsing: json.utf8)))
    }

    @Test func `a value is written in the description's order, and reads back`() throws {
        #expect(Whole.wire.json(Self.whole).text == Self.json)
        #expect(try read(Self.json) == Self.whole)
        var bare = Self.whole
        bare.count = nil
        #expect(Whole.wire.json(bare).text == Self.json.replacing(#""count":3,"#, with: ""))
        #expect(try read(Whole.wire.json(bare).text) == bare)
        // A member that is missing reads as null.
        #expect(try read(#"{"parts":[],"new":false}"#) == Whole())
    }

    @Test(arguments: [
        ("[]", "", "an object"), (#"{"parts":{},"new":true}"#, "parts", "a list"),
        (#"{"parts":[{"name":"","share":0}],"new":true}"#, "parts.name", "text that is not empty"),
        (#"{"parts":[],"best":{"name":"a","share":"0"},"new":true}"#, "best.share", "a number"),
        (#"{"parts":[],"count":10,"new":true}"#, "count", "a whole number"),
        (#"{"parts":[],"count":1.5,"new":true}"#, "count", "a whole number"),
        (#"{"parts":[],"new":1}"#, "new", "true or false"), (#"{"parts":[]}"#, "new", "true or false"),
    ])
    func `what does not fit is an error that names the member`(json: String, place: String, expected: String)
    {
        #expect(throws: WireError(place: place, expected: expected)) { try read(json) }
    }

    @Test func `the schema follows from the same description`() {
        #expect(
            Whole.wire.definition.text == """
                {"type":"object","required":["parts","best","new"],"properties":\
                {"parts":{"type":"array","items":{"$ref":"#/components/schemas/Part"}},\
                "best":{"anyOf":[{"$ref":"#/components/schemas/Part"},{"type":"null"}],"description":"The best part."},\
                "count":{"type":"integer","minimum":0,"maximum":9},"new":{"type":"boolean"}}}
                """)
        #expect(Part.wire.component?.name == "Part" && Whole.wire.component == nil)
        #expect(
            Part.wire.definition.text == """
                {"type":"object","description":"A part.","required":["name","share"],"properties":\
                {"name":{"type":"string","minLength":1,"description":"Its name."},\
                "share":{"type":"number","minimum":0,"maximum":1}}}
                """)
        #expect(WireType<Kind>.choice.schema.text == #"{"enum":["near","far"]}"#)
        #expect(WireType<Kind>.choice.json(.far).text == #""far""#)
    }
}

extension JSONSchema {
    fileprivate var text: String {
        var json = JSONWriter()
        write(to: &json)
        return json.text
    }
}
