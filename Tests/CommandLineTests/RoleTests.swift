import Foundation
import Testing

/// Bundles whose label columns have names of the site's own, and what is said of them.
struct RoleTests {
    private static let playbook = """
        severities: [P3, P2, P1]
        next_action:
          Login: {P1: Unlock it now.}
        floors:
          - {id: fire, raise_to: P1, any: [on fire]}
        """
    private static let tickets: String = {
        let kinds = [
            ("password login", "Login", "P2"), ("invoice refund", "Billing", "P3"), ("crash", "Bug", "P1"),
        ]
        let rows = kinds.flatMap { words, queue, priority in
            (0..<12).map {
                #"{"text":"\#(words) number \#($0) please","queue":"\#(queue)","priority":"\#(priority)","#
                    + #""category":"\#(queue)"}"#
            }
        }
        return rows.joined(separator: "\n") + "\n"
    }()

    private func workspace(_ words: [String], playbook: String = RoleTests.playbook) throws -> (
        Workspace, Outcome
    ) {
        let workspace = try Workspace()
        try workspace.write("t.jsonl", RoleTests.tickets)
        try workspace.write("kb/a.md", BadKnowledgeBase.article("K1"))
        try workspace.write("kb/playbook.yaml", playbook)
        let outcome = try workspace.run(
            ["train", "--data", "t.jsonl", "--fixed", "--embedding", "none", "--bits", "8", "--output", "m"]
                + words)
        return (workspace, outcome)
    }

    private static let columns = ["--label", "queue", "--label", "priority"]
    private static let roles = columns + ["--role", "category=queue", "--role", "severity=priority"]

    @Test func `a role makes a column the decision's category or severity`() throws {
        let (workspace, training) = try workspace(RoleTests.roles)
        #expect(training.status == 0)
        #expect(training.errors == "triage: t.jsonl: text: text; id: none; not read: category\n")
        let decisions = try workspace.run(
            ["classify", "--model", "m", "--kb", "kb"],
            input: Array(#"{"text":"invoice refund on fire"}"#.utf8))
        #expect(decisions.objects[0]["category"] as? String == "Billing")
        #expect(decisions.objects[0]["severity"] as? String == "P1")
        #expect(decisions.errors.isEmpty, "\(decisions.errors)")
    }

    @Test func `train says which role no column has`() throws {
        let (_, training) = try workspace(RoleTests.columns)
        #expect(training.errors.contains("no label has the role category, so every decision will use Other"))
        #expect(training.errors.contains("name one with --role severity=NAME"))
        let (_, named) = try workspace(["--label", "category"])
        #expect(!named.errors.contains("role category") && named.errors.contains("role severity"))
    }

    @Test(arguments: [
        (["--role", "queue"], "--role takes category=NAME or severity=NAME"),
        (["--role", "team=queue"], "--role takes category=NAME or severity=NAME"),
        (["--role", "category=team"], "--role category=team names no --label"),
        (["--role", "category=queue", "--role", "category=priority"], "each role and each label takes one"),
        (["--role", "category=queue", "--role", "severity=queue"], "each role and each label takes one"),
    ])
    func `a role that cannot be is a usage error`(words: [String], sentence: String) throws {
        let (workspace, outcome) = try workspace(RoleTests.columns + words)
        #expect(outcome.status == 64)
        #expect(outcome.errors.contains(sentence), "\(outcome.errors)")
        #expect(!(try workspace.names().contains("m")))
    }

    /// A column of the site's own name has the role: its tests are judged after the floors, on the playbook's order.
    @Test(arguments: [(#""at_least":"P1""#, true), (#""is":"P1""#, true), (#""is":"P3""#, false)])
    func `site tests judge the field with the role severity after the floors`(demand: String, holds: Bool)
        throws
    {
        let workspace = try Workspace()
        try workspace.write("tests.jsonl", #"{"text":"invoice refund on fire","priority":{\#(demand)}}"#)
        try workspace.write("kb/a.md", BadKnowledgeBase.article("K1"))
        try workspace.write("kb/playbook.yaml", RoleTests.playbook)
        try workspace.write("t.jsonl", RoleTests.tickets)
        let training = try workspace.run(
            ["train", "--data", "t.jsonl", "--fixed", "--embedding", "none", "--bits", "8", "--output", "m"]
                + RoleTests.roles + ["--tests", "tests.jsonl", "--kb", "kb"])
        #expect((training.status == 0) == holds, "\(training.errors)")
        if !holds { #expect(training.errors.contains("priority is P1, must be P3"), "\(training.errors)") }
    }

    @Test func `at_least needs labels that the playbook orders`() throws {
        let workspace = try Workspace()
        try workspace.write("t.jsonl", RoleTests.tickets)
        for severity in ["P1", "High"] {
            try workspace.write(
                "tests.jsonl", #"{"text":"invoice refund","priority":{"at_least":"\#(severity)"}}"#)
            let training = try workspace.run(
                ["train", "--data", "t.jsonl", "--fixed", "--embedding", "none", "--output", "m"]
                    + RoleTests.roles + ["--tests", "tests.jsonl", "--kb", "none"])
            #expect(training.status == 65)
            #expect(
                training.errors.contains(
                    "cannot be compared: the playbook's order is Low, Medium, High, Critical, and the field's labels are "
                        + "P1, P2, P3; list those under severities:"), "\(training.errors)")
        }
    }

    @Test func `at_least needs the role severity`() throws {
        let workspace = try Workspace()
        try workspace.write("tests.jsonl", #"{"text":"invoice refund","queue":{"at_least":"P1"}}"#)
        try workspace.write("t.jsonl", RoleTests.tickets)
        let training = try workspace.run(
            ["train", "--data", "t.jsonl", "--fixed", "--embedding", "none", "--output", "m"]
                + RoleTests.roles
                + ["--tests", "tests.jsonl", "--kb", "none"])
        #expect(training.status == 65)
        #expect(training.errors.contains("only the field with the role severity has an order"))
    }

    @Test func `a column's role is found in any case`() throws {
        let workspace = try Workspace()
        let rows = ["Login,password locked", "Billing,invoice refund"].flatMap { [$0, $0 + " again"] }
        try workspace.write("t.csv", "Category,Text\n" + rows.joined(separator: "\n") + "\n")
        let outcome = try workspace.run([
            "train", "--data", "t.csv", "--label", "Category", "--fixed", "--embedding", "none", "--output",
            "m",
        ])
        #expect(outcome.status == 0 && !outcome.errors.contains("the role category"), "\(outcome.errors)")
        let manifest = String(decoding: try workspace.bytes("m/manifest.json"), as: UTF8.self)
        #expect(manifest.contains(#""role" : "category""#))
    }

    @Test func `a split that holds nothing out is named`() throws {
        let workspace = try Workspace()
        let rows = (0..<80).map {
            #"{"category":"\#($0 % 2 == 0 ? "Login" : "Billing")","from":"a","#
                + #""day":"2026-01-\#(10 + $0 / 8)","text":"\#($0 % 2 == 0 ? "password" : "invoice") \#($0)"}"#
        }
        try workspace.write("t.jsonl", rows.joined(separator: "\n"))
        func train(_ words: [String]) throws -> String {
            let outcome = try workspace.run(
                ["train", "--data", "t.jsonl", "--label", "category", "--embedding", "none", "--output", "m"]
                    + words)
            #expect(outcome.status == 0, "\(outcome.errors)")
            return outcome.errors
        }
        #expect(try train(["--group", "from", "--time", "day"]).contains("give --time or --group alone"))
        #expect(try !train(["--time", "day"]).contains("held out"))
    }

    // MARK: - The table

    private func table(_ workspace: Workspace, _ text: String) throws -> [String] {
        let outcome = try workspace.run(
            ["classify", "--table", "--model", "m", "--kb", "kb"], input: Array(#"{"text":"\#(text)"}"#.utf8))
        return outcome.text.split(separator: "\n").map(String.init)
    }

    @Test func `the table's columns are the bundle's own fields`() throws {
        for words in [RoleTests.columns, RoleTests.roles] {
            let lines = try table(workspace(words).0, "invoice refund number 3 please")
            #expect(
                lines[0].hasPrefix("ID         QUEUE             LEVEL   PRIORITY       LEVEL "))
            #expect(lines[1].contains("Billing ") && lines[1].contains("P3 "))
            #expect(!lines[1].contains("Other") && !lines[1].contains("Medium"))
        }
    }

    @Test func `a bundle of one field has one column`() throws {
        let lines = try table(workspace(["--label", "queue"]).0, "invoice refund number 3 please")
        #expect(lines[0].hasPrefix("ID         QUEUE             LEVEL "))
    }

    @Test func `a raised severity stands without a percentage, its arrow never cut`() throws {
        let lines = try table(workspace(RoleTests.roles).0, "invoice refund on fire")
        #expect(lines[1].contains(" P1 ↑ "), "\(lines)")
        let long = "Everything stands still"
        let (workspace, _) = try workspace(RoleTests.roles)
        let tickets = RoleTests.tickets.replacingOccurrences(of: "P1", with: long)
        try workspace.write("t.jsonl", tickets)
        try workspace.write(
            "kb/playbook.yaml", RoleTests.playbook.replacingOccurrences(of: "P1", with: long))
        let training = try workspace.run(
            ["train", "--data", "t.jsonl", "--fixed", "--embedding", "none", "--bits", "8", "--output", "m"]
                + RoleTests.roles)
        #expect(training.status == 0, "\(training.errors)")
        let cut = try table(workspace, "invoice refund on fire")
        #expect(cut[1].contains(" Everything … ↑ "), "\(cut)")
    }

    @Test func `a floor shows in a table without a severity`() throws {
        let playbook = "floors: [{id: fire, raise_to: Critical, any: [on fire]}]"
        let (workspace, _) = try workspace(["--label", "queue"], playbook: playbook)
        #expect(try table(workspace, "invoice refund on fire")[1].contains("Critical ↑ invoice"))
    }

    @Test func `explain ends with what a floor did`() throws {
        let (workspace, _) = try workspace(RoleTests.roles)
        let outcome = try workspace.run(["explain", "--model", "m", "--kb", "kb", "invoice refund on fire"])
        let last = outcome.text.split(separator: "\n").last
        #expect(last == "note: Severity raised from P3 to P1 by the safety floor fire.")
    }

    // MARK: - What is missing

    @Test func `a KB that is nowhere is said once, one that is not wanted is not`() throws {
        let (workspace, _) = try workspace(RoleTests.roles)
        try FileManager.default.removeItem(atPath: workspace.file("kb"))
        let rows = Array(String(repeating: RowCase.good, count: 3).utf8)
        for words in [["classify"], ["explain", "--input", "-"]] {
            let silent = try workspace.run(words + ["--model", "m", "--kb", "none"], input: rows)
            #expect(silent.errors.isEmpty)
            let outcome = try workspace.run(words + ["--model", "m"], input: rows)
            #expect(outcome.status == 0)
            #expect(
                outcome.errors.contains("every issue is new and no safety floors apply"), "\(outcome.errors)")
            #expect(outcome.errors.split(separator: "\n").count == 1)
        }
    }

    private func doctor(_ workspace: Workspace, _ words: [String] = []) throws -> (Int32, [String]) {
        let outcome = try workspace.run(["doctor", "--model", "m"] + words)
        return (outcome.status, outcome.text.split(separator: "\n").map(String.init))
    }

    @Test func `doctor warns of what decisions will lack`() throws {
        let (workspace, _) = try workspace(RoleTests.roles)
        var (status, lines) = try doctor(workspace)
        #expect(status == 0)
        #expect(!lines.contains { $0.hasPrefix("warn") && !$0.contains("language") }, "\(lines)")
        func warns(_ part: String) -> Bool { lines.contains { $0.hasPrefix("warn") && $0.contains(part) } }
        try workspace.write(
            "kb/playbook.yaml", "next_action: {Login: {High: x}, Team: {Low: y}}\nfloors: []\n")
        (status, lines) = try doctor(workspace)
        #expect(status == 0)
        #expect(warns("severities P1, P2, P3 are not in the playbook's order (Low, Medium, High, Critical)"))
        #expect(warns("next_action names Team, which the model does not predict"))
        try FileManager.default.removeItem(atPath: workspace.file("kb/playbook.yaml"))
        (status, lines) = try doctor(workspace)
        #expect(status == 0 && warns("no safety floors apply"))
        (status, lines) = try doctor(workspace, ["--kb", "none"])
        #expect(status == 0 && warns("every issue is new"))
    }

    @Test func `doctor refuses what classify refuses, in the same words`() throws {
        let (workspace, _) = try workspace(RoleTests.roles)
        try workspace.write("kb/playbook.yaml", "flors: []")
        let classify = try workspace.run(["classify", "--model", "m"], input: Array(RowCase.good.utf8))
        #expect(classify.status == 78)
        let (status, lines) = try doctor(workspace)
        #expect(status == 69)
        let sentence = classify.errors.dropFirst("triage: ".count).dropLast()
        #expect(lines.contains { $0.hasPrefix("FAIL playbook") && $0.hasSuffix(sentence) }, "\(lines)")
        try workspace.write("models/language/manifest.json", "{")
        #expect(try doctor(workspace).1.contains { $0.hasPrefix("FAIL language") })
    }
}
