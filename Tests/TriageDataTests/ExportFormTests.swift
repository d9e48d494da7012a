import Testing

@testable import TriageData

/// Files whose rows, quotes, encoding or name are not what their header or name promises.
struct ExportFormTests {
    // MARK: - Rows that are no records

    @Test func `rows without any value are left out and counted`() throws {
        let file = try FileReading("id,team,text\n1,A,x\n,,\n2,,y\n\"\", ,\"\"\n,,,,\n3,B,\n")
        #expect(file.values("id") == ["1", "2", "3"])
        #expect(file.notes == ["t.csv: 3 rows without any value left out"])
        #expect(try file.rows[2].get().row == 7)
        #expect(try FileReading("text\nx\n\"\"\n").values("text") == ["x", ""])
    }

    @Test func `a row equal to the header is left out and counted`() throws {
        let file = try FileReading(
            "id,Text ,Text\n1,a,b\nid,Text,\"Text\"\n2,c,d\n\u{FEFF}id,Text,Text\n3,id,Text\n")
        #expect(file.values("id") == ["1", "2", "3"])
        #expect(file.notes == ["t.csv: line 3: 2 rows equal to the header left out"])
    }

    @Test(arguments: ["id,category\n", "Ticket ID;Priority;Status\n", "id,text\n"])
    func `a header alone has no records`(text: String) throws {
        let reader = try RowReader(bytes: Array(text.utf8), name: "t.csv")
        #expect(throws: DataError.empty(path: "t.csv")) { try reader.forEach { _ throws(BadRow) in } }
    }

    // MARK: - Quotes

    @Test(arguments: [",", ";", "\t", "|"])
    func `a word in quotes at a value's beginning is text in a file that does not quote`(separator: String)
        throws
    {
        let rows = ["id,text,team", "1,\"Send\" stays grey,A", "2,plain,B", "3,\"Undo\" and \"Redo\" fail,A"]
        let file = try FileReading(rows.map { $0.replacing(",", with: separator) }.joined(separator: "\n"))
        #expect(file.values("text") == ["\"Send\" stays grey", "plain", "\"Undo\" and \"Redo\" fail"])
        #expect(
            file.notes.count == 1 && file.notes[0].contains("line 2: text follows a closing quote; 2 rows"))
    }

    @Test func `a word in quotes is a fault in a file that quotes as it should`() throws {
        let file = try FileReading("id,text\n1,\"a, b\"\n2,\"Send\" stays grey\n")
        #expect(file.values("id") == ["1", "bad 3"])
    }

    @Test func `spaces may stand before quotes where rows show it`() throws {
        let file = try FileReading(
            "id,team,text\n1, \"A\", \"one, two\"\n2,B,plain\n3, \"B\", \"first\nsecond\"\n4,A, \"Send\" stays grey\n"
        )
        #expect(file.values("team") == ["A", "B", "B", "A"])
        #expect(file.values("text") == ["one, two", "plain", "first\nsecond", " \"Send\" stays grey"])
    }

    @Test(arguments: [
        "id|text\n310|one here\n820|\"opens here\n104|closes here\"\n555|more\n",
        "code;text\nA-310;one here\nA-820;\"opens here\nA-104;closes here\"\nA-555;more\n",
    ])
    func `one row inside a value of two columns is named`(text: String) throws {
        let file = try FileReading(text)
        #expect(
            file.rows.count == 4
                || file.notes.contains { $0.contains("a quoted value holds lines that look like rows") })
    }

    @Test func `a mail of two columns is not named`() throws {
        let file = try FileReading(
            "id,text\n1,\"Dear all\nthe gate, it sticks\nBye\"\n2,\"Hi\nno, not yet\"\n")
        #expect(file.notes.isEmpty && file.rows.count == 2)
    }

    // MARK: - Encodings

    static let germanic = ["the letters äöü are lost", "ÅÄÖ fungerar inte", "Æøå virker ikke", "ÄÖÜ äöüß"]

    @Test(arguments: germanic, [1, 2, 5])
    func `letters of Windows-1252 in a row are read`(text: String, rows: Int) throws {
        let lines = (1...rows).map { "\($0);\(text)" }
        let bytes = ("id;text\n" + lines.joined(separator: "\n")).unicodeScalars.map { UInt8($0.value) }
        #expect(try FileReading(bytes).values("text") == Array(repeating: text, count: rows))
    }

    @Test func `a row in another encoding names encodings`() throws {
        let file = try FileReading(
            Array("id,text\n1,ä\n2,".utf8) + [0xCF, 0xF0, 0xE8, 0xE2, 0xE5, 0xF2, 0x0A])
        #expect(file.faults.count == 1 && file.faults[0].message.contains("Windows-1252"))
        let json = try FileReading(
            Array("{\"id\":\"".utf8) + [0xCF, 0xF0, 0xE8] + Array("\"}\n".utf8), name: "t.jsonl")
        #expect(json.faults.first?.message.contains("Windows-1252") ?? false)
    }

    // MARK: - Name and content

    @Test func `the content decides where a name is another format's`() throws {
        let json = try FileReading("{\"id\":1,\"text\":\"a, b\"}\n{\"id\":2,\"text\":\"c\"}\n", name: "t.csv")
        #expect(json.values("id") == ["1", "2"] && json.columns.isEmpty)
        #expect(json.notes == ["t.csv: read as JSON, which its content is; rename it"])
        for name in ["t.json", "t.jsonl", "T.JSON"] {
            let csv = try FileReading("id;Betreff\n1;a\n", name: name)
            #expect(csv.values("Betreff") == ["a"])
            #expect(csv.notes == ["\(name): read as CSV, which its content is; rename it"])
        }
        #expect(throws: DataError.jsonArray(path: "t.csv", line: 1)) {
            try FileReading("[\n{\"id\":1}\n]\n", name: "t.csv")
        }
        #expect(throws: DataError.jsonDocument(path: "t.csv", line: 1, program: ".")) {
            try FileReading("{\n  \"id\": 1\n}\n", name: "t.csv")
        }
        #expect(try FileReading("[id],[text]\n1,a\n").values("[text]") == ["a"])
        #expect(try FileReading("not json\n{\"id\":2}\n", name: "t.jsonl").values("id") == ["bad 1", "2"])
    }

    static let binaries: [(start: [UInt8], kind: String)] = [
        ([0x1F, 0x8B, 8, 8, 0xE4, 0xF6, 0, 0x0A], "gzip"), ([0x50, 0x4B, 3, 4, 0x0D, 0], "Excel"),
        ([0xD0, 0xCF, 0x11, 0xE0, 0xA1], "Excel"), (Array("%PDF-1.4\n".utf8), "PDF"),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], "xz"), (Array("<!DOCTYPE HTML>\n<html>".utf8), "HTML"),
        (Array("\u{FEFF} <table border=1>".utf8), "HTML"), (Array("<?xml version=\"1.0\"?>\n".utf8), "XML"),
    ]

    @Test(arguments: binaries.indices, [1, 3, 5000])
    func `what is no text is refused in a stream as in a file`(index: Int, pieces: Int) throws {
        let (start, kind) = ExportFormTests.binaries[index]
        let bytes = start + [UInt8](repeating: 0x41, count: 100)
        let error = #expect(throws: DataError.self) {
            try FileReading(stream: bytes, pieces: pieces, name: "-")
        }
        #expect(error?.description.contains(kind) ?? false)
        let inFile = #expect(throws: DataError.self) { try FileReading(bytes, name: "t.xls") }
        #expect(inFile?.description.contains(kind) ?? false)
    }
}
