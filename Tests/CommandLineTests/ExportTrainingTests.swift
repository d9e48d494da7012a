import Foundation
import Testing

/// Training on exports as they come: labels as a list, texts in a second file, dates as spreadsheets write them.
struct ExportTrainingTests {
    private static let kinds = [
        ("Login", "password login locked"), ("Billing", "invoice refund charged"),
        ("Bug", "crash error broken"),
    ]
    /// Texts and labels of 48 tickets.
    private static let tickets = (0..<48).map { number in
        (
            id: "A\(number)", label: kinds[number % 3].0,
            text: "\(kinds[number % 3].1) number \(number) please \(["today", "again"][number % 2])"
        )
    }

    private func train(_ files: [String: String], _ more: [String]) throws -> (Workspace, Outcome) {
        let workspace = try Workspace()
        for (name, text) in files { try workspace.write(name, text) }
        let data = files.keys.sorted().flatMap { ["--data", $0] }
        let words =
            ["train"] + data + ["--fixed", "--bits", "8", "--embedding", "none", "--output", "m"]
        return (workspace, try workspace.run(words + more))
    }

    @Test func `an export whose one column of labels is a list teaches tags without an option`()
        throws
    {
        let issues = Self.tickets.enumerated().map { number, ticket in
            #"{"number":\#(number),"title":"\#(ticket.text)","body":"It fails","html_url":"https://x.example.org/\#(number)","#
                + #""state":"open","user":{"login":"u\#(number)"},"labels":[{"name":"\#(ticket.label)"}],"#
                + #""created_at":"2025-03-04T08:15:00Z","comments":0}"#
        }
        let (workspace, outcome) = try train(
            ["issues.json": "[\(issues.joined(separator: ",\n"))]"], [])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(
            outcome.errors.contains("issues.json: tags: labels, the one column of labels"),
            "\(outcome.errors)")
        let manifest = try String(contentsOfFile: workspace.file("m/manifest.json"), encoding: .utf8)
        #expect(manifest.contains("\"labels\"") && manifest.contains("Billing"))
    }

    @Test func `a table without text is trained with the texts of a second file`() throws {
        let table = "Number,Category\n" + Self.tickets.map { "\($0.id),\($0.label)\n" }.joined()
        let texts = Self.tickets.reversed().map { #"{"id":"\#($0.id)","body":"\#($0.text)"}"# }
        let (workspace, outcome) = try train(
            ["a.csv": table, "b.jsonl": texts.joined(separator: "\n")], ["--label", "Category"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(
            outcome.errors.contains(
                "a.csv: without a column of text; the texts are those of b.jsonl, by id"))
        try workspace.write("t.jsonl", #"{"text":"the invoice was charged twice"}"# + "\n")
        let answer = try workspace.run([
            "classify", "--model", "m", "--kb", "none", "--input", "t.jsonl",
        ])
        #expect(answer.text.contains(#""Category":{"label":"Billing""#), "\(answer.text)")
    }

    @Test func `training and evaluation tell how a join went, and count its bad rows`() throws {
        let table = "Number,Category\nZ1,Login\n" + Self.tickets.map { "\($0.id),\($0.label)\n" }.joined()
        let texts = Self.tickets.map { #"{"id":"\#($0.id)","body":"\#($0.text)"}"# } + ["{broken"]
        let files = ["a.csv": table, "b.jsonl": texts.joined(separator: "\n")]
        let (workspace, outcome) = try train(files, ["--label", "Category"])
        #expect(outcome.errors.contains("48 of 49 rows of a.csv found a text by id"), "\(outcome.errors)")
        #expect(outcome.errors.contains("b.jsonl: line 49"), "\(outcome.errors)")
        let measured = try workspace.run(["evaluate", "--model", "m", "--data", "a.csv", "--data", "b.jsonl"])
        #expect(measured.errors.contains("48 of 49 rows of a.csv found a text by id"), "\(measured.errors)")
        #expect(measured.errors.contains("b.jsonl: line 49") && measured.status == 65, "\(measured.errors)")
    }

    @Test func `a row with a subcategory and no category is a bad row of evaluation too`() throws {
        let rows = Self.tickets.enumerated().map { "\($1.id),\($1.text),\($1.label),part \($0 % 2)\n" }
        let header = "id,body,category,subcategory\n"
        let (workspace, outcome) = try train(
            ["t.csv": header + rows.joined()], ["--tree", "category,subcategory"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        try workspace.write("e.csv", header + rows.joined() + "X1,the invoice was lost,,part 1\n")
        let gap = try workspace.run(["evaluate", "--model", "m", "--data", "e.csv"])
        #expect(
            gap.status == 65 && gap.errors.contains("e.csv: line 50: it has a value of \"subcategory\""),
            "\(gap.errors)")
        try workspace.write("c.csv", "id,body,category\nX1,the invoice was lost,Billing\n")
        let short = try workspace.run(["evaluate", "--model", "m", "--data", "c.csv"])
        #expect(short.status == 65 && short.errors.contains("subcategory"), "\(short.errors)")
    }

    /// Rows whose days are written by a function of the row's number.
    private func dated(_ day: (Int) -> String) -> String {
        "Subject,Category,Opened\n"
            + Self.tickets.enumerated().map { "\($1.text),\($1.label),\(day($0))\n" }.joined()
    }

    @Test func `rows are split by dates as spreadsheets write them`() throws {
        let options = ["--label", "Category", "--time", "Opened", "--text", "Subject"]
        let (_, german) = try train(
            ["t.csv": dated { "\($0 % 28 + 1).\($0 / 28 + 1).2025 08:15" }], options)
        #expect(german.status == 0, "\(german.errors)")
        let (_, shown) = try train(["t.csv": dated { "\($0 / 28 + 1)/\($0 % 28 + 1)/2025" }], options)
        #expect(shown.status == 0, "\(shown.errors)")
        let (_, unclear) = try train(["t.csv": dated { "\($0 / 12 + 1)/\($0 % 12 + 1)/2025" }], options)
        #expect(unclear.status == 65, "\(unclear.errors)")
        #expect(
            unclear.errors.contains("in which day and month can be read two ways"), "\(unclear.errors)")
    }
}
