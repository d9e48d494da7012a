import Testing
import TriageData

struct CSVWriterTests {
    private func row(_ cells: CSVWriter.Cell...) -> String {
        String(decoding: CSVWriter.row(cells), as: UTF8.self)
    }

    @Test(arguments: [
        ("=1+1", "'=1+1"), ("+49 30", "'+49 30"), ("-5", "'-5"), ("@all", "'@all"), ("\tx", "\"'\tx\""),
        ("\rx", "\"'\rx\""), ("＝1", "'＝1"), ("a=b", "a=b"), ("", ""), ("'x", "'x"), ("1-2", "1-2"),
    ])
    func `text that a spreadsheet would calculate gets an apostrophe`(text: String, cell: String) {
        #expect(row(.text(text)) == cell + "\r\n")
    }

    @Test(arguments: [
        ("'=1", "=1"), ("'-a", "-a"), ("'\t", "\t"), ("'a", "'a"), ("'", "'"), ("''=1", "''=1"), ("=1", "=1"),
    ])
    func `the apostrophe of the writer is taken away`(cell: String, text: String) {
        #expect(CSVWriter.unguarded(cell) == text)
    }

    @Test(
        arguments: [("refund", "request_refund"), ("Bugs", "Bug"), ("parrot", nil), ("!", nil)]
            as [(String, String?)])
    func `a known name with the same words and others is suggested`(name: String, known: String?) {
        let labels = ["Bug", "request_refund_status", "request_refund"]
        #expect(SpellingSuggestion.of(name, among: labels) == known)
    }

    @Test func `a cell is at most as long as Excel's`() {
        let fits = String(repeating: "ü", count: 32_767)
        #expect(row(.text(fits)) == fits + "\r\n")
        let cut = row(.text(fits + "😀"))
        #expect(cut.utf16.count == 32_767 + 2 && cut.hasSuffix("ü…\r\n"))
        let formula = row(.text("=" + fits))
        #expect(formula.utf16.count == 32_767 + 2 && formula.hasPrefix("'="))
    }

    @Test func `numbers of the program stay numbers`() {
        #expect(row(.decimal(-0.5), .integer(-3), .decimal(0.123_456_78)) == "-0.5,-3,0.123457\r\n")
        #expect(row(.text(nil), .decimal(nil), .decimal(.nan)) == ",,\r\n")
    }

    @Test func `separators, quotes and line breaks are quoted`() {
        #expect(
            row(.text("a,b"), .text("say \"x\""), .text("a\nb")) == "\"a,b\",\"say \"\"x\"\"\",\"a\nb\"\r\n")
        #expect(row(.text(" a"), .text("a;b"), .text("ü")) == "\" a\",\"a;b\",ü\r\n")
    }

    @Test func `a header has the byte order mark and no name twice`() {
        let bytes = CSVWriter.header(["id", "summary", "id"])
        #expect(bytes == [0xEF, 0xBB, 0xBF] + Array("id,summary,id 2\r\n".utf8))
    }

    @Test func `what is written is read again`() throws {
        let values = ["plain", "a,b", "x \"y\"", "line\nbreak", "tab\tx"]
        let bytes = CSVWriter.header(["id", "a", "b", "c", "text"]) + CSVWriter.row(values.map { .text($0) })
        let reader = try RowReader(bytes: bytes, name: "t.csv")
        let found = try #require(try reader.next()).get()
        #expect(["id", "a", "b", "c", "text"].map { found.text($0) } == values)
    }

    @Test func `rows are counted as a spreadsheet shows them`() throws {
        let text = "\nid,text\n1,\"a\nb\"\n\n2,c\n3,d\n"
        let reader = try RowReader(bytes: Array(text.utf8), name: "t.csv")
        var rows: [[Int]] = []
        while let row = try reader.next() { rows.append([try row.get().line, try row.get().row]) }
        #expect(rows == [[3, 3], [6, 5], [7, 6]])
    }
}

struct ShareTests {
    @Test(arguments: [
        ("0.95", 0.95), ("95%", 0.95), (" 95 % ", 0.95), ("0,95", 0.95), ("97,5%", 0.975), ("1", 1), ("0", 0),
        (".5", 0.5), ("100%", 1),
    ])
    func `a share`(text: String, value: Double) {
        #expect(Share(parsing: text)?.value == value)
    }

    @Test(arguments: ["", "%", "95", "101%", "-1%", "0.9.5", "nan", "1e-1", "0x1", "half", "."])
    func `no share`(text: String) {
        #expect(Share(parsing: text) == nil)
    }
}
