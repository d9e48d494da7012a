import Synchronization
import Testing

@testable import TriageData

struct EncodingTests {
    private static let text = "id,text\r\n1,\"Büro – ‚neu‘ 😀\r\nzweite Zeile\"\r\n2,Größe ½ €\r\n"

    private static func utf16(_ text: String, isLittle: Bool) -> [UInt8] {
        text.utf16.flatMap { unit in
            let bytes = [UInt8(unit & 0xFF), UInt8(unit >> 8)]
            return isLittle ? bytes : bytes.reversed()
        }
    }

    private static func windows1252(_ text: String) -> [UInt8] {
        text.unicodeScalars.map { scalar in
            let typed: [Unicode.Scalar: UInt8] = ["€": 0x80, "„": 0x84, "’": 0x92, "“": 0x93, "–": 0x96]
            return typed[scalar] ?? UInt8(scalar.value)
        }
    }

    @Test(arguments: [true, false], ["\u{FEFF}", ""])
    func `UTF-16 is read by its mark or its zero bytes, wherever it is cut`(isLittle: Bool, mark: String)
        throws
    {
        let bytes = EncodingTests.utf16(mark + EncodingTests.text, isLittle: isLittle)
        let expected = try FileReading(EncodingTests.text)
        let file = try FileReading(bytes)
        #expect(file.rows == expected.rows && file.columns == expected.columns)
        #expect(file.notes == ["t.csv: read as UTF-16 (\(isLittle ? "little" : "big")-endian)"])
        for size in [1, 2, 3, 1000] {
            #expect(try FileReading(stream: bytes, pieces: size).rows == expected.rows)
        }
    }

    @Test func `UTF-16 of JSON Lines is read too, and half a character is marked`() throws {
        let text = #"{"id":"ä","text":"x"}"# + "\n" + #"{"id":"b"}"# + "\n"
        let file = try FileReading(EncodingTests.utf16(text, isLittle: true), name: "t.jsonl")
        #expect(file.values("id") == ["ä", "b"])
        let cut = EncodingTests.utf16("id,text\n1,a", isLittle: true) + [0x3D, 0xD8, 0x41, 0, 0x3D]
        #expect(try FileReading(cut).values("text") == ["a\u{FFFD}A"])
    }

    @Test func `UTF-32 and other wide text is refused by name`() {
        #expect(throws: DataError.otherEncoding(path: "t.csv", line: 1, lines: nil)) {
            try FileReading([0xFF, 0xFE, 0, 0] + [0x69, 0, 0, 0])
        }
    }

    static let western = [
        "für große Büros, Ärger mit der Tür", "créée à l’été – déjà vu", "não há conexão", "¿Qué pasó?",
        "Größe 5 € „neu“", "È così", "GRÖSSE ÜBER ALLES", "- é -",
    ]

    @Test(arguments: western)
    func `Windows-1252 is read, in a file and in a stream`(text: String) throws {
        let bytes = EncodingTests.windows1252("id;text\n1;plain\n2;\(text)\n")
        let file = try FileReading(bytes)
        #expect(file.values("text") == ["plain", text])
        #expect(
            file.notes.count == 1 && file.notes[0].contains("read as Windows-1252, since it is not UTF-8"))
        for size in [1, 5, 1000] {
            #expect(try FileReading(stream: bytes, pieces: size).rows == file.rows)
        }
    }

    @Test func `Windows-1252 of JSON Lines is read too`() throws {
        let bytes = EncodingTests.windows1252("{\"id\":1,\"text\":\"\(EncodingTests.western[0])\"}\n")
        #expect(try FileReading(bytes, name: "t.jsonl").values("text") == [EncodingTests.western[0]])
    }

    @Test func `no letter beyond ASCII is lost wherever the first one stands`() throws {
        var bytes = Array("id,text\n".utf8)
        for number in 1...5000 {
            bytes += EncodingTests.windows1252("\(number),\(number % 1000 == 0 ? "über" : "plain")\n")
        }
        #expect(try FileReading(bytes).values("text").count { $0 == "über" } == 5)
    }

    @Test func `a damaged row of a UTF-8 file is an error of its own`() throws {
        let damaged: [[UInt8]] = [[0xFF, 0xC0, 0x80], [0xE2, 0x82], [0xC3], [0xF0, 0x9F, 0x98]]
        for bytes in damaged {
            let text = Array("id,text\n1,für Büros\n2,naïve\n3,cut ".utf8) + bytes + Array("\n4,ok\n".utf8)
            let file = try FileReading(text)
            #expect(file.values("text") == ["für Büros", "naïve", "bad 4", "ok"])
            #expect(file.faults.map(\.code) == [.invalidUTF8] && file.notes.isEmpty)
            #expect(try FileReading(stream: text).rows == file.rows)
        }
    }

    /// Text of encodings that bytes do not tell, three rows each.
    static let others: [(name: String, row: [UInt8])] = [
        ("GBK", [0xC4, 0xE3, 0xBA, 0xC3, 0xA3, 0xAC, 0xCE, 0xD2, 0xB5, 0xC4]),
        ("Shift-JIS", [0x83, 0x4C, 0x82, 0xCD, 0x82, 0xA2, 0x8A, 0xBF, 0x8E, 0x9A]),
        ("Windows-1251", [0xCF, 0xF0, 0xE8, 0xE2, 0xE5, 0xF2, 0x20, 0xEC, 0xE8, 0xF0]),
        ("code page 850", Array("Geb".utf8) + [0x84] + Array("ude f".utf8) + [0x81] + Array("r".utf8)),
        ("Mac Roman", Array("T".utf8) + [0x9F] + Array("r am Geb".utf8) + [0x8A] + Array("ude".utf8)),
        (
            "Windows-1250",
            Array("zg".utf8) + [0xB3] + Array("oszenie, b".utf8) + [0xB3, 0xB9] + Array("d".utf8)
        ),
    ]

    @Test(arguments: others.indices)
    func `an encoding that cannot be told is refused, not read in part`(index: Int) throws {
        let (name, row) = EncodingTests.others[index]
        let bytes = Array("id,text\n0,plain\n".utf8) + (1...3).flatMap { Array("\($0),".utf8) + row + [0x0A] }
        #expect(throws: DataError.otherEncoding(path: "t.csv", line: 3, lines: 3), "\(name)") {
            try FileReading(bytes)
        }
        // A stream cannot know what comes: each row is an error.
        #expect(
            try FileReading(stream: bytes).values("text") == ["plain", "bad 3", "bad 4", "bad 5"], "\(name)")
    }

    @Test func `the lines that are not UTF-8 in a mixed file are read by themselves`() throws {
        let bytes =
            Array("id,text\n1,schön\n".utf8) + EncodingTests.windows1252("2,über\n3,Tür\n4,Bücher\n")
        #expect(try FileReading(bytes).values("text") == ["schön", "über", "Tür", "Bücher"])
    }

    @Test(
        arguments: [
            ([0x50, 0x4B, 3, 4, 0x14, 0, 6, 0], "Excel"), ([0x1F, 0x8B, 8, 0, 1], "gzip"),
            (Array("%PDF-1.7".utf8), "PDF"), ([0xD0, 0xCF, 0x11, 0xE0, 0xA1], "Excel"),
        ] as [([UInt8], String)])
    func `a workbook or an archive is refused by its kind`(start: [UInt8], kind: String) throws {
        let bytes = start + [UInt8](repeating: 0xAB, count: 5000)
        for name in ["t.csv", "t"] {
            let error = #expect(throws: DataError.self) { try FileReading(bytes, name: name) }
            #expect(error?.description.contains(kind) ?? false)
        }
        #expect(throws: DataError.self) { try FileReading(stream: bytes, pieces: 3) }
    }

    @Test func `zero bytes in UTF-8 stay`() throws {
        #expect(try FileReading("id,text\n1,a\0b\0\n").values("text") == ["a\0b\0"])
    }
}

struct ReadingNotesTests {
    @Test func `each note is sent once, as soon as it is true`() throws {
        let sent = Mutex<[String]>([])
        ReadingNotes.send { note in if note.hasPrefix("notes.csv") { sent.withLock { $0.append(note) } } }
        let text = "All tickets\nid,text\n1,a\n2,".utf8 + [0xFC] + Array("ber\n3,\"b\n4,c\"\n".utf8)
        for _ in 0..<2 {
            let reader = try RowReader(pieces: [Array(text)], name: "notes.csv")
            #expect(sent.withLock(\.count) > 0)
            while try reader.next() != nil {}
        }
        let notes = sent.withLock(\.self)
        #expect(notes.count == 3)
        for (note, part) in zip(notes, ["title above it", "read as Windows-1252", "a quote opens a value"]) {
            #expect(note.contains(part))
        }
    }
}

struct JSONDocumentTests {
    static let documents: [(text: String, program: String)] = [
        ("{\n \"tickets\": [\n  {\"id\": 1}\n ],\n \"next\": null\n}\n", ".tickets[]"),
        ("{\"issues\": [\n{\"key\":\"A-1\"},\n{\"key\":\"A-2\"}\n]}\n", ".issues[]"),
        ("{\"status\": \"ok\",\n \"data\": {\"the tickets\": [{\"id\": 1}]}}\n", ".data.[\"the tickets\"][]"),
        ("{\"tickets\":[{\"id\":1},{\"id\":2}],\"users\":[{\"id\":1}],\"count\":2}", ".tickets[]"),
        ("{\"result\":[{\"number\":\"INC1\"}]}\n", ".result[]"),
        ("\n{\"value\":[{\"id\":1}],\"@odata.context\":\"https://x/$metadata\"}", ".value[]"),
        ("{\n  \"id\": 1,\n  \"text\": \"one ticket\"\n}\n", "."),
        ("{\n  \"id\": 1\n}\n{\n  \"id\": 2\n}\n", "."),
        ("{\n  \"tickets\": [\n", "."),
    ]

    @Test(arguments: documents.indices)
    func `an answer of an API and an object over lines are one error with its remedy`(index: Int) throws {
        let (text, program) = JSONDocumentTests.documents[index]
        let line = text.hasPrefix("\n") ? 2 : 1
        for name in ["t.json", "t.jsonl", "-", "t"] {
            let path = name == "-" ? "standard input" : name
            #expect(throws: DataError.jsonDocument(path: path, line: line, program: program)) {
                try FileReading(text, name: name)
            }
        }
        let message = DataError.jsonDocument(path: "t", line: 1, program: program).description
        #expect(message.contains("(jq -c '\(program)' does it)"))
    }

    @Test(arguments: [
        #"{"id":1,"subject":"VPN","custom_fields":[{"id":7}]}"#,
        #"{"frage":"geht nicht","comments":[{"a":1}]}"#,
        #"{"text":"x","tags":["a"]}"#, #"{"key":"A-1","fields":{"summary":"x","parts":[{"a":1}]}}"#,
    ])
    func `a row that has a list of its own is a row`(row: String) throws {
        #expect(try FileReading(row + "\n" + row, name: "t.jsonl").rows.count == 2)
    }

    @Test func `a first line that was cut off is an error of its own`() throws {
        for cut in ["{\"id\":1,", "{\"id\":1,\"text\":\"abc", "{\"id\":1"] {
            let file = try FileReading(cut + "\n{\"id\":2}\n", name: "t.jsonl")
            #expect(file.values("id") == ["bad 1", "2"])
        }
    }
}
