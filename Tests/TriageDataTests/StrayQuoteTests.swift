import Testing

@testable import TriageData

/// Quotes that a program which writes none left in the text, beside quotes that are meant.
struct StrayQuoteTests {
    /// Each file, and the first column of its rows: quotes are text.
    static let rows: [(name: String, text: String, first: [String])] = [
        (
            "last column", "id,team,text\n1,A,\"opens here\n2,B,goes on\n3,A,closes here\"\n4,B,more\n",
            ["1", "2", "3", "4"]
        ),
        ("one row inside", "id,team,text\n1,A,\"opens here\n2,B,closes\"\n3,A,more\n", ["1", "2", "3"]),
        (
            "a column in the middle", "id;text;team\n10;\"opens here;A\n11;15\";B\n12;more;A\n",
            ["10", "11", "12"]
        ),
        (
            "codes, not in order",
            "key,team,text\nINC0012,A,one\nINC0044,B,\"opens\nINC0007,A,inside\nINC0031,B,closes\"\nINC0002,A,x\n",
            ["INC0012", "INC0044", "INC0007", "INC0031", "INC0002"]
        ),
        (
            "labels alone",
            "text,team\none,Mail\ntwo,Desk\nthree,Mail\n\"opens,Desk\ninside,Mail\ncloses\",Desk\nmore,Mail\n",
            ["one", "two", "three", "\"opens", "inside", "closes\"", "more"]
        ),
        (
            "text behind the quote that would close",
            "id,team,text\n1,A,\"opens\n2,B,inside\n3,A,\"also opens\n4,B,x\n",
            ["1", "2", "3", "4"]
        ),
        (
            "among values in quotes, numbers going on",
            "id,team,text\n1,A,\"a, b\"\n2,B,\"opens\n3,A,inside\n4,B,closes\"\n5,A,\"c, d\"\n",
            ["1", "2", "3", "4", "5"]
        ),
        (
            "one bad row of many inside",
            "id,team,text\n1,A,\"opens\n" + (2...30).map { $0 == 9 ? "9,x\n" : "\($0),B,inside\n" }.joined()
                + "31,A,closes\"\n32,B,more\n",
            (1...32).map { $0 == 9 ? "bad 10" : "\($0)" }
        ),
    ]

    @Test(arguments: rows.indices)
    func `rows that a stray quote would take away are read`(index: Int) throws {
        let (name, text, first) = StrayQuoteTests.rows[index]
        let file = try FileReading(text)
        #expect(file.values(file.columns[0]) == first, "\(name)")
        #expect(file.notes.count == 1 && file.notes[0].contains("read as text"), "\(name): \(file.notes)")
    }

    /// Files whose last value of the first record has several lines.
    static let values: [(name: String, text: String)] = [
        ("a mail", "id,team,text\n1,A,\"Hello,\nit stopped, again, and\nThanks, Bob\"\n2,B,x\n"),
        ("a mail in two columns", "id,text\n1,\"Hi all\nI cannot log in, please help\nThanks, Bob\"\n2,x\n"),
        ("a mail without spaces", "name,text\nVPN,\"Hi team\nRegards,\"\nMail,x\n"),
        ("a mail with a blank line", "id,team,text\n1,A,\"See\n\n2,B,goes on\n3,A,closes\"\n4,B,more\n"),
        ("a table with its own header", "id,team,text\n1,A,\"My file:\nname,size,kind\n2,3,4\"\n2,B,x\n"),
        ("a table of another shape", "id,team,text\n1,A,\"My file:\na.txt,12,text\nb.txt,13,text\"\n2,B,x\n"),
        (
            "a table of numbers, nothing missing behind",
            "id,team,text\n1,A,\"My list:\n17,pen,3\n18,book,5\"\n2,B,x\n3,A,y\n"
        ),
        (
            "rows of this very file, other quotes as they should be",
            "id,team,text\n3,A,\"This fails:\n9,B,my text\n5,A,other\"\n7,B,\"a, b\"\n4,A,x\n"
        ),
        ("text first", "text,team\n\"Hello team, it stopped\nMy printer, it jams\nThanks\",Mail\nx,Desk\n"),
        ("a single column", "text\n\"one\ntwo\nthree\"\nfour\n"),
        ("a log", "time,text\n2026-11-30 09:12,\"The log:\nERROR 1,failed\n\"\n2026-11-30 09:13,x\n"),
    ]

    @Test(arguments: values.indices)
    func `a value of several lines stays whole`(index: Int) throws {
        let (name, text) = StrayQuoteTests.values[index]
        let file = try FileReading(text)
        let record = text.split(separator: "\"", omittingEmptySubsequences: false)[1]
        let column = name == "text first" || file.columns.count == 1 ? file.columns[0] : "text"
        #expect(file.values(column).first == String(record), "\(name)")
        #expect(file.faults.isEmpty, "\(name)")
        #expect(!file.notes.contains { $0.contains("read as text, so") }, "\(name)")
    }

    @Test func `a value that may be rows is named`() throws {
        let text = "id,team,text\n1,A,\"a, b\"\n9,B,\"See:\n4,B,my text\n2,A,other\"\n3,B,x\n"
        let file = try FileReading(text)
        #expect(file.values("id") == ["1", "9", "3"])
        #expect(
            file.notes.count == 1 && file.notes[0].contains("line 3: a quoted value holds lines that look"))
    }

    @Test func `a file that has shown that its quotes are text keeps the later ones too`() throws {
        let text = "id,team,text\n1,A,\"opens\n2,B,closes\"\n3,A,\"Save\" is grey\n4,B,\"the last"
        let file = try FileReading(text)
        #expect(file.values("text") == ["\"opens", "closes\"", "\"Save\" is grey", "\"the last"])
        #expect(file.notes.count == 1 && file.notes[0].contains("3 such quotes"))
    }

    @Test func `a stream decides by the rows it has seen`() throws {
        let text = "id,team,text\n1,A,one\n2,B,\"opens\n3,A,inside\n4,B,closes\"\n5,A,x\n"
        for size in [1, 7, 1000] {
            #expect(
                try FileReading(stream: Array(text.utf8), pieces: size).values("id") == [
                    "1", "2", "3", "4", "5",
                ])
        }
    }

    @Test func `a hundred thousand rows behind one quote are read in time`() throws {
        let rows = (2...100_000).map { "\($0),B,inside" }
        let file = try FileReading(
            (["id,team,text", "1,A,\"opens"] + rows + ["100001,A,closes\""]).joined(separator: "\n"))
        #expect(file.rows.count == 100_001 && file.faults.isEmpty)
    }
}
