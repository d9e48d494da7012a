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
        #"{"k1":{"k0":[{"text":"a"},{"text":"b"}]}}"#,
        #"{"data":{"tickets":{"nodes":[{"text":"a"},{"text":"b"}]}}}"#,
        #"{"train":[["a","x"],["b","y"]],"lists":[[1,2]]}"#,
    ])
    func `records are found in every form of a document`(text: String) throws {
        let read = try ImportedRows(text)
        #expect(read.values("text") == ["a", "b"])
        #expect(read.faults.isEmpty)
    }

    @Test(arguments: [
        (#"{"ticket_fields":[{"id":1}],"tickets":[{"text":"a"}],"users":[{"id":2}]}"#, "jq -c '.tickets[]'"),
        (#"{"meta":[{"x":1},{"x":2}],"tickets":[{"text":"a"}]}"#, "jq -c '.tickets[]'"),
        (#"[{"text":"a"}]"#, "jq -c '.[]'"), (#"{"tickets":[{"text":"a"}]}"#, "jq -c '.tickets[]'"),
        (#"{"data":{"issues":{"nodes":[{"text":"a"}]}}}"#, "jq -c '.. | .nodes? | arrays | .[]'"),
    ])
    func `a note has the program that makes JSON Lines`(text: String, program: String) throws {
        let rows = try TicketFile(bytes: Array(text.utf8), name: "t.json").rows()
        while try rows.next() != nil {}
        #expect(rows.notes.contains { $0.contains(program) }, "\(rows.notes)")
    }

    @Test func `a list beside the tickets is left out, and a list of any name alone is read`() throws {
        let read = try ImportedRows(#"{"meta":[{"x":1},{"x":2}],"tickets":[{"text":"a"}]}"#)
        #expect(read.values("text") == ["a"])
        #expect(read.faults.map(\.code) == [.leftOut, .leftOut])
        #expect(try ImportedRows(#"{"meta":[{"x":1},{"x":2}]}"#).values("x") == ["1", "2"])
    }

    @Test func `the fault of a text has the number of its record`() throws {
        let files = try TestFiles(["t.json": #"[{"id":1,"body":"a"},{"id":2,"body":{"x":1}},{"body":[]},{}]"#]
        )
        let (_, rejected, _, _) = try files.imported("t.json")
        #expect(rejected.map { $0.message.prefix(9) } == ["record 2:", "record 3:", "record 4:"])
    }

    @Test func `UTF-16 and Windows-1252 documents are read`() throws {
        let text = #"[{"text":"Größe"}]"#
        let wide: [UInt8] =
            [0xFF, 0xFE] + text.utf16.flatMap { unit -> [UInt8] in [UInt8(unit & 255), UInt8(unit >> 8)] }
        let read = try ImportedRows(wide, name: "t.json")
        #expect(read.values("text") == ["Größe"])
        #expect(read.notes.contains { $0.contains("read as UTF-16") }, "\(read.notes)")
        let narrow = Array("[{\"text\":\"Gr".utf8) + [0xF6, 0xDF] + Array("e\"}]".utf8)
        let read1252 = try ImportedRows(narrow, name: "t.json")
        #expect(read1252.values("text") == ["Größe"])
        #expect(read1252.notes.contains { $0.contains("read as Windows-1252") }, "\(read1252.notes)")
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
        let second = try #require(try records.next())
        var isWindows1252 = false
        #expect(try second.value(&isWindows1252) == .object(["text": .string("b")]) && !isWindows1252)
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

    private static let ticket =
        #"{"id":2,"subject":"Two","description":"b","requester_id":1,"comments":[{"id":9,"public":false,"body":"SECRET"}]}"#

    @Test(arguments: [
        (#""requester_id":1,"#, #""requester_id":1},"#), (#""requester_id":1,"#, #""requester_id":1],"#),
        (#""Two""#, #""T"wo""#), (#""comments":[{"#, #""comments":[{{"#), (#"[{"id":9"#, #"["id":9"#),
        (#""SECRET"}]}"#, #""SECRET"}]"#), (#""SECRET""#, #""SECRET"#),
        (#""description":"b","#, #""#),
    ])
    func `a damaged element gives no part of itself as a ticket, and the next ones are read`(
        part: String, damaged: String
    ) throws {
        let broken = DocumentTests.ticket.replacing(part, with: damaged)
        let elements = [1, 2, 3, 4].map { number in
            number == 2
                ? broken
                : DocumentTests.ticket.replacing(#""id":2"#, with: "\"id\":\(number)")
                    .replacing(#""public":false"#, with: #""public":true,"author_id":1"#)
                    .replacing("SECRET", with: "text \(number)")
        }
        let read = try ImportedRows("{\"tickets\":[\(elements.joined(separator: ", "))],\"count\":4}")
        #expect(!read.contain("SECRET"))
        #expect(!read.values("id").contains("9") && !read.values("id").contains("nil"))
        #expect(read.values("id").filter { $0 != "2" } == ["1", "3", "4"])
    }

    @Test func `an element that takes in those behind it is a fault`() throws {
        let open = DocumentTests.ticket.replacing("]}", with: "")
        let read = try ImportedRows("{\"tickets\":[\(open), {\"id\":3,\"body\":\"b\"}],\"count\":2}")
        #expect(!read.contain("SECRET") && !read.faults.isEmpty)
    }

    @Test func `behind a damaged first element only lines that are not further in begin another one`() throws
    {
        let secret = #"{"id":9,"body":"SECRET"}"#
        let flat = try ImportedRows(#"[{"id":1 "body":"a","notes":[\#(secret)]},{"id":2,"body":"b"}]"#)
        #expect(!flat.contain("SECRET") && !flat.faults.isEmpty)
        let lines = try ImportedRows(
            "[\n  {\"id\":1]},\n    \"notes\":[\n      \(secret)\n    ]},\n  {\"id\":2,\"body\":\"b\"}\n]")
        #expect(!lines.contain("SECRET"))
        #expect(lines.values("id") == ["2"])
    }

    @Test(arguments: [
        #"{"tickets":[{"id":1,"body":"a"},{"id":2,"body":"b"},"#,
        #"[{"id":1,"body":"a"},{"id":2,"body":"b"}"#,
        #"{"data":{"tickets":[{"id":1,"body":"a"},{"id":2,"body":"b"}]"#,
    ])
    func `a document cut off between two records is a fault`(text: String) throws {
        let read = try ImportedRows(text)
        #expect(read.values("id") == ["1", "2"])
        #expect(read.faults.map(\.code) == [.invalidJSON])
        #expect(read.faults.first?.message.contains("ends before its list") == true)
    }

    @Test func `many values that do not end are read in bounded time`() throws {
        let lines = Array(repeating: #"{"id":1,"body":["a""#, count: 2000).joined(separator: "\n")
        let read = try ImportedRows("[\n\(lines)\n]")
        #expect(read.rows.isEmpty && !read.faults.isEmpty && read.faults.count <= 200)
    }

    @Test(arguments: [
        // The damage is in the first record, and then in a later one.
        #"{"conversations":[{"id":1,"number":7,"status"open","subject":"s","threads":[{"id":3,"type":"not"a"},"#
            + #"{"id":2,"type":"message","body":"SECRET"}]},{"id":4,"number":8,"subject":"t","threads":[]}]}"#,
        #"{"conversations":[{"id":9,"number":6,"subject":"r","threads":[]},{"id":1,"number":7,"status"open","#
            + #""subject":"s","threads":[{"id":3,"type":"not"a"},{"id":2,"type":"message","body":"SECRET"}]},"#
            + #"{"id":4,"number":8,"subject":"t","threads":[]}]}"#,
    ])
    func `a message inside a damaged record is never a record`(text: String) throws {
        let read = try ImportedRows(text)
        #expect(!read.values("body").contains("SECRET"))
        #expect(!read.faults.isEmpty)
    }

    @Test func `a fault in a document of one line has the number of its record`() throws {
        let read = try ImportedRows(#"[{"text":"a"},{"text": nope},{"text":"b"},{"text": 1 2}]"#)
        #expect(read.values("text") == ["a", "b"])
        #expect(read.faults.map { String($0.message.prefix(9)) } == ["record 2:", "record 4:"])
    }
}
