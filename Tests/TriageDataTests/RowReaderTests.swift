import Foundation
import Testing

@testable import TriageData
@testable import TriageTickets

struct RowReaderTests {
    private func read(_ text: String, name: String = "t.jsonl") throws -> [Result<InputRow, BadRow>] {
        try read(Array(text.utf8), name: name)
    }

    private func read(_ bytes: [UInt8], name: String) throws -> [Result<InputRow, BadRow>] {
        let reader = try RowReader(bytes: bytes, name: name)
        var rows: [Result<InputRow, BadRow>] = []
        while let row = try reader.next() { rows.append(row) }
        return rows
    }

    private func fault(_ row: Result<InputRow, BadRow>) -> BadRow? {
        if case .failure(let bad) = row { return bad }
        return nil
    }

    @Test func `JSON lines keep their line numbers past blank lines and a byte order mark`() throws {
        let rows = try read("\u{FEFF}{\"id\":1}\r\n\n{\"id\":\"b\",\"text\":\"x\"}")
        #expect(rows.count == 2)
        #expect(try rows[0].get().id == "1")
        #expect(try rows[1].get().line == 3)
    }

    @Test func `a bad line is named and the good ones still count`() throws {
        let rows = try read("{\"id\":1}\n{broken\n{\"a\":\"\\ud800\"}\n{\"id\":2}")
        #expect(rows.count == 4)
        #expect(fault(rows[1])?.line == 2)
        #expect(fault(rows[1])?.code == .invalidJSON)
        #expect(fault(rows[2])?.line == 3)
        #expect(try rows[3].get().id == "2")
    }

    @Test func `bytes that are not UTF-8 are said`() throws {
        let rows = try read(
            Array("{\"a\":\"".utf8) + [0xFF, 0xFE] + Array("\"}\n{\"id\":1}".utf8), name: "x.jsonl")
        #expect(fault(rows[0])?.code == .invalidUTF8)
        #expect(try rows[1].get().id == "1")
    }

    @Test func `a JSON list is refused with the remedy`() {
        #expect(throws: DataError.jsonArray(path: "t.jsonl", line: 1)) { try read("[{\"id\":1}]") }
        #expect(throws: DataError.jsonArray(path: "t.jsonl", line: 1)) { try read("[\n{\"id\":1}\n]") }
    }

    @Test(arguments: ["\r", "\n", "\r\n"])
    func `a line may end with a carriage return, a line feed or both`(end: String) throws {
        let text = "id,text\(end)1,\"a\(end)b\"\(end)\(end)2,c\(end)"
        for name in ["t.csv", "-"] {
            let rows = try read(text, name: name).map { try $0.get() }
            #expect(rows.map(\.line) == [2, 5])
            #expect(rows.map { $0.text("text") } == ["a\nb", "c"])
        }
    }

    @Test func `bare text is no file of records, a header of text columns or an empty file is one`() throws {
        for text in ["id,note\n", "my printer is jammed"] {
            let columns = text.contains(",") ? 2 : 1
            #expect(throws: DataError.headerAlone(path: "t", line: 1, columns: columns)) {
                try read(text, name: "t")
            }
        }
        #expect(try read("id,Text\n", name: "t.csv").isEmpty)
        #expect(try read("\n \n", name: "t.csv").isEmpty)
    }

    @Test func `names match exactly first, then without upper and lower case`() throws {
        let row = try read("ID,Body,BODY\n7,a,b\n", name: "t.csv")[0].get()
        #expect(try TicketColumns().ticket(in: row) == Ticket(id: "7", body: "b"))
        #expect(row.text("Body") == "a")
        #expect(row.text("boody") == nil)
    }

    @Test(arguments: [",", ";", "\t"])
    func `CSV with quotes, line breaks and any separator`(separator: String) throws {
        let text = "id,text,label\n1,\"a, \"\"b\"\"\nc\",x\n2,d,y\n".replacingOccurrences(
            of: ",", with: separator)
        let rows = try read(text, name: "t.csv")
        #expect(rows.count == 2)
        #expect(try rows[0].get().text("text") == "a\(separator) \"b\"\nc")
        #expect(try rows[1].get().line == 4)
    }

    @Test func `a quote that never closes costs its line only`() throws {
        var lines = ["id,text"] + (2...6).map { "\($0),good" }
        lines += ["7,\"never closed", "good or bad", "9,good"]
        let rows = try read(lines.joined(separator: "\n"), name: "t.csv")
        #expect(rows.compactMap(fault).map(\.line) == [7, 8])
        #expect(try rows[7].get().id == "9")
    }

    @Test func `too many values and text after a quote are faults of their line`() throws {
        let rows = try read("id,text\n1,a,b\n0,\"a,b\"\n2,\"a\"b\n3,c\n", name: "t.csv")
        #expect(fault(rows[0])?.line == 2)
        #expect(fault(rows[2])?.line == 4)
        #expect(try rows[3].get().id == "3")
    }

    @Test func `a broken quote gives back every line behind it, in time proportional to them`() throws {
        let good = (3...200_000).map { _ in "k,good" }
        let rows = try read(
            (["id,text", "2,\"open"] + good + ["x,\"quoted\""]).joined(separator: "\n"), name: "t.csv")
        #expect(rows.count == good.count + 2)
        #expect(rows.compactMap(fault).map(\.line) == [2])
    }

    @Test func `a first line over the limit is an error of its own`() throws {
        let reader = try RowReader(
            pieces: [Array("{\"text\":\"too long\"}\n{}\n".utf8)], name: "t.jsonl", maximumRecordBytes: 8)
        #expect(try reader.next().flatMap(fault)?.code == .tooLarge)
        #expect(try reader.next()?.get().line == 2)
        #expect(try reader.next() == nil)
    }

    @Test(arguments: [
        ("[1,]", JSONError.Kind.syntax, 3), ("{\"a\":1e999}", .number, 5), ("\"\\ud800\"", .surrogate, 1),
        ("[\"a", .ended, 3), ("\"\u{1}\"", .control, 1), (String(repeating: "[", count: 129), .depth, 128),
    ])
    func `a fault of JSON has a kind and a place`(text: String, kind: JSONError.Kind, offset: Int) {
        #expect(throws: JSONError(kind: kind, offset: offset)) { try JSONValue(reading: Array(text.utf8)) }
    }

    @Test(arguments: ["1e3", "1.50", "-0", "0.1E+2", "12345678901234567890123", "-9223372036854775809", "7"])
    func `a number keeps its spelling`(spelling: String) throws {
        let row = try read("{\"id\":\(spelling),\"text\":\"x\"}")[0].get()
        #expect(try TicketColumns().ticket(in: row).id == spelling)
    }

    @Test(arguments: ["[1]", "{\"a\":1}"])
    func `an id that is a list or an object is refused, except where nobody is answered by it`(
        id: String
    ) throws {
        let row = try read("{\"id\":\(id),\"text\":\"x\"}")[0].get()
        #expect(throws: BadRow.self) { try TicketColumns().ticket(in: row) }
        #expect(try TicketColumns().ticket(in: row, needsID: false) == Ticket(body: "x"))
    }

    @Test func `long whole numbers keep their digits`() throws {
        let row = try read("{\"id\":12345678901234567890,\"n\":-9223372036854775808,\"x\":1.50}")[0].get()
        #expect(row.id == "12345678901234567890")
        #expect(row.fields["n"] == .integer(.min))
        #expect(row.text("x") == "1.50" && row["x"]?.double == 1.5)
    }

    @Test func `missing files and folders are told apart`() {
        #expect(throws: DataError.notFound(path: "/nowhere/x.jsonl")) {
            try RowReader(path: "/nowhere/x.jsonl")
        }
        #expect(throws: DataError.notAFile(path: "/", kind: "folder")) {
            try RowReader(path: "/")
        }
    }

    @Test func `a CSV row with too few values is an error with their number, in good grammar`() throws {
        let rows = try read("id,text\nalone\na,b,c\n", name: "t.csv")
        #expect(fault(rows[0])?.message.hasPrefix("1 value for 2 columns; ") ?? false)
        #expect(fault(rows[1])?.message.hasPrefix("3 values for 2 columns; ") ?? false)
    }

    @Test func `text columns make a ticket and lists are refused`() throws {
        let row = InputRow(line: 3, fields: ["a": .string("s"), "b": .integer(4), "c": .array([])])
        #expect(try TicketColumns(["a", "b"]).ticket(in: row) == Ticket(subject: "s", body: "4"))
        #expect(throws: BadRow.self) { try TicketColumns(["c"]).ticket(in: row) }
        #expect(throws: BadRow.self) { try TicketColumns().ticket(in: row) }
    }
}

struct LineSplitterTests {
    private func lines(_ bytes: [UInt8], cutAfter size: Int, limit: Int = 100) -> [LineSplitter.Line] {
        var splitter = LineSplitter(limit: limit)
        var lines: [LineSplitter.Line] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            splitter.add(Array(bytes[start..<min(start + size, bytes.count)]))
            while let line = splitter.next() { lines.append(line) }
        }
        while let line = splitter.finish() { lines.append(line) }
        #expect(splitter.number == lines.count)
        return lines
    }

    private func texts(_ lines: [LineSplitter.Line]) -> [String?] {
        lines.map { if case .text(let bytes) = $0 { String(decoding: bytes, as: UTF8.self) } else { nil } }
    }

    @Test(
        arguments: [
            ("", []), ("\n", [""]), ("\r\n", [""]), ("\r", [""]), ("\n\r", ["", ""]),
            ("\r\r\n\n", ["", "", ""]),
            ("a\nb\rc\r\nd", ["a", "b", "c", "d"]), ("\u{FEFF}a\r\n\u{FEFF}b\r\n", ["a", "\u{FEFF}b"]),
            ("\u{FEFF}", []), ("\u{FEFF}\r\n\nx\r", ["", "", "x"]),
            ("123456789\n12345678\r123456789", [nil, "12345678", nil]), ("\u{FEFF}12345678\n", ["12345678"]),
        ] as [(String, [String?])])
    func `lines are the same wherever the bytes are cut`(text: String, expected: [String?]) {
        for size in 1...max(1, text.utf8.count) {
            #expect(texts(lines(Array(text.utf8), cutAfter: size, limit: 8)) == expected, "cut after \(size)")
        }
    }

    @Test func `the beginning of a byte order mark is text`() {
        for size in 1...2 { #expect(lines([0xEF, 0xBB], cutAfter: size) == [.text([0xEF, 0xBB])]) }
        for size in 1...4 {
            #expect(
                lines([0xEF, 0xBB, 0x0A, 0x61], cutAfter: size) == [.text([0xEF, 0xBB]), .text([0x61])])
        }
    }

    @Test func `an error of JSON counts lines by any end`() {
        for (text, line) in [("{\r\"a\":\r!", 3), ("{\r\n\"a\":\r\n!", 3), ("{\n\r!", 3), ("!", 1)] {
            let bytes = Array(text.utf8)
            #expect(JSONError(kind: .syntax, offset: bytes.count - 1).line(in: bytes) == line, "\(bytes)")
        }
    }
}

struct TimestampTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (951_782_400_007, "2000-02-29T00:00:00.007Z"), (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
            (-62_167_219_200_000, "0000-01-01T00:00:00.000Z"),
        ] as [(Int64, String)])
    func `a moment is RFC 3339 in UTC with milliseconds`(milliseconds: Int64, text: String) {
        #expect(Timestamp(milliseconds: milliseconds).text == text)
        #expect(Timestamp(text)?.milliseconds == milliseconds)
    }

    @Test func `every day is written as the system writes it`() {
        for day in stride(from: Int64(-200_000), through: 200_000, by: 37) {
            var (second, parts) = (time_t(day * 86_400 + 45_296), tm())
            gmtime_r(&second, &parts)
            let date = [(parts.tm_year + 1900, 4), (parts.tm_mon + 1, 2), (parts.tm_mday, 2)].map {
                String(repeating: "0", count: $1 - String($0).count) + String($0)
            }.joined(separator: "-")
            let moment = Timestamp(milliseconds: (day * 86_400 + 45_296) * 1000)
            #expect(moment.text == "\(date)T12:34:56.000Z")
            #expect(Timestamp(moment.text) == moment)
        }
    }

    @Test(arguments: [
        "2026-11-25T20:50:01Z", "2026-11-25T20:50:01.000Z", "2026-11-25t20:50:01.0z",
        "2026-11-25T22:50:01+02:00", "2026-11-25T15:20:01.0004-05:30", "2026-11-25T22:50:01+0200",
        "2026-11-25T20:50:01.000999999999999999999Z",
    ])
    func `times with and without milliseconds are read, in UTC or with an offset`(text: String) {
        #expect(Timestamp(text)?.text == "2026-11-25T20:50:01.000Z")
    }

    @Test(arguments: [
        "", "2026-11-25", "2026-11-25T20:50Z", "2026-11-25T20:50:01", "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-11-31T00:00:00Z", "2026-11-25T24:00:00Z",
        "2026-11-25T20:60:00Z", "2026-11-25T20:50:61Z", "2026-11-25T20:50:01.Z", "2026-11-25T20:50:01+24:00",
        "+026-11-25T20:50:01Z", "2026-11-25T20:50:01Z ", "2026-11-25T20:50:0½Z", "2026-11-25T20:50:01.1xZ",
    ])
    func `what is not a time of RFC 3339 is rejected`(text: String) { #expect(Timestamp(text) == nil) }
}

struct JSONWriterTests {
    @Test func `keys keep their order and text is escaped`() {
        var writer = JSONWriter()
        writer.object { json in
            json.string("b", "a\"\\\n\u{1}é")
            json.array("a", [1, 2]) { $0.integer($1) }
            json.string("n", nil)
        }
        #expect(writer.text == "{\"b\":\"a\\\"\\\\\\n\\u0001é\",\"a\":[1,2],\"n\":null}")
        #expect(JSONValue(parsing: writer.bytes)?["b"]?.text == "a\"\\\n\u{1}é")
    }

    @Test(arguments: [(Float(0.93), "0.93"), (1, "1.0"), (0, "0.0"), (0.1234567, "0.123457"), (.nan, "null")])
    func `six decimals`(number: Float, text: String) {
        var writer = JSONWriter()
        writer.sixDecimals(number)
        #expect(writer.text == text)
    }
}

struct AtomicOutputTests {
    private func withFolder(_ body: (String) throws -> Void) throws {
        let home = NSTemporaryDirectory() + "atomic-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: home) }
        try body(home)
    }

    private func write(_ byte: UInt8, _ path: String) throws {
        try AtomicOutput.write([(name: "a", bytes: [byte]), (name: "b", bytes: [byte])], toFolder: path)
    }

    @Test func `a folder is replaced whole and the previous one kept`() throws {
        try withFolder { home in
            for byte in UInt8(1)...3 { try write(byte, home + "/new/m/") }
            #expect(try FileInput.bytes(of: home + "/new/m/b") == [3])
            #expect(try FileInput.bytes(of: home + "/new/m.previous/b") == [2])
            #expect(try FileInput.names(inFolder: home + "/new") == ["m", "m.previous"])
        }
    }

    @Test func `a link to a folder is followed`() throws {
        try withFolder { home in
            try write(1, home + "/real/m")
            try FileManager.default.createSymbolicLink(
                atPath: home + "/link", withDestinationPath: "real/m")
            try write(2, home + "/link")
            #expect(try FileInput.bytes(of: home + "/real/m/a") == [2])
            #expect(try FileInput.bytes(of: home + "/real/m.previous/a") == [1])
            #expect(try FileInput.names(inFolder: home) == ["link", "real"])
        }
    }

    @Test(arguments: ["m/notes", "m/.notes", "m.previous/notes", "m.previous/b/notes", "m.previous"])
    func `what was not written here is not removed`(stray: String) throws {
        try withFolder { home in
            try write(1, home + "/m")
            let file = URL(fileURLWithPath: home + "/" + stray)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data([9]).write(to: file)
            #expect(throws: DataError.self) { try write(2, home + "/m") }
            #expect(try FileInput.bytes(of: file.path) == [9])
            #expect(try FileInput.bytes(of: home + "/m/a") == [1])
        }
    }

    @Test func `a previous folder that is a link is left alone, and so is what it leads to`() throws {
        try withFolder { home in
            try write(1, home + "/m")
            try write(5, home + "/other")
            try FileManager.default.createSymbolicLink(
                atPath: home + "/m.previous", withDestinationPath: "other")
            #expect(throws: DataError.self) { try write(2, home + "/m") }
            #expect(try FileInput.bytes(of: home + "/other/b") == [5])
            #expect(try FileInput.bytes(of: home + "/m/a") == [1])
        }
    }

    @Test func `a place that cannot be written is an error that names it`() {
        #expect(throws: DataError.self) { try AtomicOutput.write([1], to: "/proc/nothing/here") }
    }
}
