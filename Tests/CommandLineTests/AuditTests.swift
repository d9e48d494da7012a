import Foundation
import Testing

/// `audit` finds labels that were changed, and says so without a ticket's text on the screen.
struct AuditTests {
    private static let words = [
        "password login account locked reset sign", "invoice refund charged payment fee price",
        "crash error broken fails exception wrong",
    ].map { $0.split(separator: " ") }
    private static let labels = ["Login", "Billing", "Bug"]

    /// 240 tickets, every 24th with the next label.
    private func tickets() -> String {
        (0..<240).map { number in
            let kind = number % 3
            let list = AuditTests.words[kind]
            let picked = (0..<4).map { list[number * (31 + 7 * $0) % 97 % 6] }.joined(separator: " ")
            let label = AuditTests.labels[(kind + (number % 24 == 0 ? 1 : 0)) % 3]
            return
                #"{"id":"t\#(number)","text":"\#(picked) \#(Program.secret) w\#(number * 37 % 101)","category":"\#(label)"}"#
        }.joined(separator: "\n")
    }

    private func audit(_ workspace: Workspace, _ more: [String] = []) throws -> Outcome {
        try workspace.run(
            ["audit", "--data", "t.jsonl", "--label", "category", "--embedding", "none"] + more)
    }

    @Test func `changed labels come first, with the words that speak for either`() throws {
        let workspace = try Workspace()
        try workspace.write("t.jsonl", tickets())
        let outcome = try audit(workspace, ["--html", "a.html"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        let first = outcome.objects.prefix(10)
        let found = first.compactMap { ($0["id"] as? String).flatMap { Int($0.dropFirst()) } }
        #expect(found.count == 10 && found.allSatisfy { $0 % 24 == 0 }, "\(found)")
        let row = try #require(first.first)
        #expect(row["likely_wrong"] as? Bool == true)
        #expect(row["label"] as? String == "Billing" && row["suggested"] as? String == "Login")
        #expect((row["words_for_suggested"] as? [String])?.isEmpty == false)
        #expect((row["agreeing"] as? [[String: Any]])?.count == 3)
        #expect(outcome.errors.contains("category: 240 rows, 3 labels"))
        #expect(!outcome.errors.contains(Program.secret))
        let page = String(decoding: try workspace.bytes("a.html"), as: UTF8.self)
        #expect(page.contains("Rows whose label is in doubt"))
        let wrong = outcome.objects.count { $0["likely_wrong"] as? Bool == true }
        #expect(wrong > 0 && page.components(separatedBy: "\">yes</td>").count == wrong + 1)
        // On a narrow screen each row is a block, with the column's name before each cell.
        #expect(page.contains("<table class=\"stack\">") && page.contains("data-name=\"Likelier\">"))
        #expect(!page.contains("http:") && !page.contains("https:"))
    }

    /// Labels that have little to do with the text: the model knows a third of them.
    @Test func `a weak model's disagreement is not called wrong labels`() throws {
        let workspace = try Workspace()
        let rows = (0..<240).map { number in
            let kind = number % 3
            let list = AuditTests.words[kind]
            let picked = (0..<4).map { list[number * (31 + 7 * $0) % 97 % 6] }.joined(separator: " ")
            let label = AuditTests.labels[(kind + number * number * 7 / 11) % 3]
            return #"{"id":"t\#(number)","text":"\#(picked) w\#(number * 37 % 101)","category":"\#(label)"}"#
        }
        try workspace.write("t.jsonl", rows.joined(separator: "\n"))
        let outcome = try audit(workspace, ["--html", "a.html"])
        #expect(outcome.status == 0)
        #expect(
            outcome.errors.contains(
                "how many labels are wrong is not estimated: held-out answers of the model agree with"),
            "\(outcome.errors)")
        #expect(!outcome.errors.contains("so perhaps") && !outcome.errors.contains("probably wrong"))
        #expect(outcome.objects.allSatisfy { $0["likely_wrong"] is NSNull } && !outcome.objects.isEmpty)
        let sheet = try audit(workspace, ["--csv"]).text
        #expect(!sheet.contains(",yes,") && !sheet.contains(",no,"), "\(sheet.prefix(400))")
        let page = String(decoding: try workspace.bytes("a.html"), as: UTF8.self)
        #expect(!page.contains("\">yes</td>") && page.contains("is not estimated"))
    }

    @Test func `a model of one field names the label`() throws {
        let workspace = try Workspace()
        try workspace.write("t.jsonl", tickets())
        let fields = try [
            "audit", "--data", "t.jsonl", "--model", TrainedBundle.plain(), "--embedding", "none",
        ]
        let outcome = try workspace.run(fields)
        #expect(
            outcome.status == 64 && outcome.errors.contains("name the one to audit with --label"),
            "\(outcome.errors)")
        let train = ["train", "--data", "t.jsonl", "--label", "category", "--embedding", "none", "--fixed"]
        #expect(try workspace.run(train + ["--output", "m"]).status == 0)
        let one = try workspace.run(["audit", "--data", "t.jsonl", "--model", "m", "--embedding", "none"])
        #expect(one.status == 0 && one.errors.contains("category: 240 rows, 3 labels"), "\(one.errors)")
        let card = String(decoding: try workspace.bytes("m/MODEL_CARD.md"), as: UTF8.self)
        #expect(card.contains("Its text was read from the columns text, its id from id."), "\(card)")
        let none = try workspace.run(["audit", "--data", "t.jsonl"])
        #expect(none.status == 64 && none.errors.contains("--label"))
    }

    @Test func `two audits give the same bytes`() throws {
        let workspace = try Workspace()
        try workspace.write("t.jsonl", tickets())
        let one = try audit(workspace, ["--threads", "1"])
        #expect(one.output == (try audit(workspace, ["--threads", "2"])).output)
    }

    @Test(arguments: [
        ("", Int32(66), "no records"), (#"{"text":"x","category":"A"}"#, 65, "training requires two labels"),
        (#"{"text":"x","team":"A"}"#, 65, "column \"category\""), ("{", 65, "line 1"),
    ])
    func `what cannot be audited is refused`(text: String, status: Int32, says: String) throws {
        let workspace = try Workspace()
        try workspace.write("t.jsonl", text)
        let outcome = try audit(workspace)
        #expect(outcome.status == status)
        #expect(outcome.errors.contains(says), "\(outcome.errors)")
    }

    /// Near-duplicates are held out together, and then nobody else has their label.
    @Test(arguments: [["help me with this"], ["printer is broken today", "invoice was charged twice"]])
    func `where no row can be judged, that is said and no label is doubted`(texts: [String]) throws {
        let workspace = try Workspace()
        try workspace.write(
            "t.jsonl",
            (0..<20).map { #"{"text":"\#(texts[$0 % texts.count])","category":"\#($0 % 2)"}"# }.joined(
                separator: "\n"))
        let outcome = try audit(workspace)
        #expect(outcome.status == 0 && outcome.errors.contains("no label could be judged"))
        #expect(!outcome.errors.contains("measured above") && !outcome.errors.contains("accuracy"))
        #expect(!outcome.text.contains(#""likely_wrong":true"#))
        #expect(
            outcome.errors.contains(texts.count == 1 ? ": 1 group\n" : ": 0 groups\n"), "\(outcome.errors)")
        #expect(outcome.errors.contains("0 pairs of labels"))
    }

    @Test func `few rows, a label with one row and a group that no row has are no crash`() throws {
        let workspace = try Workspace()
        try workspace.write(
            "t.jsonl",
            (0..<6).map { #"{"text":"help with \#($0)","category":"\#($0 / 5)"}"# }.joined(separator: "\n"))
        let outcome = try audit(workspace)
        #expect(outcome.status == 0 && !outcome.errors.lowercased().contains("nan"), "\(outcome.errors)")
        #expect(try audit(workspace, ["--group", "team"]).status == 64)
    }
}
