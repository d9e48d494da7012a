import Testing
import TriageData
@testable import TriageImport

struct DocumentTests {
    @Test(arguments: [
        #"[{"text":"a"},{"text":"b"}]"#, "[\n{\"text\":\"a\"},\n{\"text\":\"b\"}\n]",
        "{\"text\":\"a\"}\n{\"text\":\"b\"}\n",
        "{\n\"text\":\"a\"\n}\n{\n\"text\":\"b\"\n}", #"{"items":[{"text":"a"},{"text":"b"}]}"#,
        #"{"data":{"repository":{"issues":{"nodes":[{"text":"a"},{"text":"b"}]}}}}"#,
        #"[{"text":"a"}][{"text":"b"}]"#,
        "{\"items\":[{\"text\":\"a\"}]}\n{\"items\":[{\"text\":\"b\"}]}\n",
        "\u{FEFF}[{\"text\":\"a\"},{\"text\":\"b\"}]",
        #"{"count":2,"anything":[{"text":"a"},{"text":"b"}],"next":null}"#,
        #"{"users":[{"id":1,"name":"x"}],"tickets":[{"text":"a"},{"text":"b"}]}"#,
    ])
    func `records are found in every form of a document`(text: String) throws {
        let read = try ImportedRows(text)
        #expect(read.values("text") == ["a", "b"])
        #expect(read.faults.isEmpty)
    }

    @Test(arguments: [
        (#"[{"text":"a"}]"#, "jq -c '.[]'"), (#"{"tickets":[{"text":"a"}]}"#, "jq -c '.tickets[]'"),
        (#"{"data":{"issues":{"nodes":[{"text":"a"}]}}}"#, "jq -c '.. | .nodes? | arrays | .[]'"),
    ])
    func `a note has the program that makes JSON Lines`(text: String, program: String) throws {
        let rows = try TicketFile(bytes: Array(text.utf8), name: "t.json").rows()
        while try rows.next() != nil {}
        #expect(rows.notes.contains { $0.contains(program) }, "\(rows.notes)")
    }

    @Test func `UTF-16 and Windows-1252 documents are read`() throws {
        let text = #"[{"text":"Größe"}]"#
        let wide: [UInt8] =
            [0xFF, 0xFE] + text.utf16.flatMap { unit -> [UInt8] in [UInt8(unit & 255), UInt8(unit >> 8)] }
        #expect(try ImportedRows(wide, name: "t.json").values("text") == ["Größe"])
        let narrow = Array("[{\"text\":\"Gr".utf8) + [0xF6, 0xDF] + Array("e\"}]".utf8)
        #expect(try ImportedRows(narrow, name: "t.json").values("text") == ["Größe"])
    }

    @Test func `a broken record costs itself alone`() throws {
        let read = try ImportedRows(
            "[\n{\"text\":\"a\"},\n{\"text\":\"b},\n{\"text\":\"c\"},\n{\"text\": nope},\n{\"text\":\"d\"}\n]"
        )
        #expect(read.values("text") == ["a", "c", "d"])
        #expect(read.faults.map(\.line) == [3, 5])
    }

    @Test func `a document cut off keeps its whole records`() throws {
        let read = try ImportedRows("{\"tickets\":[{\"text\":\"a\"},{\"text\":\"b\"},{\"te")
        #expect(read.values("text") == ["a", "b"])
        #expect(read.faults.count == 1)
        #expect(read.faults[0].message.contains("ends in the middle"))
    }

    @Test func `a record over the limit is passed over`() throws {
        let filler = String(repeating: "x", count: 200_000)
        let source = ByteSource(bytes: Array("[{\"text\":\"\(filler)\"},{\"text\":\"b\"}]".utf8))
        let records = JSONRecords(source, limit: 100_000)
        let first = try records.next()
        #expect(first?.fault?.code == .tooLarge)
        #expect(try records.next()?.value() == .object(["text": .string("b")]))
        let end = try records.next()
        #expect(end == nil)
    }

    @Test func `a hundred thousand brackets are an error, not a crash`() throws {
        let deep = String(repeating: "[", count: 100_000)
        let read = try ImportedRows("[{\"text\":\"a\"},{\"text\":\(deep)")
        #expect(read.values("text") == ["a"])
        let closed = deep + String(repeating: "]", count: 100_000)
        let again = try ImportedRows("[{\"text\":\"a\"},{\"text\":\"x\",\"y\":\(closed)},{\"text\":\"c\"}]")
        #expect(again.values("text") == ["a", "c"])
        #expect(again.faults.count == 1)
    }
}
