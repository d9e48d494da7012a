import Foundation
import Testing

/// One input file, and what each of its rows must become.
struct RowCase: Sendable, CustomTestStringConvertible {
    var name: String
    var file: String
    var bytes: [UInt8]
    /// For each line of the output "ok", or the code and line of an error such as "invalid_json 2".
    var rows: [String]
    var status: Int32
    /// What standard error must say.
    var says: [String]

    init(
        _ name: String, file: String = "t.jsonl", _ bytes: [UInt8], _ rows: [String], status: Int32? = nil,
        says: [String] = []
    ) {
        self.name = name
        self.file = file
        self.bytes = bytes
        self.rows = rows
        let isBad = rows.contains { $0 != "ok" }
        self.status = status ?? (isBad ? 65 : 0)
        self.says = isBad ? says + [file] : says
    }

    init(
        _ name: String, file: String = "t.jsonl", _ text: String, _ rows: [String], status: Int32? = nil,
        says: [String] = []
    ) {
        self.init(name, file: file, Array(text.utf8), rows, status: status, says: says)
    }

    var testDescription: String { name }

    static let good = #"{"id":"g","text":"password locked"}"# + "\n"
    static let open = #"{"id":"o","text":"\#(Program.secret) "#

    static func filler(_ count: Int) -> String { String(repeating: "lorem ipsum ", count: count / 12) }
    static let brackets =
        String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
    static let braces = String(repeating: "{\"a\":", count: 100_000)
    static let firstSix = (["id,text"] + (2...6).map { "\($0),good" }).joined(separator: "\n") + "\n"
    static let fiveGood = [String](repeating: "ok", count: 5)

    static let json: [RowCase] = [
        RowCase("an empty file", "", [], status: 66, says: ["t.jsonl: no records"]),
        RowCase("blank lines only", "\n \n\t\n", [], status: 66, says: ["no records"]),
        RowCase("an empty ticket", #"{"id":"a","text":""}"#, ["ok"]),
        RowCase("text that is null", #"{"id":"a","text":null}"#, ["ok"]),
        RowCase(
            "no text column", good + #"{"id":"1","note":"\#(Program.secret)"}"#, ["ok", "invalid_field 2"]),
        RowCase(
            "text that is a list", #"{"id":"a","text":["\#(Program.secret)"]}"# + "\n" + good,
            ["invalid_field 1", "ok"]),
        RowCase(
            "text that is an object", #"{"id":"a","text":{"x":"\#(Program.secret)"}}"#, ["invalid_field 1"]),
        RowCase("an id that is a list", #"{"id":[1],"text":"a"}"#, ["invalid_field 1"]),
        RowCase(
            "no object", good + "5\n\"\(Program.secret)\"\nnull\n[1]\n",
            ["ok", "invalid_json 2", "invalid_json 3", "invalid_json 4", "invalid_json 5"]),
        RowCase("a line cut off", good + open, ["ok", "invalid_json 2"]),
        RowCase("text behind the object", #"{"text":"a"} \#(Program.secret)"#, ["ok", "invalid_json 1"]),
        RowCase("single quotes", "{'text':'\(Program.secret)'}\n" + good, ["invalid_json 1", "ok"]),
        RowCase(
            "bytes that are not UTF-8", Array(open.utf8) + [0xFF, 0xC0, 0x80] + Array("\"}\n\(good)".utf8),
            ["invalid_utf8 1", "ok"]),
        RowCase(
            "UTF-8 cut in a scalar", Array(open.utf8) + [0xE2, 0x82] + Array("\"}\n\(good)".utf8),
            ["invalid_utf8 1", "ok"]),
        RowCase(
            "UTF-16", good.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] },
            ["ok"], says: ["t.jsonl: read as UTF-16 (little-endian)"]),
        RowCase("NUL as an escape", #"{"id":"a\u0000b","text":"a\u0000b"}"#, ["ok"]),
        RowCase(
            "NUL as a byte", Array(open.utf8) + [0] + Array("\"}\n\(good)".utf8), ["invalid_json 1", "ok"]),
        RowCase("a lone surrogate", open + #"\ud800"}"# + "\n" + good, ["invalid_json 1", "ok"]),
        RowCase("a low surrogate first", open + #"\udc00\ud800"}"# + "\n" + good, ["invalid_json 1", "ok"]),
        RowCase("a pair of surrogates", #"{"id":"a","text":"\ud83d\ude00"}"#, ["ok"]),
        RowCase("an unknown escape", open + #"\x41"}"#, ["invalid_json 1"]),
        RowCase(
            "a number out of range", #"{"id":1e999,"text":"\#(Program.secret)"}"# + "\n" + good,
            ["invalid_json 1", "ok"]),
        RowCase("odd numbers", #"{"id":-0,"text":1e308,"x":1E+2,"y":0.5}"#, ["ok"]),
        RowCase(
            "numbers JSON does not have",
            "{\"id\":01,\"text\":\"a\"}\n{\"id\":.5}\n{\"id\":NaN}\n{\"id\":+1}",
            ["invalid_json 1", "invalid_json 2", "invalid_json 3", "invalid_json 4"]),
        RowCase("equal names", #"{"id":"a","id":"b","text":"x","text":"password"}"#, ["ok"]),
        RowCase(
            "a hundred thousand brackets", "\(open)\",\"x\":\(brackets)}\n\(braces)\n\(good)",
            ["invalid_json 1", "invalid_json 2", "ok"]),
        RowCase("a ticket of 10 MB", "\(open)\(filler(10 << 20))\"}\n\(good)", ["ok", "ok"]),
        RowCase(
            "a line of 50 MB", "{\"text\":\"x\",\"pad\":\"\(filler(50 << 20))\"}\n\(good)", ["ok", "ok"]),
        RowCase("a first line over the limit", "\(filler(65 << 20))\n\(good)", ["too_large 1", "ok"]),
        RowCase(
            "a byte order mark and CRLF", "\u{FEFF}" + #"{"id":"a","text":"x"}"# + "\r\n\r\n" + good,
            ["ok", "ok"]),
        RowCase("a JSON list", "[\n" + good + "]\n", ["ok"]),
        RowCase("an answer of an API", file: "t.json", "{\n\"tickets\": [\n" + good + "]\n}\n", ["ok"]),
        RowCase(
            "a JSON list on one line, a record without text in it", file: "t.json",
            "\n[{\"text\":\"\(Program.secret)\"},\n{}]", ["ok", "invalid_field 3"]),
        RowCase(
            "a JSON list that was cut off", file: "t.json",
            "[\(good.dropLast()),{\"text\":\"\(Program.secret)",
            ["ok", "invalid_json 1"]),
    ]

    static let csv: [RowCase] = [
        RowCase("an empty CSV file", file: "t.csv", "", [], status: 66, says: ["t.csv: no records"]),
        RowCase(
            "a header alone", file: "t.csv", "id,text\n", [], status: 66, says: ["t.csv: no records"]),
        RowCase(
            "a header alone without a column of text", file: "t.csv", "id,note\n", [], status: 65,
            says: ["t.csv: line 1 was read as a CSV header of 2 columns", "triage explain"]),
        RowCase(
            "a ticket's bare text", file: "t", "\(Program.secret) is jammed", [], status: 65,
            says: ["t: line 1 was read as a CSV header of 1 column,", "subject, body, text"]),
        RowCase("bare carriage returns", file: "t.csv", "ID,Body\r1,a\r2,b\r", ["ok", "ok"]),
        RowCase(
            "a quote on line 7 that never closes", file: "t.csv",
            firstSix + "7,\"\(Program.secret)\nno row\n9,good",
            fiveGood + ["invalid_csv 7", "invalid_csv 8", "ok"]),
        RowCase(
            "a quote on line 7 before rows", file: "t.csv",
            firstSix + "7,\"\(Program.secret)\n8,good\n9,good", fiveGood + ["ok", "ok", "ok"],
            says: ["t.csv: line 7: a quote opens a value, but the lines behind it are rows"]),
        RowCase(
            "a quote on line 7 that another one closes", file: "t.csv",
            firstSix + "7,\"\(Program.secret)\n8,good\n9,good\n10,\"quoted\"\n11,good\n",
            fiveGood + ["ok", "ok", "ok", "ok", "ok"], says: ["t.csv: line 7: a quote opens a value"]),
        RowCase(
            "text behind a quote", file: "t.csv",
            "id,text\n0,\"x, y\"\n1,\"a\"\(Program.secret)\n2,b\n", ["ok", "invalid_csv 3", "ok"]),
        RowCase(
            "byte order mark, CRLF, quoted line breaks", file: "t.csv",
            "\u{FEFF}id,text\r\n1,\"a\r\nb \"\"c\"\"\"\r\n2,d\r\n", ["ok", "ok"]),
        RowCase(
            "too many cells", file: "t.csv", "id,text\n1,a,\(Program.secret)\n2,b\n", ["invalid_csv 2", "ok"]),
        RowCase(
            "too few cells", file: "t.csv", "id,text\n\(Program.secret)\n2,b\n", ["invalid_csv 2", "ok"]),
        RowCase("a NUL", file: "t.csv", "id,text\n1,a\0b\n", ["ok"]),
        RowCase(
            "not UTF-8", file: "t.csv",
            Array("id,text\n1,\(Program.secret)".utf8) + [0xFF] + Array("\n2,b\n".utf8),
            ["invalid_utf8 2", "ok"]),
        RowCase(
            "Windows-1252", file: "t.csv",
            Array("id,text\n1,\(Program.secret)".utf8) + [0xE9] + Array("\n2,b\n".utf8), ["ok", "ok"],
            says: ["t.csv: read as Windows-1252, since it is not UTF-8"]),
        RowCase(
            "GBK", file: "t.csv",
            Array("id,text\n".utf8)
                + (1...3).flatMap { Array("\($0),".utf8) + [0xC4, 0xE3, 0xBA, 0xC3, 0xA3, 0xAC, 0x0A] }, [],
            status: 65, says: ["t.csv: line 2 and 2 other lines are neither UTF-8 nor Windows-1252", "iconv"]),
        RowCase("a name twice", file: "t.csv", "id,text,id\n1,a,b\n", ["ok"]),
        RowCase("a column without a name", file: "t.csv", "id,,text\n1,a,b\n", ["ok"]),
        RowCase("no column with a name", file: "t.csv", ",\n1,a\n", [], status: 65, says: ["t.csv: line 1"]),
        RowCase(
            "a header that does not close", file: "t.csv", "id,\"text\n1,a\n", [], status: 65,
            says: ["t.csv: line 1"]),
        RowCase(
            "no text column", file: "t.csv", "id,note\n1,\(Program.secret)\n", [], status: 65,
            says: ["t.csv: no column is known as a ticket's text; its columns: id, note", "(--text)"]),
        RowCase("semicolons", file: "t.csv", "id;text\n1;a,b\n", ["ok"]),
    ]
}

struct ClassifyTests {
    private func classify(_ workspace: Workspace, _ words: [String], input: [UInt8] = []) throws -> Outcome {
        try workspace.run(
            ["classify", "--model", TrainedBundle.plain(), "--kb", "none"] + words, input: input)
    }

    @Test(arguments: RowCase.json + RowCase.csv)
    func `each row has its answer in its place`(_ row: RowCase) throws {
        let workspace = try Workspace()
        try workspace.write(row.file, row.bytes)
        let outcome = try classify(workspace, ["--input", row.file])
        let rows = outcome.objects.map { object in
            guard let error = object["error"] as? [String: Any] else {
                return object["category"] == nil ? "?" : "ok"
            }
            #expect((error["message"] as? String ?? "").count > 20)
            return "\(error["code"] ?? "?") \(object["line"] ?? "?")"
        }
        #expect(rows == row.rows)
        #expect(outcome.status == row.status, "\(outcome.errors)")
        for part in row.says { #expect(outcome.errors.contains(part), "\(outcome.errors)") }
    }

    @Test func `--data names the file too`() throws {
        let workspace = try Workspace()
        try workspace.write("t.jsonl", #"{"id":"a","text":"my password is locked"}"#)
        let outcome = try classify(workspace, ["--data", "t.jsonl"])
        #expect(outcome.status == 0 && outcome.objects.first?["id"] as? String == "a", "\(outcome.errors)")
        #expect(outcome.output == (try classify(workspace, ["--input", "t.jsonl"])).output)
    }

    @Test func `reasons and ids of odd tickets`() throws {
        let workspace = try Workspace()
        let rows = [
            #"{"id":"empty","text":" \n"}"#, #"{"id":123456789012345678901,"text":"password"}"#,
            #"{"id":"x","id":"last","text":"password"}"#, #"{"id":[1],"text":"password"}"#,
            #"{"id":"long","text":"\#(String(repeating: "password ", count: 10_000))"}"#,
        ]
        let objects = try classify(workspace, [], input: Array(rows.joined(separator: "\n").utf8)).objects
        func reasons(_ index: Int) -> [String] {
            let predictions = objects[index]["predictions"] as? [String: [String: Any]]
            return predictions?["category"]?["reasons"] as? [String] ?? []
        }
        try #require(objects.count == rows.count)
        #expect(
            objects.map { $0["id"] as? String } == ["empty", "123456789012345678901", "last", nil, "long"])
        #expect(reasons(0).contains("EMPTY"))
        #expect(reasons(4).contains("TRUNCATED"))
        #expect(!reasons(2).contains("TRUNCATED"))
    }

    @Test(arguments: ["explain", "search"])
    func `other commands say what they could not read, too`(command: String) throws {
        let workspace = try Workspace()
        try workspace.write("kb/a.md", BadKnowledgeBase.article("K1"))
        let words =
            [command, "--kb", "kb", "--input", "-"]
            + (command == "explain" ? ["--model", try TrainedBundle.plain()] : [])
        let empty = try workspace.run(words)
        #expect(empty.status == 66 && empty.errors.contains("standard input: no records"))
        let bare = try workspace.run(words, input: Array("\(Program.secret) is jammed\n".utf8))
        #expect(bare.status == 65 && bare.errors.contains("CSV header of 1 column"))
    }

    @Test(arguments: [
        (["classify", "--table", "--explain"], "no room for explanations"),
        (["classify", "--text", ""], "--text takes names"),
        (
            ["classify", "--fields", "category,labl"],
            "an answer has no such member; it has summary, category"
        ),
        (["classify", "--fields", ","], "--fields takes names"),
        (["classify", "--fields", "category", "--csv"], "leave out --csv"),
        (["classify", "--fields", "category", "--explain"], "--explain needs explanation"),
        (["classify", "--bad-rows", "skip"], "'--bad-rows <fail|keep>'"),
        (["models", "show", "a", "--model", "b"], "Name one bundle"),
    ])
    func `an option that could only be ignored is refused`(words: [String], sentence: String) throws {
        let outcome = try Workspace().run(words)
        #expect(outcome.status == 64)
        #expect(outcome.errors.contains(sentence), "\(outcome.errors)")
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/script"), "needs script"))
    func `a table fits 80 columns, wide characters counted as two`() throws {
        let workspace = try Workspace()
        try workspace.write("t.jsonl", #"{"id":"A票票票票票票","text":"password locked"}"#)
        let model = try TrainedBundle.plain()
        let outcome = try workspace.shell(
            "script -qec 'stty cols 80; $TRIAGE classify --model \(model) --kb none --input t.jsonl' /dev/null"
        )
        let lines = outcome.text.replacingOccurrences(of: "\r", with: "").split(separator: "\n")
        try #require(lines.count == 2, "\(outcome.text)")
        #expect(lines[0] == "ID         CATEGORY          LEVEL   SEVERITY       LEVEL   KNOWN ISSUE")
        // Ids differ at their end, so that is what stays.
        #expect(lines[1].hasPrefix("…票票票票  Login "))
    }

    @Test func `a batch may keep bad rows and have no row, and answers may be compact`() throws {
        let workspace = try Workspace()
        let batch = ["--bad-rows", "keep", "--fields", "severity, category"]
        let rows = RowCase.good + "{\n" + RowCase.good
        let outcome = try classify(workspace, batch, input: Array(rows.utf8))
        #expect(
            outcome.status == 0 && outcome.errors.contains("1 of 3 rows could not be read"),
            "\(outcome.errors)")
        #expect(!outcome.errors.contains("run again"))
        try #require(outcome.objects.count == 3)
        #expect(Set(outcome.objects[0].keys) == ["id", "category", "severity", "model"])
        #expect(Set(outcome.objects[1].keys) == ["id", "line", "error"])
        #expect(outcome.objects[2]["category"] as? String == "Login")
        let hash = (outcome.objects[0]["model"] as? [String: Any])?["sha256"] as? String
        #expect(hash?.count == 64)
        let none = try classify(workspace, batch)
        #expect(none.status == 0 && none.output.isEmpty, "\(none.errors)")
    }

    @Test func `an empty input is no input, and leaves no output`() throws {
        let workspace = try Workspace()
        try workspace.write("t.csv", "")
        for words in [["--output", "a.jsonl"], ["--input", "t.csv", "--output", "a.csv"], ["--csv"]] {
            let outcome = try classify(workspace, words)
            #expect(outcome.status == 66 && outcome.output.isEmpty, "\(words)")
            #expect(outcome.errors.contains("no records; give JSON Lines"), "\(outcome.errors)")
        }
        #expect(try workspace.names() == ["t.csv"])
    }

    @Test(arguments: [
        ("gone.jsonl", 66, "gone.jsonl: no such file"),
        ("folder", 66, "folder: the folder has no mail; name a maildir"),
        ("t.jsonl/x", 66, "t.jsonl/x: no such file"),
    ])
    func `what is no file is said`(input: String, status: Int32, sentence: String) throws {
        let workspace = try Workspace()
        try workspace.write("folder/t.jsonl", "")
        try workspace.write("t.jsonl", RowCase.good)
        let outcome = try classify(workspace, ["--input", input])
        #expect(outcome.status == status)
        #expect(outcome.errors.contains(sentence), "\(outcome.errors)")
    }

    @Test(arguments: [["classify", "--table"], ["explain", "--input", "-"]])
    func `no control characters of the input are shown`(words: [String]) throws {
        let workspace = try Workspace()
        let row = #"{"id":"a\u001b[2J\nb\u202e","text":"password locked"}"#
        let outcome = try workspace.run(
            words + ["--model", TrainedBundle.plain(), "--kb", "none"], input: Array(row.utf8))
        #expect(outcome.status == 0)
        if words.contains("--table") { #expect(outcome.text.split(separator: "\n").count == 2) }
        #expect(!outcome.output.contains(0x1B))
        #expect(!outcome.text.unicodeScalars.contains("\u{202E}"))
    }
}
