import Foundation
import Testing
import TriageData

/// A spreadsheet as a strict reader of RFC 4180 sees it: names of columns, and rows of cells.
private struct Sheet {
    var names: [String] = []
    var rows: [[String]] = []

    init(_ bytes: [UInt8]) throws {
        try #require(bytes.starts(with: [0xEF, 0xBB, 0xBF]), "no byte order mark")
        let records = try Sheet.records(String(decoding: bytes.dropFirst(3), as: UTF8.self).unicodeScalars)
        (names, rows) = (records.first ?? [], Array(records.dropFirst()))
        #expect(rows.allSatisfy { $0.count == names.count }, "\(names.count) columns")
    }

    subscript(row: Int, column: String) -> String {
        guard let place = names.firstIndex(of: column), rows.indices.contains(row) else {
            return "no \(column)"
        }
        return rows[row][place]
    }

    func column(_ name: String) -> [String] { rows.indices.map { self[$0, name] } }

    private static func records(_ text: String.UnicodeScalarView) throws -> [[String]] {
        var records: [[String]] = []
        var (record, cell, isQuoted) = ([String](), String.UnicodeScalarView(), false)
        var previous: Unicode.Scalar?
        for scalar in text {
            switch scalar {
            case "\"":
                if !isQuoted, previous == "\"" { cell.append(scalar) }
                isQuoted.toggle()
            case _ where isQuoted: cell.append(scalar)
            case ",":
                record.append(String(cell))
                cell = String.UnicodeScalarView()
            case "\r": break
            case "\n":
                try #require(previous == "\r", "a line that ends without CR")
                records.append(record + [String(cell)])
                (record, cell) = ([], String.UnicodeScalarView())
            default: cell.append(scalar)
            }
            previous = scalar
        }
        #expect(cell.isEmpty && record.isEmpty && !isQuoted, "the last record has no end")
        return records
    }
}

/// Answers that open in a spreadsheet.
struct SpreadsheetTests {
    private func workspace() throws -> Workspace {
        let workspace = try Workspace()
        try workspace.write("kb/a.md", BadKnowledgeBase.article("K1"))
        return workspace
    }

    private func classify(_ workspace: Workspace, _ words: [String], input: String = "") throws -> Outcome {
        try workspace.run(
            ["classify", "--model", TrainedBundle.plain(), "--kb", "kb"] + words, input: Array(input.utf8))
    }

    private static let export = """
        id,text
        A-1,"password locked, please
        help"

        =cmd|' /C calc'!A0,"she said ""refund"" the invoice"
        A-3,"\(Program.secret)
        -0.5,crash error
        """

    @Test func `classify writes a row a ticket, in order, with the field's answers in words`() throws {
        let workspace = try workspace()
        try workspace.write("t.csv", SpreadsheetTests.export)
        let outcome = try classify(workspace, ["--input", "t.csv", "--output", "decided.CSV"])
        #expect(outcome.status == 65 && outcome.output.isEmpty, "\(outcome.errors)")
        let sheet = try Sheet(workspace.bytes("decided.CSV"))
        #expect(sheet.names.first == "id" && sheet.names.last == "error")
        #expect(sheet.column("id") == ["A-1", "'=cmd|' /C calc'!A0", "", "'-0.5"])
        #expect(sheet.column("category") == ["Login", "Billing", "", "Bug"])
        #expect(sheet[0, "severity"] == "High" && sheet[0, "severity level"] != "")
        #expect(sheet[0, "category level"] == "suggest" || sheet[0, "category level"] == "review")
        #expect(sheet[0, "category reason"].hasSuffix("."), "\(sheet[0, "category reason"])")
        #expect(Double(sheet[0, "category probability"]).map { $0 > 0.3 && $0 <= 1 } ?? false)
        #expect(Double(sheet[0, "known probability"]) != nil && sheet[0, "next action"] != "")
        #expect(sheet[0, "category words"].split(separator: ", ").contains { "password locked".contains($0) })
        #expect(sheet.column("error").map { $0.isEmpty } == [true, true, false, true])
        #expect(sheet[2, "error"].hasPrefix("line 6: "), "\(sheet[2, "error"])")
        #expect(!sheet[2, "error"].contains(Program.secret))
    }

    @Test func `a severity that a floor raised has no probability and no words of the model`() throws {
        let workspace = try workspace()
        try workspace.write(
            "kb/playbook.yaml", "floors:\n  - {id: r, raise_to: Critical, any: [ransomware]}\n")
        let ticket = #"{"text":"invoice refund charged ransomware"}"#
        let sheet = try Sheet(classify(workspace, ["--csv"], input: ticket).output)
        #expect(sheet[0, "severity"] == "High" && sheet[0, "severity level"] == "review")
        #expect(sheet[0, "severity probability"] == "" && sheet[0, "severity words"] == "")
        #expect(sheet[0, "severity reason"].contains("safety floor") && sheet[0, "notes"].contains("raised"))
        #expect(sheet[0, "category words"] != "")
    }

    @Test func `standard output takes a spreadsheet, JSON Lines keep a name that ends in csv`() throws {
        let workspace = try workspace()
        let sheet = try Sheet(classify(workspace, ["--csv"], input: RowCase.good).output)
        #expect(sheet.column("id") == ["g"] && sheet[0, "error"] == "")
        let sets = try classify(workspace, ["--csv", "--label-sets", "90%"], input: RowCase.good)
        #expect(sets.status != 64, "\(sets.errors)")
        let lines = try classify(workspace, ["--json", "--output", "x.csv"], input: RowCase.good)
        #expect(lines.status == 0)
        #expect(String(decoding: try workspace.bytes("x.csv"), as: UTF8.self).hasPrefix("{\"summary\""))
        for words in [["--csv", "--json"], ["--csv", "--table"], ["--csv", "--explain"]] {
            #expect(try classify(workspace, words, input: RowCase.good).status == 64, "\(words)")
        }
    }

    @Test func `search writes a row an article, and one for a question that cannot be read`() throws {
        let workspace = try workspace()
        try workspace.write("kb/b.md", BadKnowledgeBase.article("=K2"))
        try workspace.write("q.csv", "id,text\nq1,password\nq2,x,y\nq3,\n")
        let outcome = try workspace.run(["search", "--kb", "kb", "--input", "q.csv", "--csv", "--top", "2"])
        #expect(outcome.status == 65, "\(outcome.errors)")
        let sheet = try Sheet(outcome.output)
        #expect(Set(sheet.column("question id")) == ["q1", "", "q3"])
        #expect(sheet[0, "rank"] == "1" && sheet[0, "row"] == "2" && sheet[0, "article id"].contains("K"))
        #expect(sheet.column("article id").contains("'=K2"), "\(sheet.column("article id"))")
        #expect(sheet.column("error").count { !$0.isEmpty } == 1)
        let one = try workspace.run(["search", "--kb", "kb", "--output", "one.csv", "password"])
        #expect(one.status == 0 && one.text.isEmpty)
        #expect(try Sheet(workspace.bytes("one.csv"))[0, "title"] == sheet[0, "title"])
    }

    /// A ticket of two lines and a blank line move lines and rows apart.
    @Test(arguments: ["x.tsv", "x.XLSX", "a.b/x.ods"])
    func `the name of another kind of table is refused and the right one named`(name: String) throws {
        let workspace = try workspace()
        for command in [["classify", "--model", try TrainedBundle.plain()], ["search"]] {
            let outcome = try workspace.run(command + ["--kb", "kb", "--output", name, "password"])
            #expect(outcome.status == 64 && outcome.errors.contains("CSV; name the --output"))
            #expect(outcome.errors.contains(".csv"))
        }
    }

    @Test func `audit names the row of the spreadsheet, the line and the id`() throws {
        let workspace = try workspace()
        let kinds = [
            ("Login", "password login account locked"), ("Billing", "invoice refund charged payment"),
            ("Bug", "crash error broken exception"),
        ]
        var rows = (0..<90).map { number in
            let (label, words) = kinds[number % 3]
            let picked = words.split(separator: " ").enumerated().filter { $0.offset != number % 4 }
                .map { String($0.element) }.joined(separator: " ")
            return "t\(number),\"\(picked)\nw\(number * 37 % 101)\",\(label)"
        }
        rows[40] = rows[40].replacing(",Billing", with: ",Bug")
        rows[9] = "\n" + rows[9]
        try workspace.write("t.csv", "id,text,category\n" + rows.joined(separator: "\n") + "\n")
        let audit = ["audit", "--data", "t.csv", "--label", "category", "--embedding", "none"]
        let outcome = try workspace.run(audit + ["--csv", "--html", "a.html"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        let sheet = try Sheet(outcome.output)
        #expect(sheet[0, "id"] == "t40" && sheet[0, "row"] == "43" && sheet[0, "line"] == "83")
        #expect(sheet[0, "label"] == "Bug" && sheet[0, "suggested label"] == "Billing")
        #expect(sheet[0, "file"] == "t.csv" && !sheet[0, "words for the suggested label"].isEmpty)
        #expect(Double(sheet[0, "probability"]) != nil)
        #expect(outcome.errors.contains("row 43, id t40: Bug, likelier Billing"), "\(outcome.errors)")
        let page = String(decoding: try workspace.bytes("a.html"), as: UTF8.self)
        #expect(page.contains("row 43, id t40"))
        let line = try #require(try workspace.run(audit).objects.first)
        #expect(line["spreadsheet_row"] as? Int == 43 && line["row"] as? String == "t.csv:83")
    }
}

/// One ticket as an argument, and one of a file.
struct OneTicketTests {
    private let model: [String]
    private let workspace: Workspace

    init() throws {
        workspace = try Workspace()
        model = ["--model", try TrainedBundle.plain(), "--kb", "none"]
    }

    @Test func `classify decides a ticket of the command line as it does a row`() throws {
        let one = try workspace.run(["classify"] + model + ["password", "login", "locked"])
        let row = try workspace.run(
            ["classify"] + model, input: Array(#"{"text":"password login locked"}"#.utf8))
        #expect(one.status == 0 && one.output == row.output && one.objects.count == 1)
        let both = try workspace.run(["classify", "--input", "-"] + model + ["password"])
        #expect(both.status == 64 && both.errors.contains("one ticket as an argument, or a file"))
    }

    @Test(arguments: ["classify", "explain", "draft"])
    func `the name of a file is not decided as a ticket`(command: String) throws {
        try workspace.write("t.csv", "id,text\n1,password\n")
        let outcome = try workspace.run([command] + model + ["t.csv"])
        #expect(outcome.status == 64 && outcome.errors.contains("give it with --input"), "\(outcome.errors)")
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/script"), "needs script"))
    func `a terminal shows one ticket's answer as lines to read`() throws {
        let outcome = try workspace.shell(
            "script -qec '$TRIAGE classify --model \(model[1]) --kb none password login locked' /dev/null")
        #expect(outcome.text.contains("category: Login  "), "\(outcome.text)")
        #expect(outcome.text.contains("severity: High  ") && outcome.text.contains("next action: "))
        #expect(outcome.text.contains("  words: ") && !outcome.text.contains("UNCALIBRATED"))
    }

    @Test func `explain picks the ticket with an id, and refuses an id that is not there`() throws {
        try workspace.write("t.csv", "id,text\n007,password locked\nx,\"\n7,invoice refund\n")
        let found = try workspace.run(["explain"] + model + ["--input", "t.csv", "--id", "007"])
        #expect(found.status == 0 && found.text.hasPrefix("ticket 007\n"), "\(found.errors)")
        #expect(!found.text.contains("ticket 7") && found.errors == "triage: t.csv: text: text; id: id\n")
        let gone = try workspace.run(["explain"] + model + ["--input", "t.csv", "--id", "8"])
        #expect(gone.status == 66 && gone.errors.contains("no ticket has the id 8"), "\(gone.errors)")
        try workspace.write("n.jsonl", "{\"text\":\"password\"}\n")
        let none = try workspace.run(["explain"] + model + ["--input", "n.jsonl", "--id", "8"])
        #expect(none.status == 66 && none.errors.contains("no row has an id"), "\(none.errors)")
        #expect(try workspace.run(["explain"] + model + ["--id", "8", "password"]).status == 64)
    }

    @Test func `a table shows each field with its own level, also those without a column`() throws {
        let rows = (0..<60).map { number in
            let kind = number % 3
            let words = ["password login locked", "invoice refund charged", "crash error broken"][kind]
            let extra = (0..<4).map { #""field\#($0)":"\#(["One", "Two", "Three"][(kind + $0) % 3])""# }
            return #"{"text":"\#(words) \#(number)","category":"K\#(kind)",\#(extra.joined(separator: ","))}"#
        }
        try workspace.write("t.jsonl", rows.joined(separator: "\n"))
        let fields = ["category"] + (0..<4).map { "field\($0)" }
        let trained = try workspace.run(
            ["train", "--data", "t.jsonl", "--fixed", "--embedding", "none", "--bits", "8", "--output", "m"]
                + fields.flatMap { ["--label", $0] })
        try #require(trained.status == 0, "\(trained.errors)")
        let outcome = try workspace.run(
            ["classify", "--model", "m", "--kb", "none", "--table"], input: Array(RowCase.good.utf8))
        let levels =
            outcome.text.components(separatedBy: "suggest").count - 1
            + outcome.text.components(separatedBy: "review").count - 1
        #expect(levels == fields.count, "\(outcome.text)")
        #expect(outcome.text.contains("field3: "), "\(outcome.text)")
        #expect(outcome.text.split(separator: "\n").allSatisfy { $0.count <= 120 })
    }

    @Test(arguments: ["95%", "precision=95%", "precision=0.95", "0,95", "95 %"])
    func `a share may be written as people do`(target: String) throws {
        try TrainedBundle.copy(into: workspace)
        let outcome = try workspace.run(["models", "tune", "plain", "--target", target])
        #expect(!outcome.errors.contains("--target takes"), "\(outcome.errors)")
        #expect(outcome.status != 64)
    }

    @Test(arguments: ["95", "precision=95", "recall=95%", "0%", "100%", ""])
    func `a target that is none is refused with an example`(target: String) throws {
        let outcome = try workspace.run(["models", "tune", "plain", "--target", target])
        #expect(outcome.status == 64 && outcome.errors.contains("such as precision=0.95 or 95%"))
    }
}
