import Foundation
import Testing
import TriageNumerics

/// Trees of labels and tags through the commands.
struct ShapeTests {
    private static let kinds: [(area: String, kind: String, words: [String], tags: [String])] = [
        ("Network", "VPN", ["tunnel", "vpn", "gateway", "client", "ipsec"], ["remote", "net"]),
        ("Network", "WLAN", ["wireless", "wlan", "antenna", "signal", "beacon"], ["net"]),
        ("Hardware", "Laptop", ["battery", "lid", "keyboard", "fan", "hinge"], ["device"]),
        ("Hardware", "Printer", ["toner", "paper", "tray", "drum", "stapler"], []),
    ]
    private static let fillers = [
        "please", "today", "again", "office", "morning", "still", "team", "floor", "since",
    ]

    /// Sixteen different rows a kind; `labels` writes the members of a row.
    private func rows(_ labels: (String, String, [String]) -> String) -> String {
        var generator = SplitMix64(seed: 5)
        return Self.kinds.flatMap { area, kind, words, tags in
            (0..<16).map { number in
                let text =
                    (0..<3).map { _ in words[generator.below(words.count)] }
                    + (0..<3).map { _ in Self.fillers[generator.below(Self.fillers.count)] }
                return
                    #"{"id":"\#(kind)\#(number)","text":"\#(text.joined(separator: " ")) \#(area.lowercased()) w\#(generator.below(900))",\#(labels(area, kind, tags))}"#
            }
        }.joined(separator: "\n") + "\n"
    }

    /// The cells of a line of CSV without line ends in cells.
    private func cells(_ line: some StringProtocol) -> Int {
        var (count, isQuoted) = (1, false)
        for character in line {
            if character == "\"" { isQuoted.toggle() }
            if character == ",", !isQuoted { count += 1 }
        }
        return count
    }

    private func workspace(_ train: [String], _ text: String) throws -> Workspace {
        let workspace = try Workspace()
        try workspace.write("t.jsonl", text)
        let outcome = try workspace.run(
            ["train", "--data", "t.jsonl", "--embedding", "none", "--output", "m"] + train)
        try #require(outcome.status == 0, "\(outcome.errors)")
        return workspace
    }

    /// The training rows.
    private static func first(_ workspace: Workspace) throws -> String {
        try String(contentsOfFile: workspace.file("t.jsonl"), encoding: .utf8)
    }

    private func classify(_ workspace: Workspace, _ more: [String] = []) throws -> Outcome {
        let outcome = try workspace.run(
            ["classify", "--model", "m", "--kb", "none", "--input", "t.jsonl"] + more)
        #expect(outcome.status == 0, "\(outcome.errors)")
        return outcome
    }

    private func trees() throws -> Workspace {
        try workspace(
            ["--tree", "category,kind"],
            rows { area, kind, _ in #""category":"\#(area)","kind":"\#(kind)""# })
    }

    private func tags() throws -> Workspace {
        try workspace(
            ["--tags", "tags"],
            rows { _, _, tags in "\"tags\":[\(tags.map { "\"\($0)\"" }.joined(separator: ","))]" })
    }

    @Test func `a column of a tree that no row has is an error with the nearest name`() throws {
        let workspace = try Workspace()
        try workspace.write(
            "t.jsonl", rows { area, kind, _ in #""category":"\#(area)","subcategory":"\#(kind)""# })
        let outcome = try workspace.run([
            "train", "--data", "t.jsonl", "--tree", "category,subcategry", "--fixed", "--embedding", "none",
            "--output", "m",
        ])
        #expect(outcome.status == 65 && outcome.errors.contains("\"subcategory\""), "\(outcome.errors)")
    }

    @Test func `two columns are one field, whose path every output shows`() throws {
        let workspace = try trees()
        let predictions = try classify(workspace).objects.compactMap {
            ($0["predictions"] as? [String: Any])?["category"] as? [String: Any]
        }
        #expect(predictions.count == 64)
        for prediction in predictions {
            let path = try #require(prediction["path"] as? [[String: Any]])
            #expect(path.compactMap { $0["column"] as? String } == ["category", "kind"])
            #expect(path[1]["label"] as? String == "\(path[0]["name"] ?? "") > \(path[1]["name"] ?? "")")
            #expect(prediction["depth"] is Int)
        }
        let sheet = try classify(workspace, ["--csv"]).text.split(separator: "\r\n")
        #expect(sheet[0].contains("category depth 1 (category),category depth 1 (category) probability"))
        #expect(Set(sheet.map { cells($0) }).count == 1)
        let report = try workspace.run([
            "evaluate", "--model", "m", "--data", "t.jsonl", "--count-seen-rows", "--json",
        ])
        let fields = report.objects.first?["fields"] as? [String: Any]
        let tree = (fields?["category"] as? [String: Any])?["tree"] as? [String: Any]
        #expect(tree?["contradictions"] as? Int == 0 && (tree?["depths"] as? [Any])?.count == 2)
        try workspace.write(
            "out.jsonl",
            #"{"text":"a recipe","category":"none","kind":"none"}"# + "\n" + Self.first(workspace))
        let outside = try workspace.run(
            [
                "evaluate", "--model", "m", "--data", "out.jsonl", "--oos-label", "none", "--count-seen-rows",
                "--json",
            ])
        #expect(outside.status == 0 && outside.text.contains("\"scope\""), "\(outside.errors)")
        let why = try workspace.run(
            ["explain", "--model", "m", "--kb", "none", "--label", "Network", "tunnel network"])
        #expect(why.status == 0, "\(why.errors)")
        #expect(why.text.contains("= log-odds of Network against "), "\(why.text)")
        let diff = try workspace.run(["models", "show", "m"])
        #expect(diff.text.contains("leaves of a tree"), "\(diff.text)")
    }

    @Test func `a column of paths is recognised, and can be left flat`() throws {
        let text = rows { area, kind, _ in #""queue":"\#(area)::\#(kind)""# }
        let workspace = try Workspace()
        try workspace.write("t.jsonl", text)
        func train(_ more: [String]) throws -> Outcome {
            try workspace.run(
                [
                    "train", "--data", "t.jsonl", "--label", "queue", "--fixed", "--embedding", "none",
                    "--output", "m",
                ] + more)
        }
        #expect(
            try train([]).errors.contains(
                "labels of 'queue' are paths (--tree none reads each as one label): 4 labels below 2 parents")
        )
        #expect(try classify(workspace).text.contains("\"path\""))
        #expect(!(try train(["--tree", "none"]).errors.contains("are paths")))
        #expect(!(try classify(workspace).text.contains("\"path\"")))
    }

    @Test func `tags are given, measured, explained and audited`() throws {
        let workspace = try tags()
        let given = try classify(workspace).objects.map { row -> [String] in
            let prediction = (row["predictions"] as? [String: Any])?["tags"] as? [String: Any]
            return (prediction?["tags"] as? [[String: Any]] ?? []).compactMap { $0["label"] as? String }
                .sorted()
        }
        #expect(given == Self.kinds.flatMap { kind in (0..<16).map { _ in kind.tags.sorted() } })
        let sheet = try classify(workspace, ["--csv"]).text
        #expect(sheet.contains("net;remote") || sheet.contains("remote;net"))
        let report = try workspace.run([
            "evaluate", "--model", "m", "--data", "t.jsonl", "--count-seen-rows", "--json",
        ])
        let field = (report.objects.first?["fields"] as? [String: Any])?["tags"] as? [String: Any]
        #expect(field?["micro_f1"] as? Double == 1 && field?["macro_f1"] as? Double == 1, "\(report.text)")
        #expect(field?["rows_without_tags"] as? Int == 16)
        let page = try workspace.run(["evaluate", "--model", "m", "--data", "t.jsonl", "--count-seen-rows"])
        #expect(page.status == 0 && page.text.contains("Micro-F1"), "\(page.text) \(page.errors)")
        let why = try workspace.run(["explain", "--model", "m", "--kb", "none", "tunnel vpn gateway"])
        #expect(
            why.text.contains("= logit of tag remote") && why.text.contains("= logit of tag net"),
            "\(why.text)")
        let audit = try workspace.run(["audit", "--data", "t.jsonl", "--tags", "tags", "--embedding", "none"])
        #expect(audit.status == 0 && audit.errors.contains("tags: 64 rows, 3 tags"), "\(audit.errors)")
        let tuned = try workspace.run(["models", "tune", "m", "--target", "95%"])
        #expect(
            tuned.status == 0 && tuned.text.contains("solved while training"), "\(tuned.text) \(tuned.errors)"
        )
    }

    @Test func `a training in five folds measures trees and tags`() throws {
        let workspace = try Workspace()
        try workspace.write(
            "t.jsonl",
            rows { area, kind, tags in
                #""queue":"\#(area)::\#(kind)","tags":"\#(tags.joined(separator: ";"))""#
            })
        let outcome = try workspace.run([
            "evaluate", "--cross-validate", "--data", "t.jsonl", "--label", "queue", "--tags", "tags",
            "--json",
        ])
        let fields = outcome.objects.first?["fields"] as? [String: Any]
        #expect((fields?["queue"] as? [String: Any])?["tree"] != nil, "\(outcome.errors)")
        #expect((fields?["tags"] as? [String: Any])?["micro_f1"] as? Double ?? 0 > 0.9)
    }
}
