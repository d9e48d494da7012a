import Foundation
import Testing

/// A KB that cannot be used, and what must be said of it.
struct BadKnowledgeBase: Sendable, CustomTestStringConvertible {
    var name: String
    var files: [(name: String, text: String)]
    /// A name for a link to a device.
    var link: String?
    var status: Int32 = 65
    var says: [String]

    var testDescription: String { name }

    static func article(_ id: String) -> String { "---\nid: \(id)\ntitle: Password\n---\nReset it.\n" }

    static let all: [BadKnowledgeBase] = [
        BadKnowledgeBase(name: "nothing there", files: [], status: 66, says: ["kb: no such file or folder"]),
        BadKnowledgeBase(
            name: "no article", files: [("kb/README.md", "x")], says: ["kb: no article", "front matter"]),
        BadKnowledgeBase(
            name: "an article without an id", files: [("kb/a.md", "---\ntitle: x\n---\n")],
            says: ["kb/a.md line 1", "no id"]),
        BadKnowledgeBase(
            name: "an id of nothing", files: [("kb/a.md", "---\nid: ~\n---\n")],
            says: ["kb/a.md line 1", "no id"]),
        BadKnowledgeBase(
            name: "an article with a blank id", files: [("kb/a.md", "---\nid: \" \"\ntitle: x\n---\n")],
            says: ["kb/a.md line 1", "no id"]),
        BadKnowledgeBase(
            name: "an article without a title", files: [("kb/a.md", "---\nid: K1\n---\n")],
            says: ["kb/a.md line 1", "no title"]),
        BadKnowledgeBase(
            name: "kb.json without a title", files: [("kb/kb.json", #"[{"id":"a","title":""}]"#)],
            says: ["kb/kb.json: article 1 of the list has no title"]),
        BadKnowledgeBase(
            name: "an article that is a device", files: [("kb/b.md", article("K1"))], link: "kb/a.md",
            status: 74, says: ["kb/a.md: cannot be read (it is a device)"]),
        BadKnowledgeBase(
            name: "two articles with one id",
            files: [("kb/a.md", article("K1")), ("kb/b.md", article("K1"))],
            says: ["kb/b.md: the id K1 is already that of kb/a.md"]),
        BadKnowledgeBase(
            name: "no front matter", files: [("kb/a.md", "# Password\n")],
            says: ["kb/a.md line 1: no front matter"]),
        BadKnowledgeBase(
            name: "an empty article", files: [("kb/a.md", "")], says: ["kb/a.md line 1: no front matter"]),
        BadKnowledgeBase(
            name: "front matter that does not close", files: [("kb/a.md", "---\nid: K1\n")],
            says: ["kb/a.md line 1: the front matter does not close"]),
        BadKnowledgeBase(
            name: "bad YAML on line 3", files: [("kb/a.md", "---\nid: K1\ntitle: [a\n---\n")],
            says: ["kb/a.md line ", "not YAML"]),
        BadKnowledgeBase(
            name: "a name twice", files: [("kb/a.md", "---\nid: K1\nid: K2\n---\n")],
            says: ["kb/a.md line ", "not YAML"]),
        BadKnowledgeBase(
            name: "a list for front matter", files: [("kb/a.md", "---\n- a\n---\n")],
            says: ["kb/a.md line 2", "no names"]),
        BadKnowledgeBase(
            name: "brackets for front matter",
            files: [("kb/a.md", "---\n\(String(repeating: "[", count: 100_000))\n---\n")],
            says: ["kb/a.md line ", "not YAML"]),
        BadKnowledgeBase(
            name: "kb.json cut short", files: [("kb/kb.json", "[{\"id\": \"a\"},\n{\"id\": ")],
            says: ["kb/kb.json: line 2: the JSON ends"]),
        BadKnowledgeBase(
            name: "kb.json that is an object", files: [("kb/kb.json", "{}")],
            says: ["kb/kb.json: not a JSON list"]),
        BadKnowledgeBase(
            name: "kb.json without an id",
            files: [("kb/kb.json", #"[{"id":"a","title":"x"},{"title":"b"}]"#)],
            says: ["kb/kb.json: article 2 of the list has no id"]),
        BadKnowledgeBase(
            name: "kb.json with one id twice",
            files: [
                ("kb/kb.json", #"[{"id":"a","title":"x"},{"id":"b","title":"x"},{"id":"a","title":"x"}]"#)
            ],
            says: ["kb/kb.json article 3: the id a is already that of kb/kb.json article 1"]),
        BadKnowledgeBase(
            name: "corpus.jsonl without an id",
            files: [("kb/corpus.jsonl", "{\"id\":\"a\",\"text\":\"b\"}\n{\"text\":\"c\"}\n")],
            says: ["kb/corpus.jsonl line 2", "no id"]),
        BadKnowledgeBase(
            name: "corpus.jsonl with a broken line",
            files: [("kb/corpus.jsonl", "{\"id\":\"a\",\"text\":\"b\"}\n{\"id\":\n")],
            says: ["kb/corpus.jsonl line 2", "the JSON ends"]),
        BadKnowledgeBase(
            name: "calibration that is no JSON",
            files: [("kb/a.md", article("K1")), ("kb/calibration.json", "{")],
            says: ["kb/calibration.json cannot be used", "fit it again", "(triage search --fit)"]),
        BadKnowledgeBase(
            name: "a playbook that is no YAML",
            files: [("kb/a.md", article("K1")), ("kb/playbook.yaml", "a: [")],
            status: 78, says: ["kb/playbook.yaml line 2: it is not YAML"]),
        BadKnowledgeBase(
            name: "a playbook with a floor of nothing",
            files: [
                ("kb/a.md", article("K1")),
                ("kb/playbook.yaml", "floors: [{id: a, raise_to: Nowhere, any: [b]}]"),
            ],
            status: 78, says: ["kb/playbook.yaml line 1: the severity Nowhere is not in the order"]),
        BadKnowledgeBase(
            name: "a playbook whose floors are text",
            files: [("kb/a.md", article("K1")), ("kb/playbook.yaml", "floors: fire")],
            status: 78, says: ["kb/playbook.yaml line 1: floors must be a list"]),
    ]
}

struct KnowledgeBaseTests {
    @Test(arguments: BadKnowledgeBase.all)
    func `a KB that cannot be used is named`(_ kb: BadKnowledgeBase) throws {
        let workspace = try Workspace()
        for file in kb.files { try workspace.write(file.name, file.text) }
        if let link = kb.link { try workspace.shell("ln -s /dev/zero \(link)") }
        let outcome = try workspace.run(
            ["classify", "--model", TrainedBundle.plain(), "--kb", "kb"], input: Array(RowCase.good.utf8))
        #expect(outcome.status == kb.status, "\(outcome.errors)")
        for part in kb.says { #expect(outcome.errors.contains(part), "\(outcome.errors)") }
        #expect(outcome.output.isEmpty)
    }

    @Test func `odd but sound articles are read`() throws {
        let workspace = try Workspace()
        try workspace.write(
            "kb/a.md", "\u{FEFF}---\r\nid: 007\r\ntitle: Password\r\ntags: [a, b]\r\n---\r\nReset it.\r\n")
        try workspace.write("kb/b.md", "---\nid: K2\ntitle: x\nrecommended_action: ~\nsymptoms: invoice\n---")
        let outcome = try workspace.run(["search", "--kb", "kb", "--json", "password"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.text.contains(#""id":"007""#))
    }

    /// Words that stand in most articles are no question, and what was masked says nothing of what is asked.
    @Test(arguments: [
        ("a", nil), ("the", nil), ("and", nil), ("I", nil), ("1", nil), ("my account is locked", "KB-102"),
        ("printer jams", "KB-212"), ("Locked out, mail me at joe@example.com or +49 170 1234567", "KB-102"),
    ])
    func `an issue is known only for words that say something`(text: String, article: String?) throws {
        let row = #"{"text":"\#(text)"}"#
        let outcome = try Workspace().run(
            ["classify", "--model", "\(project)/models/starter", "--kb", "\(project)/kb"],
            input: Array(row.utf8))
        let matches = outcome.objects.first?["kb_matches"] as? [[String: Any]]
        #expect(matches?.first?["id"] as? String == article, "\(outcome.text) \(outcome.errors)")
    }

    private var project: String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
    }

    @Test func `tickets are not taken for articles`() throws {
        let workspace = try Workspace()
        try workspace.write("tickets.jsonl", RowCase.good)
        let outcome = try workspace.run(["search", "--kb", "tickets.jsonl", "password"])
        #expect(outcome.status == 65)
        #expect(outcome.errors.contains("tickets.jsonl line 1: the article has no title"))
    }

    @Test func `search and classify read a ticket alike, and show hits by their score`() throws {
        let workspace = try Workspace()
        for (number, title) in ["Password reset", "Invoice of last month", "Printer jammed"].enumerated() {
            try workspace.write(
                "kb/\(number).md", "---\nid: K\(number)\ntitle: \(title)\n---\n\(title) steps.\n")
        }
        let quoted =
            "<p>The printer is jammed.</p><blockquote type=cite>From: a@b.example<br>password invoice</blockquote>"
        try workspace.write("t.jsonl", #"{"subject":"Printer","body":"\#(quoted)"}"#)
        let found = try workspace.run(["search", "--kb", "kb", "--input", "t.jsonl", "--top", "3"])
        let decided = try workspace.run([
            "classify", "--model", TrainedBundle.plain(), "--kb", "kb", "--input", "t.jsonl",
        ])
        func scores(_ outcome: Outcome, _ name: String) -> [Double] {
            (outcome.objects.first?[name] as? [[String: Any]] ?? []).compactMap { $0["score"] as? Double }
        }
        let shown = scores(found, "matches")
        #expect(shown.count == 3 && shown == shown.sorted(by: >))
        #expect(shown == scores(decided, "kb_matches") + scores(decided, "near_misses"))
    }

    @Test func `what a KB says reaches no terminal raw`() throws {
        let workspace = try Workspace()
        try workspace.write("kb/a.md", "---\nid: \"a\\e[2J\"\ntitle: \"x\\u202ey\"\n---\n")
        let outcome = try workspace.run(["search", "--kb", "kb", "password"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(!outcome.output.contains(0x1B))
        #expect(!outcome.text.unicodeScalars.contains("\u{202E}"))
    }

    private func questions(answered: Int, unanswered: Int) -> String {
        let rows = (0..<answered + unanswered).map { number in
            #"{"id":"\#(number)","text":"\#(number < answered ? "password" : "lunch") \#(number)","#
                + #""relevant":[\#(number < answered ? "\"K1\"" : "")]}"#
        }
        return rows.joined(separator: "\n")
    }

    @Test(arguments: [(1, 0), (5, 5), (20, 0), (0, 20), (16, 4)])
    func `too few questions fit nothing`(answered: Int, unanswered: Int) throws {
        let workspace = try Workspace()
        try workspace.write("kb/a.md", BadKnowledgeBase.article("K1"))
        try workspace.write("q.jsonl", questions(answered: answered, unanswered: unanswered))
        let outcome = try workspace.run(["search", "--kb", "kb", "--fit", "q.jsonl"])
        #expect(outcome.status == 65)
        #expect(
            outcome.errors.contains("\(answered) with an answer and \(unanswered) without; give at least 20"))
        #expect(try workspace.names("kb") == ["a.md"])
    }

    private func known(_ workspace: Workspace, _ words: [String] = []) throws -> Double? {
        let outcome = try workspace.run(["search", "--kb", "kb", "--json", "password"] + words)
        return outcome.objects.first?["known_probability"] as? Double
    }

    @Test func `a fit goes to the state folder, is used from there, and leaves the KB as it is`() throws {
        let workspace = try Workspace()
        try workspace.write("kb/a.md", BadKnowledgeBase.article("K1"))
        try workspace.write("q.jsonl", questions(answered: 15, unanswered: 5))
        let fit = ["search", "--kb", "kb", "--fit", "q.jsonl", "--json"]
        let before = try known(workspace)
        let fitted = try workspace.run(fit + ["--state", "state/of/mine"])
        #expect(fitted.status == 0, "\(fitted.errors)")
        #expect(fitted.objects.first?["questions"] as? Int == 20)
        let place = try #require(fitted.objects.first?["wrote"] as? String)
        #expect(place.hasPrefix("state/of/mine/kb-") && place.hasSuffix("/calibration.json"))
        #expect(try workspace.names("kb") == ["a.md"])
        let after = try known(workspace, ["--state", "state/of/mine"])
        #expect(after != before)
        #expect(try known(workspace) == before)
        // A KB of other articles does not take the fit.
        try workspace.write("kb/b.md", BadKnowledgeBase.article("K2"))
        #expect(try known(workspace, ["--state", "state/of/mine"]) == known(workspace))
    }

    @Test func `a fit is written to the file that --output names, and refused where it cannot be saved`()
        throws
    {
        let workspace = try Workspace()
        try workspace.write("kb/a.md", BadKnowledgeBase.article("K1"))
        try workspace.write("q.jsonl", questions(answered: 15, unanswered: 5))
        let fit = ["search", "--kb", "kb", "--fit", "q.jsonl"]
        let before = try known(workspace)
        let homeless = try workspace.run(fit)
        #expect(homeless.status == 73)
        #expect(homeless.errors.contains("--state DIR or TRIAGE_STATE"), "\(homeless.errors)")
        #expect(try workspace.run(fit + ["--output", "nowhere/x.json"]).status == 73)
        #expect(try workspace.run(fit + ["--output", "kb/calibration.json"]).status == 0)
        #expect(try workspace.names("kb") == ["a.md", "calibration.json"])
        #expect(try known(workspace) != before)
        // An earlier fit in the state folder is used first, which the command says.
        #expect(try workspace.run(fit + ["--state", "s"]).text.contains("triage serve` needs --state s"))
        let second = try workspace.run(fit + ["--state", "s", "--output", "kb/calibration.json"])
        #expect(second.text.contains("is used before a KB's calibration.json"), "\(second.text)")
        let alone = try workspace.run(["search", "--kb", "kb", "--output", "x", "password"])
        #expect(alone.status == 0 && alone.text.isEmpty)
        #expect(String(decoding: try workspace.bytes("x"), as: UTF8.self).contains("known issue: "))
    }

    /// The original agent's KB is one file without a playbook.
    @Test func `the shipped playbook's actions apply to a KB without a playbook`() throws {
        let workspace = try Workspace()
        try workspace.write("kb/playbook.yaml", "next_action: {Login: {High: Shipped action.}}")
        try workspace.write("mine/kb.json", #"[{"id":"a","title":"Toner","recommended_action":"x"}]"#)
        func action() throws -> String? {
            try workspace.run(
                ["classify", "--model", TrainedBundle.plain(), "--kb", "mine/kb.json"],
                input: Array(#"{"text":"password login locked"}"#.utf8)
            ).objects.first?["next_action"] as? String
        }
        #expect(try action() == "Shipped action.")
        try workspace.write("mine/playbook.yaml", "next_action: {Login: {High: My action.}}")
        #expect(try action() == "My action.")
    }

    @Test(arguments: ["kb", "state", "playbook", "language", "model"])
    func `an empty path is a usage error`(option: String) throws {
        let workspace = try Workspace()
        let outcome = try workspace.run(
            ["classify", "--\(option)", ""], input: Array(RowCase.good.utf8))
        #expect(outcome.status == 64)
        #expect(outcome.errors.contains("--\(option) is empty"), "\(outcome.errors)")
    }

    @Test func `a KB of one file in the current folder has the playbook beside it`() throws {
        let workspace = try Workspace()
        try workspace.write("kb.json", #"[{"id":"a","title":"Toner"}]"#)
        try workspace.write("playbook.yaml", "next_action: {Login: {High: My action.}}")
        let outcome = try workspace.run(
            ["classify", "--model", TrainedBundle.plain(), "--kb", "kb.json"],
            input: Array(#"{"text":"password login locked"}"#.utf8))
        #expect(outcome.objects.first?["next_action"] as? String == "My action.", "\(outcome.errors)")
    }

    /// References to references: unfolded, a billion strings, and as keys compared in full.
    private static let bomb: String = {
        let levels = (1...9).map {
            "l\($0): &l\($0) [\([String](repeating: "*l\($0 - 1)", count: 10).joined(separator: ","))]"
        }
        return "l0: &l0 [a]\n\(levels.joined(separator: "\n"))\n? *l9\n: x\n"
    }()

    @Test(arguments: [
        ("kb/playbook.yaml", bomb, 78, "kb/playbook.yaml line 2: *l0 refers"),
        ("kb/b.md", "---\nid: K2\n\(bomb)---\n", 65, "kb/b.md line 4: *l0 refers"),
    ])
    func `references to references cost no memory`(file: String, text: String, status: Int32, says: String)
        throws
    {
        let workspace = try Workspace()
        try workspace.write("kb/a.md", BadKnowledgeBase.article("K1"))
        try workspace.write(file, text)
        let model = try TrainedBundle.plain()
        let outcome = try workspace.shell(
            "ulimit -v 4000000; timeout 60 $TRIAGE classify --model '\(model)' --kb kb </dev/null")
        #expect(outcome.status == status, "\(outcome.errors)")
        #expect(outcome.errors.contains(says), "\(outcome.errors)")
    }

    @Test func `a question that cannot be read has its error in its place`() throws {
        let workspace = try Workspace()
        try workspace.write("kb/a.md", BadKnowledgeBase.article("K1"))
        try workspace.write(
            "q.jsonl", "{\"id\":\"1\",\"text\":\"password\"}\n{\"text\":[\"\(Program.secret)\"]}\n{\n")
        let outcome = try workspace.run(["search", "--kb", "kb", "--input", "q.jsonl"])
        #expect(outcome.status == 65)
        #expect(outcome.objects.map { $0["line"] as? Int } == [nil, 2, 3])
        #expect(outcome.errors.contains("q.jsonl: 2 of 3 rows could not be read"))
    }

    @Test(arguments: [
        ("{\"text\":\"\(Program.secret)\"}", "q.jsonl line 1: needs text and relevant"),
        ("{\"text\":\"x\",\"relevant\":[\"K9\"]}", "q.jsonl line 1: no article has the id K9"),
        ("", "q.jsonl: no records"),
        ("{\"text\":\"x\",\"relevant\":[]}\n{", "q.jsonl line 2"),
    ])
    func `questions with answers that cannot be used change nothing`(text: String, sentence: String) throws {
        let workspace = try Workspace()
        try workspace.write("kb/a.md", BadKnowledgeBase.article("K1"))
        try workspace.write("q.jsonl", text)
        let outcome = try workspace.run(["search", "--kb", "kb", "--fit", "q.jsonl"])
        #expect(outcome.status == (text.isEmpty ? 66 : 65))
        #expect(outcome.errors.contains(sentence), "\(outcome.errors)")
        #expect(try workspace.names("kb") == ["a.md"])
    }
}
