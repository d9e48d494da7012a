import Foundation
import Testing

struct ExplainTests {
    private let model: [String]
    private let workspace: Workspace

    init() throws {
        workspace = try Workspace()
        model = ["--model", try TrainedBundle.plain(), "--kb", "none"]
    }

    @Test func `why one label rather than the other, without the text`() throws {
        let outcome = try workspace.run(["explain"] + model + ["password locked \(Program.secret)"])
        #expect(outcome.status == 0)
        for part in [
            "why Login rather than", "other words, ", " bias", "= logit of Login, less that of", "without “",
            "scorings)",
        ] { #expect(outcome.text.contains(part), "\(part)") }
        #expect(!outcome.text.contains("\u{1B}["), "colour on no terminal")
    }

    @Test func `a label's own logit on request`() throws {
        let outcome = try workspace.run(["explain"] + model + ["--label", "Bug", "password locked"])
        #expect(outcome.status == 0)
        #expect(outcome.text.contains("words for Bug and against it"))
        #expect(!outcome.text.contains("severity:"), "a field without the label")
        let unknown = try workspace.run(
            ["explain"] + model + ["--label", "Bag", "password \(Program.secret)"])
        #expect(unknown.status == 64)
        #expect(
            unknown.errors.contains("No field has the label Bag; there are category: Billing, Bug, Login"))
    }

    @Test func `JSON has the own logit, the contrast and the counterfactual`() throws {
        let outcome = try workspace.run(["explain", "--json"] + model + ["password login locked"])
        let explanation = try #require(outcome.objects.first?["explanation"] as? [String: Any])
        let category = try #require(explanation["category"] as? [String: Any])
        for part in [category, try #require(category["against"] as? [String: Any])] {
            let terms = try #require(part["terms"] as? [[String: Any]])
            let weights = terms.compactMap { $0["weight"] as? Double }
            let numbers = try ["bias", "rest", "logit"].map { try #require(part[$0] as? Double) }
            #expect(abs(weights.reduce(numbers[0] + numbers[1], +) - numbers[2]) < 1e-4)
        }
        #expect((category["counterfactual"] as? [String: Any])?["effect"] is String)
        let plain = try workspace.run(
            ["classify", "--explain", "--json"] + model, input: Array(#"{"text":"password"}"#.utf8))
        #expect(plain.text.contains(#""counterfactual":null"#))
    }

    @Test func `one page, masked and escaped, with nothing from outside`() throws {
        try workspace.write(
            "t.jsonl",
            #"{"id":"<7>","subject":"locked & <b>","text":"password <script>alert(1)</script> anna@example.com"}"#
        )
        let outcome = try workspace.run(["explain"] + model + ["--input", "t.jsonl", "--html", "why.html"])
        #expect(outcome.status == 0 && outcome.text.isEmpty)
        let page = String(decoding: try workspace.bytes("why.html"), as: UTF8.self)
        #expect(page.hasPrefix("<!doctype html>") && page.contains("lang=\"en\""))
        #expect(page.contains("Ticket &lt;7&gt;") && page.contains("[EMAIL]"))
        #expect(!page.contains(/>-[0-9]/))
        for bad in ["anna", "<script", "src=", "href=", "http:", "https:", "url("] {
            #expect(!page.contains(bad), "\(bad)")
        }
        let both = try workspace.run(["explain", "--json"] + model + ["--html", "x.html", "password"])
        #expect(both.status == 64)
    }

    @Test func `a label's escape sequence reaches no terminal`() throws {
        try workspace.write(
            "t.jsonl", TrainedBundle.tickets.replacingOccurrences(of: "\"Login\"", with: #""Lo\u001b[2Jgin""#)
        )
        let trained = try workspace.run([
            "train", "--data", "t.jsonl", "--label", "category", "--fixed", "--embedding", "none", "--bits",
            "8",
            "--output", "m",
        ])
        #expect(trained.status == 0 && !trained.text.contains("\u{1B}"), "\(trained.errors)")
        let ways = [
            ["explain", "--kb", "none", "--model", "m", "password locked"],
            ["explain", "--kb", "none", "--model", "m", "--label", "gone", "password locked"],
            ["models", "show", "m", "--top"], ["models", "show", "m"],
            ["evaluate", "--model", "m", "--data", "t.jsonl"],
        ]
        for words in ways {
            let outcome = try workspace.run(words)
            #expect(!(outcome.text + outcome.errors).contains("\u{1B}"), "\(words)")
        }
        #expect(try workspace.run(ways[0]).text.contains("why Lo\u{FFFD}[2Jgin rather than"))
    }

    @Test func `several tickets are told apart, and a word of many bytes fills no screen`() throws {
        try workspace.write(
            "t.jsonl",
            #"{"text":"\#(String(repeating: "x", count: 60000)) password"}"# + "\n"
                + #"{"id":"a7","text":"refund"}"#)
        let outcome = try workspace.run(["explain"] + model + ["--input", "t.jsonl"])
        #expect(outcome.text.hasPrefix("ticket, line 1\n") && outcome.text.contains("\nticket a7\n"))
        #expect(outcome.text.utf8.count < 5000)
        let page = try workspace.run(["explain"] + model + ["--input", "t.jsonl", "--html", "p.html"])
        #expect(page.status == 0)
        let html = String(decoding: try workspace.bytes("p.html"), as: UTF8.self)
        #expect(html.contains("<h2>Ticket, line 1</h2>") && html.contains("<h2>Ticket a7</h2>"))
    }

    @Test func `a counterfactual says whose it is when another label is explained`() throws {
        let other = try workspace.run(["explain"] + model + ["--label", "Bug", "password locked"])
        #expect(other.text.contains("of the answer Login: "), "\(other.text)")
        let own = try workspace.run(["explain"] + model + ["--label", "Login", "password locked"])
        #expect(!own.text.contains("of the answer"))
    }

    @Test func `a page that cannot be written is an error`() throws {
        let outcome = try workspace.run(["explain"] + model + ["--html", "no/such/why.html", "password"])
        #expect(outcome.status == 73)
        #expect(outcome.errors.contains("no/such/why.html"))
    }

    @Test func `a bundle's strongest words, and one without them`() throws {
        let outcome = try workspace.run(["models", "show", model[1], "--top"])
        #expect(outcome.status == 0)
        #expect(outcome.text.contains("category\n  Billing: "))
        let login = try #require(outcome.text.split(separator: "\n").first { $0.hasPrefix("  Login: ") })
        #expect(login.contains("password") && login.contains("locked"))
        let few = try workspace.run(["models", "show", model[1], "--top", "1"])
        #expect(few.text.utf8.count < outcome.text.utf8.count)
        #expect(try workspace.run(["models", "show", model[1], "--top", "0"]).status == 64)
        try TrainedBundle.copy(into: workspace)
        try FileManager.default.removeItem(atPath: workspace.file("plain/words.json"))
        let missing = try workspace.run(["models", "verify", "plain"])
        #expect(missing.status == 66 && missing.errors.contains("no words.json in plain"))
    }
}
