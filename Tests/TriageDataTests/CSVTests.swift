import Testing

@testable import TriageData

struct CSVHeaderTests {
    @Test(arguments: [
        "id,Body \n", " id , Body\n", "id,\u{A0}Body\u{A0}\n", "id,Body\t\n",
        "\u{FEFF}id,\u{FEFF}Body\u{200B}\n",
        "\"id\",\"Body \"\n", "id,\"\nBody\n\"\n",
    ])
    func `space and invisible characters around a name are dropped`(header: String) throws {
        let file = try FileReading(header + "1,text\n")
        #expect(file.columns == ["id", "Body"])
        #expect(file.values("Body") == ["text"])
    }

    @Test func `a name may have several lines in quotes and becomes one`() throws {
        let file = try FileReading("id,\"What is\n wrong?\"\n1,x\n")
        #expect(file.columns == ["id", "What is wrong?"])
        #expect(try file.rows[0].get().line == 3)
    }

    @Test func `names that repeat are numbered, and a column's own name stays`() throws {
        let file = try FileReading("Tag,Text,Tag,Tag (2),Tag,tag\na,b,c,d,e,f\n")
        #expect(file.columns == ["Tag", "Text", "Tag (3)", "Tag (2)", "Tag (4)", "tag"])
        #expect(file.values("Tag") == ["a"] && file.values("Tag (3)") == ["c"])
    }

    @Test func `a nameless column is named by its place`() throws {
        let file = try FileReading(",text,,column 3\n0,a,b,c\n")
        #expect(file.columns == ["column 1", "text", "column 3 (2)", "column 3"])
        #expect(try file.table() == [["0", "a", "b", "c"]])
    }

    @Test func `a thousand columns of one name are numbered in time`() throws {
        let count = 20_000
        let file = try FileReading([String](repeating: "text", count: count).joined(separator: ",") + "\n")
        #expect(file.columns.count == count && file.columns.last == "text (\(count))")
    }

    @Test(arguments: [
        "id,text,\n1,a,\n2,b,\n", "id,text\n1,a,\n2,b,,,\n", "id,text,,\n1,a\n2,b,\n",
    ])
    func `empty values at the end of lines are no fault`(text: String) throws {
        let file = try FileReading(text)
        #expect(file.faults.isEmpty)
        #expect(file.values("text") == ["a", "b"])
    }

    @Test func `a value more or less is a fault that counts them`() throws {
        let file = try FileReading("id,text,team\n1,a,b,c\n2,a\n\"3\n4\",x\n")
        #expect(
            file.faults.map { String($0.message.prefix { $0 != ";" }) } == [
                "4 values for 3 columns", "2 values for 3 columns",
                "2 values for 3 columns in a record of 2 lines",
            ])
    }

    @Test(arguments: [",", ";", "\t", "|"])
    func `the separator is found outside quotes, and Excel's line may name it`(separator: String) throws {
        let table = [["id", "\"a,b;c|d\te,f\""], ["1", "x"]]
        let text = table.map { $0.joined(separator: separator) }.joined(separator: "\n")
        for first in [
            "", "sep=\(separator)\n", "\"sep=\(separator)\"\r\n", "\u{FEFF}SEP=\(separator)\(separator)\n",
        ] {
            for name in ["t.csv", "-"] {
                let file = try FileReading(first + text, name: name)
                #expect(file.columns == ["id", "a,b;c|d\te,f"])
                #expect(file.values("id") == ["1"])
            }
        }
    }

    @Test func `the first record tells the separator of a header that has several`() throws {
        let file = try FileReading("id;subject, short, or long;text\n1;a;b, c, d\n")
        #expect(file.columns == ["id", "subject, short, or long", "text"])
        #expect(try FileReading("id\ta, b, c, d\ttext\n1\tx, y\tz\n", name: "t.tsv").columns.count == 3)
        #expect(throws: DataError.empty(path: "t.csv")) { try FileReading("sep=;\n") }
    }

    @Test(arguments: [
        "Tickets of last year\nid,text\n1,a\n", "\"Tickets, all\",,\n\n\"2026\"\n\nid;text;x\n1;a;\n",
    ])
    func `a title above the header is passed over`(text: String) throws {
        let file = try FileReading(text)
        #expect(file.values("id") == ["1"] && file.values("text") == ["a"])
        #expect(file.notes.count == 1 && file.notes[0].contains("of a title above it"))
    }

    @Test(arguments: ["text\nid,text\n", "question\nWhere is it?\nHere, and there\n", "id,text\n1,text\n"])
    func `what only looks like a title is a header`(text: String) throws {
        let first = text.prefix { $0 != "\n" }
        #expect(try FileReading(text).columns == first.split(separator: ",").map(String.init))
    }

    @Test func `a header without any name is refused`() throws {
        #expect(throws: DataError.badHeader(path: "t.csv", line: 1, problem: "no column has a name")) {
            try FileReading(", ,\n1,2,3\n")
        }
    }
}

struct CSVDialectTests {
    @Test func `a backslash before a quote is read where the record is none without it`() throws {
        let file = try FileReading(
            #"""
            id,text,path
            1,"says \"no route\" and stops",C:\new
            2,"\"quoted\", with a comma","a\\b"
            3,\N,"line one\
            line two"
            4,"plain ""doubled""",x

            """#)
        #expect(
            file.values("text") == [
                #"says "no route" and stops"#, #""quoted", with a comma"#, "", #"plain "doubled""#,
            ])
        #expect(file.values("path") == [#"C:\new"#, #"a\b"#, "line one\nline two", "x"])
    }

    @Test func `a path keeps its backslashes where quotes are doubled`() throws {
        let file = try FileReading(
            #"""
            id,path,text
            1,"C:\temp\","a ""b"" c"
            2,\\host\share,"x\"
            3,\N,y
            """#)
        #expect(file.values("path") == [#"C:\temp\"#, #"\\host\share"#, #"\N"#])
        #expect(file.values("text") == [#"a "b" c"#, #"x\"#, "y"])
    }

    @Test func `a backslash that does not help is named`() throws {
        let file = try FileReading("id,text\n1,\"a \\\"b\" c\n2,\"ok\"\n")
        #expect(file.faults.map(\.line) == [2])
        #expect(file.faults[0].message.contains("backslash"))
    }

    @Test func `spaces may stand around quotes where names stand behind spaces`() throws {
        let file = try FileReading("id, text, team\n1, \"a, b\" , x\n2,\"c\",y\n")
        #expect(file.values("text") == ["a, b", "c"])
        #expect(try FileReading("id,text\n1, \"a\n").values("text") == [" \"a"])
    }

    @Test func `a file that ends inside a record costs that record`() throws {
        let file = try FileReading("id,team,text\n1,a,b\n2,a,\"cut off in the midd")
        #expect(file.values("id") == ["1", "bad 3"])
        #expect(try FileReading("id,team,text\n1,a,b\n2,a").values("id") == ["1", "bad 3"])
    }

    @Test func `blank lines are skipped, and a huge value is read`() throws {
        let long = String(repeating: "word, ", count: 1 << 20)
        let file = try FileReading("id,text\n\n   \n1,\"\(long)\"\n\t\n2,b\n")
        #expect(file.values("text") == [long, "b"])
        #expect(try file.rows[1].get().line == 6)
    }

    @Test func `a line of quotes is read in time that grows with its length`() throws {
        let cell = "\"\"\"y\"\","
        let file = try FileReading("id,text\n" + String(repeating: cell, count: 100_000) + "\n1,b\n")
        #expect(file.values("id") == ["bad 2", "1"])
    }

    /// RFC 4180: a value with a separator, a quote or a line end stands in quotes, and its quotes are doubled.
    private func written(_ rows: [[String]], separator: String, quotesAll: Bool) -> String {
        rows.map { row in
            row.map { value in
                let isPlain = !value.contains { "\"\n".contains($0) || separator.contains($0) } && !quotesAll
                return isPlain ? value : "\"" + value.replacing("\"", with: "\"\"") + "\""
            }.joined(separator: separator)
        }.joined(separator: "\n") + "\n"
    }

    @Test(arguments: [",", ";", "\t", "|"], [false, true])
    func `any values written with their quotes doubled come back`(separator: String, quotesAll: Bool) throws {
        var random = SplitMix(seed: UInt64(separator.utf8.first ?? 0) + (quotesAll ? 1000 : 0))
        let alphabet = Array("ab12 \"\n,;|\\\t.'é") + [Character(separator)]
        for round in 0..<300 {
            let columns = (0..<random.next(2, 5)).map { $0 == 0 ? "text" : "c\($0)" }
            let rows = (0..<random.next(1, 8)).map { row in
                columns.map { _ in
                    String((0..<random.next(0, 9)).map { _ in alphabet[random.next(0, alphabet.count)] })
                }
            }.filter { $0.contains { !$0.isEmpty && !$0.allSatisfy(\.isWhitespace) } }
            let text = written([columns] + rows, separator: separator, quotesAll: quotesAll)
            let file = try FileReading(text)
            #expect(file.columns == columns)
            guard file.rows.count == rows.count, try file.table() == rows else {
                Issue.record("round \(round): \(text.debugDescription)")
                return
            }
        }
    }
}

/// Random numbers that are the same in each run (Steele, Lea, Flood: SplitMix64, 2014).
struct SplitMix {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// A number from `low` to before `high`.
    mutating func next(_ low: Int, _ high: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return low + Int((mixed ^ mixed >> 31) % UInt64(high - low))
    }
}
