import Foundation
import Testing

/// A model's life in a registry: train, retrain, compare, promote, go back.
struct RegistryTests {
    /// Tickets of three labels; `noise` gives each of the rows from `first` on another one's label.
    private func tickets(_ rows: Range<Int>, isNoise: Bool = false) -> String {
        let words = ["password login locked", "invoice refund charged", "crash error broken"]
        let labels = ["Login", "Billing", "Bug"]
        return rows.map { number in
            let label = labels[(number + (isNoise ? 1 + number / 3 % 2 : 0)) % 3]
            return
                #"{"id":"T\#(number)","text":"\#(words[number % 3]) number w\#(number * 37 % 101) u\#(number)","#
                + #""category":"\#(label)"}"# + "\n"
        }.joined()
    }

    private func trained(_ workspace: Workspace) throws {
        try workspace.write("old.jsonl", tickets(0..<150))
        let outcome = try workspace.run([
            "train", "--data", "old.jsonl", "--label", "category", "--embedding", "none", "--language",
            "none",
            "--bits", "10", "--registry", "reg",
        ])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.text.contains("wrote reg/versions/v1, the champion of reg"), "\(outcome.text)")
    }

    private func champion(_ workspace: Workspace) throws -> String {
        let path = try FileManager.default.destinationOfSymbolicLink(atPath: workspace.file("reg/champion"))
        #expect(try workspace.run(["models", "verify", "reg"]).status == 0)
        return URL(fileURLWithPath: path).lastPathComponent
    }

    @Test func `a retraining takes the corrections of the last one's store, or names it where it is gone`()
        throws
    {
        let workspace = try Workspace()
        try trained(workspace)
        let recipe = String(decoding: try workspace.bytes("reg/train.json"), as: UTF8.self)
        let remembered = recipe.replacing("\"store\":null", with: "\"store\":\"/gone/store\"")
        try #require(remembered != recipe)
        try workspace.write("reg/train.json", remembered)
        let gone = try workspace.run(["retrain", "--registry", "reg", "--kb", "none"])
        #expect(gone.status == 64 && gone.errors.contains("/gone/store, which is not there"), "\(gone)")
        try workspace.write("old.jsonl", tickets(0..<240))
        let without = try workspace.run(["retrain", "--registry", "reg", "--kb", "none", "--store", "none"])
        #expect(without.status == 0, "\(without)")
        let now = String(decoding: try workspace.bytes("reg/train.json"), as: UTF8.self)
        #expect(now.contains("\"store\":null"), "\(now)")
    }

    @Test func `new tickets in, a new champion out, and back again`() throws {
        let workspace = try Workspace()
        try trained(workspace)
        let same = try workspace.run(["retrain", "--registry", "reg", "--kb", "none"])
        #expect(
            same.status == 0 && same.text.contains("nothing new: v1 was trained on all 150 rows"), "\(same)")
        try workspace.write("old.jsonl", tickets(0..<240))
        let outcome = try workspace.run([
            "retrain", "--registry", "reg", "--kb", "none", "--by", "anna", "--report", "report",
        ])
        #expect(outcome.status == 0, "\(outcome.errors) \(outcome.text)")
        #expect(outcome.text.contains("v2: trained on 240 rows, 90 of them new"), "\(outcome.text)")
        #expect(outcome.text.contains("category: on 90 recent rows right in"), "\(outcome.text)")
        #expect(try champion(workspace) == "v2")
        #expect(
            String(decoding: try workspace.bytes("report/report.html"), as: UTF8.self).contains(
                "on 90 recent rows"))
        let page = String(decoding: try workspace.bytes("report/report.md"), as: UTF8.self)
        #expect(
            page.contains("Retraining: v2 beside v1")
                && page.contains("v2 is the champion now, in place of v1."),
            "\(page.prefix(300))")
        let decided = try workspace.run(["classify", "--model", "reg", "--kb", "none", "password locked"])
        #expect(decided.status == 0 && decided.text.contains("Login"), "\(decided.errors)")
        let back = try workspace.run([
            "models", "rollback", "--registry", "reg", "--reason", "agents complain",
        ])
        #expect(back.status == 0 && back.text.contains("reg: champion v2 → v1"), "\(back.errors)")
        #expect(try champion(workspace) == "v1")
        #expect(try workspace.run(["models", "rollback", "--registry", "reg"]).status == 69)
        let history = try workspace.run(["models", "history", "--registry", "reg", "--json"]).objects
        let events = history.compactMap { $0["event"] as? String }
        #expect(events == ["added", "promoted", "added", "promoted", "rolled back"], "\(events)")
        #expect(history[3]["by"] as? String == "anna" && history[3]["before"] as? String == "v1")
        #expect(history[4]["reason"] as? String == "agents complain")
        let measures = history[3]["measures"] as? [String: [String: Any]]
        #expect(measures?["category"]?["rows"] as? Int == 90, "\(history[3])")
        let shown = try workspace.run(["models", "history", "--registry", "reg"])
        #expect(
            shown.text.contains("rolled back  v2 → v1") && shown.text.hasSuffix("champion: v1\n"),
            "\(shown.text)")
        #expect(try workspace.run(["models", "list", "reg"]).text.contains("← champion"))
        let again = try workspace.run(["retrain", "--registry", "reg", "--kb", "none"])
        #expect(again.status == 1 && again.text.contains("against it: v2 was rolled back on"), "\(again)")
        #expect(again.text.contains("(agents complain), and the tickets are the same"), "\(again.text)")
        #expect(try champion(workspace) == "v1")
    }

    @Test func `a retraining names labels that the champion does not have`() throws {
        let workspace = try Workspace()
        try trained(workspace)
        let typo = #"{"id":"T200","text":"password login locked number u200","category":"Logins"}"# + "\n"
        try workspace.write("old.jsonl", tickets(0..<200) + typo)
        let outcome = try workspace.run([
            "retrain", "--registry", "reg", "--kb", "none", "--report", "report", "--json",
        ])
        let added = "category: 1 label that v1 does not have: Logins (1 row; did you mean Login?)"
        #expect(outcome.errors.contains("triage: \(added)\n"), "\(outcome.errors)")
        let findings = outcome.objects.first?["findings"] as? [String]
        #expect(findings?.contains(added) == true, "\(outcome.text)")
        let page = String(decoding: try workspace.bytes("report/report.md"), as: UTF8.self)
        #expect(page.contains("label that v1 does not have: Logins"), "\(page.prefix(300))")
    }

    @Test func `a worse model is refused with the reason, stays as challenger, and can be forced`() throws {
        let workspace = try Workspace()
        try trained(workspace)
        // The new file has other labels for what the champion knows, and tickets that agree with the champion.
        try workspace.write("bad.jsonl", tickets(0..<150, isNoise: true) + tickets(150..<240))
        let refused = try workspace.run([
            "retrain", "--registry", "reg", "--kb", "none", "--data", "bad.jsonl",
        ])
        #expect(refused.status == 1, "\(refused.text) \(refused.errors)")
        #expect(
            refused.text.contains("against it: category: surely worse than the champion"), "\(refused.text)")
        #expect(refused.text.contains("v2 is refused, v1 stays the champion"), "\(refused.text)")
        #expect(try champion(workspace) == "v1")
        #expect(try workspace.run(["models", "show", "reg/challenger"]).status == 0)
        try workspace.write("new.jsonl", tickets(240..<330))
        let again = try workspace.run([
            "models", "promote", "challenger", "--registry", "reg", "--data", "new.jsonl", "--kb", "none",
            "--json",
        ])
        #expect(again.status == 1 && again.objects.first?["promoted"] as? Bool == false, "\(again)")
        let alone = try workspace.run(["models", "promote", "v2", "--registry", "reg", "--force"])
        #expect(alone.status == 64 && alone.errors.contains("--force goes with --reason"))
        let forced = try workspace.run([
            "models", "promote", "v2", "--registry", "reg", "--data", "new.jsonl", "--kb", "none", "--force",
            "--reason", "a drill",
        ])
        #expect(forced.status == 0, "\(forced.errors)")
        let history = try workspace.run(["models", "history", "--registry", "reg", "--json"]).objects
        #expect(
            (history.last?["reason"] as? String ?? "").hasPrefix(
                "a drill; in spite of: category: surely worse"))
        #expect(try champion(workspace) == "v2")
    }

    @Test func `tests and minimum recalls are remembered and refuse`() throws {
        let workspace = try Workspace()
        try trained(workspace)
        try workspace.write("old.jsonl", tickets(0..<240))
        try workspace.write("tests.jsonl", #"{"text":"password login","category":{"is":"Bug"}}"#)
        let words = ["retrain", "--registry", "reg", "--kb", "none"]
        let tested = try workspace.run(words + ["--tests", "tests.jsonl"])
        #expect(
            tested.status == 1 && tested.text.contains("line 1: category is Login, must be Bug"), "\(tested)")
        try workspace.write("tests.jsonl", #"{"text":"password login","category":{"is":"Login"}}"#)
        try workspace.write("old.jsonl", tickets(0..<246))
        let floor = try workspace.run(words + ["--minimum-recall", "category:Fraud=0.9"])
        #expect(floor.status == 1 && floor.text.contains("the challenger has no such label"), "\(floor)")
        #expect(floor.text.contains("tests.jsonl: its test holds"), "\(floor.text)")
        try workspace.write("old.jsonl", tickets(0..<252))
        #expect(try workspace.run(words).text.contains("category:Fraud=0.9"))
        let met = try workspace.run(words + ["--minimum-recall", "Login=0.5", "--minimum-recall", "10%"])
        #expect(met.status == 0, "\(met.text) \(met.errors)")
        #expect(met.text.contains("with Login are right, at least 50.0 % must be"), "\(met.text)")
    }

    @Test func `new thresholds are a version of their own, and versions are never written over`() throws {
        let workspace = try Workspace()
        try trained(workspace)
        let before = try workspace.bytes("reg/versions/v1/manifest.json")
        let tuned = try workspace.run(["models", "tune", "reg", "--target", "coverage=0.5"])
        #expect(tuned.status == 0 && tuned.text.contains("wrote reg/versions/v2"), "\(tuned)")
        #expect(try workspace.bytes("reg/versions/v1/manifest.json") == before && champion(workspace) == "v1")
        let same = try workspace.run(["models", "tune", "reg", "--target", "coverage=0.5"])
        #expect(same.text.contains("reg has this model already, as v2"), "\(same.text)")
        for output in ["reg/champion", "reg/versions/v1", "reg"] {
            let outcome = try workspace.run([
                "train", "--data", "old.jsonl", "--label", "category", "--embedding", "none", "--fixed",
                "--output",
                output,
            ])
            #expect(outcome.status == 64 && outcome.errors.contains("give --registry reg"), "\(outcome)")
        }
        #expect(try workspace.bytes("reg/versions/v1/manifest.json") == before)
        let promoted = try workspace.run(["models", "promote", "v2", "--registry", "reg", "--kb", "none"])
        #expect(promoted.status == 0, "\(promoted)")
        #expect(try champion(workspace) == "v2")
    }

    @Test func `a model from elsewhere is copied, and retrains without a recorded training`() throws {
        let workspace = try Workspace()
        try workspace.write("old.jsonl", tickets(0..<150))
        let words = ["--label", "category", "--embedding", "none", "--language", "none", "--bits", "10"]
        #expect(try workspace.run(["train", "--data", "old.jsonl", "--output", "mine"] + words).status == 0)
        #expect(try workspace.run(["models", "promote", "mine", "--registry", "reg"]).status == 66)
        try FileManager.default.createDirectory(
            atPath: workspace.file("reg/versions"), withIntermediateDirectories: true)
        try workspace.write("reg/history.jsonl", "")
        let copied = try workspace.run(["models", "promote", "mine", "--registry", "reg", "--kb", "none"])
        #expect(
            copied.status == 0 && copied.text.contains("no champion, so there is nothing to compare"),
            "\(copied)")
        #expect(
            try workspace.bytes("reg/versions/v1/model.safetensors")
                == workspace.bytes("mine/model.safetensors"))
        let unknown = try workspace.run(["retrain", "--registry", "reg", "--kb", "none"])
        #expect(unknown.status == 64 && unknown.errors.contains("give them once with --data"), "\(unknown)")
        try workspace.write("more.jsonl", tickets(0..<240))
        let outcome = try workspace.run([
            "retrain", "--registry", "reg", "--kb", "none", "--data", "more.jsonl",
        ])
        #expect(outcome.status == 0, "\(outcome.errors) \(outcome.text)")
        #expect(try champion(workspace) == "v2")
    }

    @Test func `a service follows the champion`() throws {
        let workspace = try Workspace()
        try trained(workspace)
        #expect(try workspace.run(["models", "tune", "reg", "--target", "coverage=0.5"]).status == 0)
        let service = try Service(workspace, ["--model", "reg", "--kb", "none"])
        let before = try service.ask("POST", "/v1/triage", #"{"body":"password locked"}"#).text
        #expect(
            try workspace.run(["models", "promote", "v2", "--registry", "reg", "--kb", "none"]).status == 0)
        func hash(_ text: String) -> Substring? { text.firstMatch(of: /"sha256":"([0-9a-f]{64})"/)?.1 }
        #expect(hash(before) != nil)
        let changed = try eventually {
            let now = try service.ask("POST", "/v1/triage", #"{"body":"password locked"}"#).text
            return hash(now) != nil && hash(now) != hash(before)
        }
        #expect(changed, "\(service.said)")
    }

    @Test func `schedule prints units that systemd and cron read alike`() throws {
        let workspace = try Workspace()
        try trained(workspace)
        let outcome = try workspace.run([
            "schedule", "--registry", "reg", "--store", "a store 100%", "--every", "day",
        ])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.text.contains("OnCalendar=*-*-* 03:17:00"))
        #expect(outcome.text.contains("--store \"\(workspace.path)/a store 100%%\""), "\(outcome.text)")
        #expect(outcome.text.contains("--store '\(workspace.path)/a store 100\\%'"), "\(outcome.text)")
        #expect(try workspace.run(["schedule", "--registry", "gone", "--store", "s"]).status == 66)
        #expect(try workspace.run(["schedule", "--registry", "reg", "--store", "s\nUser=root"]).status == 64)
    }

    @Test(arguments: [
        (["models", "promote", "v9", "--registry", "reg"], 66, "has no version or alias 'v9'"),
        (["models", "promote", "v1", "--registry", "reg"], 65, "v1 is the champion already"),
        (["models", "rollback", "--registry", "gone"], 66, "gone is not a registry of models"),
        (
            ["models", "alias", "champion", "v1", "--registry", "reg"], 65,
            "promote and rollback move the champion"
        ),
        (["models", "alias", "staging", "--registry", "reg"], 64, "Give a version, or --remove"),
        (
            ["models", "promote", "v1", "--registry", "reg", "--minimum-recall", "2"], 64,
            "--minimum-recall takes"
        ),
        (
            ["train", "--data", "old.jsonl", "--label", "category"], 64,
            "Give --output, the model's folder, or --registry"
        ),
    ])
    func `what cannot be done is refused`(words: [String], status: Int32, says: String) throws {
        let workspace = try Workspace()
        try trained(workspace)
        let outcome = try workspace.run(words)
        #expect(outcome.status == status && outcome.errors.contains(says), "\(outcome)")
        #expect(try champion(workspace) == "v1")
    }
}
