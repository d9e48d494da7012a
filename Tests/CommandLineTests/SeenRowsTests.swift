import Foundation
import Testing

/// `evaluate` finds rows that the model was trained on, and presents no memory as accuracy.
struct SeenRowsTests {
    private static let words = [
        "password login account locked reset sign", "invoice refund charged payment fee price",
        "crash error broken fails exception wrong",
    ].map { $0.split(separator: " ") }
    private static let labels = ["Login", "Billing", "Bug"]

    private func row(_ number: Int) -> (subject: String, body: String, label: String) {
        let kind = number % 3
        let list = SeenRowsTests.words[kind]
        let picked = (0..<4).map { list[number * (31 + 7 * $0) % 97 % 6] }.joined(separator: " ")
        return (
            "Ticket \(number)", "\(picked) since \(number * 37 % 101) from Ann.Lee@example.com",
            SeenRowsTests.labels[kind]
        )
    }

    private func json(_ rows: Range<Int>) -> String {
        rows.map {
            let row = row($0)
            return
                #"{"id":"t\#($0)","subject":"\#(row.subject)","body":"\#(row.body)","category":"\#(row.label)"}"#
        }.joined(separator: "\n") + "\n"
    }

    /// The same tickets as a spreadsheet has them: one column of text, other case and spaces, semicolons.
    private func csv(_ rows: Range<Int>) -> String {
        "category;text\r\n"
            + rows.map {
                let row = row($0)
                return "\(row.label);\"\(row.subject.uppercased()):\r\n\r\n\(row.body)  \"\r\n"
            }.joined()
    }

    private func trained(_ rows: Range<Int>) throws -> Workspace {
        let workspace = try Workspace()
        try workspace.write("train.jsonl", json(rows))
        let outcome = try workspace.run([
            "train", "--data", "train.jsonl", "--label", "category", "--embedding", "none", "--fixed",
            "--calibrate", "--bits", "10", "--target", "precision=0.9", "--output", "m",
        ])
        try #require(outcome.status == 0, "\(outcome.errors)")
        return workspace
    }

    private func evaluate(_ workspace: Workspace, _ more: [String]) throws -> Outcome {
        let outcome = try workspace.run(["evaluate", "--model", "m"] + more)
        #expect(outcome.status == 0, "\(outcome.errors)")
        return outcome
    }

    /// Labels that have nothing to do with the text can only be remembered.
    @Test func `rows that are answered far better than held-out ones are questioned`() throws {
        let workspace = try Workspace()
        func rows(_ start: String) -> String {
            (0..<150).map {
                #"{"text":"\#(start)w\#($0 * 37) x\#($0 * 53) y\#($0 * 71)","category":"\#(Self.labels[$0 * $0 / 7 % 3])"}"#
            }.joined(separator: "\n")
        }
        try workspace.write("train.jsonl", rows(""))
        try workspace.write("changed.jsonl", rows("Hi team, "))
        let outcome = try workspace.run([
            "train", "--data", "train.jsonl", "--label", "category", "--embedding", "none", "--fixed",
            "--calibrate",
            "--output", "m",
        ])
        try #require(outcome.status == 0, "\(outcome.errors)")
        let changed = try evaluate(workspace, ["--data", "changed.jsonl"]).text
        #expect(changed.contains("these may be rows of the training data with small changes"), "\(changed)")
        let other = try trained(0..<150)
        try other.write("new.jsonl", json(150..<300))
        #expect(!(try evaluate(other, ["--data", "new.jsonl"])).text.contains("small changes"))
    }

    @Test func `the training file itself is answered by a warning first, in any form of file`() throws {
        let workspace = try trained(0..<150)
        try workspace.write("same.csv", csv(0..<150))
        for file in ["train.jsonl", "same.csv"] {
            let outcome = try evaluate(workspace, ["--data", file, "--report", "r-\(file)"])
            let first = "150 of 150 rows were in the training data, and too few others are left to measure."
            #expect(outcome.text.hasPrefix("Evaluation of m\n\n\(first)"), "\(outcome.text)")
            #expect(outcome.text.contains("cannot be estimated from these rows"))
            #expect(outcome.text.contains("rows that training held out, m was right in"))
            #expect(outcome.text.contains("Accuracy, training rows included "))
            #expect(!outcome.text.contains("\n  Accuracy  ") && !outcome.text.contains("Of 100 tickets"))
            let page = String(decoding: try workspace.bytes("r-\(file)/report.html"), as: UTF8.self)
            #expect(page.contains(first))
        }
        let found = try #require(
            try evaluate(workspace, ["--data", "train.jsonl", "--json"]).objects.first)
        #expect(found["rows_seen_in_training"] as? Int == 150 && found["rows_left_out"] as? Int == 0)
        #expect((found["warning"] as? String)?.hasPrefix("150 of 150 rows") == true)
    }

    @Test func `seen rows are left out where enough others remain`() throws {
        let workspace = try trained(0..<150)
        try workspace.write("mixed.jsonl", json(90..<270))
        let outcome = try evaluate(
            workspace, ["--data", "mixed.jsonl", "--report", "r", "--predictions", "p.jsonl"])
        #expect(outcome.text.contains("Of 100 tickets like these, "), "\(outcome.text)")
        #expect(
            outcome.text.contains(
                "60 of 180 rows were in the training data. All figures are of the other 120 rows."))
        #expect(outcome.text.contains("category: 120 rows, 3 labels"))
        let found = try #require(
            JSONSerialization.jsonObject(with: Data(workspace.bytes("r/report.json"))) as? [String: Any])
        #expect(found["rows_seen_in_training"] as? Int == 60 && found["rows_left_out"] as? Int == 60)
        #expect(found["warning"] is NSNull)
        let lines = String(decoding: try workspace.bytes("p.jsonl"), as: UTF8.self).split(separator: "\n")
        let counted = try evaluate(workspace, ["--data", "mixed.jsonl", "--count-seen-rows"])
        #expect(
            counted.text.contains("60 of 180 rows were in the training data, and all figures count them."))
        #expect(counted.text.contains("category: 180 rows, 3 labels"))
        #expect(lines.count == 180 && lines.count { $0.contains(#""seen_in_training":true"#) } == 60)
    }

    @Test func `new rows are measured without a word of it`() throws {
        let workspace = try trained(0..<150)
        try workspace.write("new.jsonl", json(150..<270))
        let outcome = try evaluate(workspace, ["--data", "new.jsonl"])
        #expect(!outcome.text.contains("in the training data"), "\(outcome.text)")
        let report = try evaluate(workspace, ["--data", "new.jsonl", "--json"])
        #expect(report.objects.first?["rows_seen_in_training"] as? Int == 0)
    }

    @Test func `a second model's training rows are left out too`() throws {
        let workspace = try trained(0..<150)
        try workspace.write("other.jsonl", json(100..<250))
        let other = try workspace.run([
            "train", "--data", "other.jsonl", "--label", "category", "--embedding", "none", "--fixed",
            "--output",
            "m2",
        ])
        #expect(other.status == 0, "\(other.errors)")
        try workspace.write("new.jsonl", json(200..<370))
        let outcome = try evaluate(workspace, ["--data", "new.jsonl", "--against", "m2"])
        #expect(outcome.text.contains("50 of 170 rows were in the training data."), "\(outcome.text)")
        #expect(outcome.text.contains("m and m2 on the same 120 rows"))
    }

    @Test func `the bundle keeps no text with its hashes, and its card tells of them`() throws {
        let workspace = try trained(0..<60)
        let card = try workspace.run(["models", "show", "m"]).text
        #expect(card.contains("For 60 training rows it keeps a keyed"), "\(card)")
        let again = try trained(0..<60)
        for name in try workspace.names("m") {
            #expect(try workspace.bytes("m/\(name)") == again.bytes("m/\(name)"), "\(name)")
        }
        let tuned = try workspace.run(["models", "tune", "m", "--target", "coverage=0.5"])
        #expect(tuned.status == 0, "\(tuned.errors)")
        #expect(try evaluate(workspace, ["--data", "train.jsonl"]).text.contains("60 of 60 rows were"))
    }
}
