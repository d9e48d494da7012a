import Foundation
import Testing

/// `models tune` and what decisions make of thresholds.
struct TuneTests {
    private func trained(_ workspace: Workspace) throws {
        let words = [
            "password login account locked", "invoice refund charged fee", "crash error broken wrong",
        ]
        let labels = ["Login", "Billing", "Bug"]
        let rows = (0..<150).map { number in
            let kind = number % 3
            let list = words[kind].split(separator: " ")
            let picked = (0..<4).map { list[(number / 3 * ($0 + 3) + $0 * $0) % 4] }.joined(separator: " ")
            return
                #"{"text":"\#(picked) number w\#(number * 37 % 101) u\#(number)","category":"\#(labels[kind])"}"#
        }
        try workspace.write("t.jsonl", rows.joined(separator: "\n"))
        let outcome = try workspace.run([
            "train", "--data", "t.jsonl", "--label", "category", "--embedding", "none", "--output", "m",
            "--target", "precision=0.9",
        ])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.text.contains("category: precision=0.9: auto from probability"), "\(outcome.text)")
    }

    private func levels(_ workspace: Workspace, _ more: [String] = []) throws -> [[String: Any]] {
        let outcome = try workspace.run(
            ["classify", "--model", "m", "--kb", "none", "--input", "t.jsonl"] + more)
        #expect(outcome.status == 0, "\(outcome.errors)")
        return outcome.objects.compactMap {
            ($0["predictions"] as? [String: Any])?["category"] as? [String: Any]
        }
    }

    @Test func `thresholds change without training, and the bundle before is kept`() throws {
        let workspace = try Workspace()
        try trained(workspace)
        let before = try levels(workspace).count { $0["level"] as? String == "auto" }
        #expect(before > 0)
        let tuned = try workspace.run(["models", "tune", "m", "--target", "precision=0.999"])
        #expect(tuned.status == 0, "\(tuned.errors)")
        #expect(tuned.text.contains("precision=0.999 cannot be shown on 150 held-out rows, so never auto"))
        #expect(
            tuned.text.contains("cannot be estimated from 150 rows (it takes 2995 sure ones without an error")
        )
        #expect(try levels(workspace).allSatisfy { $0["level"] as? String != "auto" })
        #expect(try workspace.names("m.previous").contains("manifest.json"))
        let half = try workspace.run(["models", "tune", "m", "--target", "coverage=0.5"])
        #expect(half.status == 0)
        #expect(try workspace.run(["models", "verify", "m"]).status == 0)
        #expect(try workspace.run(["models", "diff", "m", "m.previous"]).text.contains("category target"))
        let after = try levels(workspace).count { $0["level"] as? String == "auto" }
        #expect(after > 0)
    }

    @Test func `a training that begins with a tuned model keeps its target`() throws {
        let workspace = try Workspace()
        try trained(workspace)
        #expect(try workspace.run(["models", "tune", "m", "--target", "80%"]).status == 0)
        let words = ["train", "--data", "t.jsonl", "--label", "category", "--embedding", "none", "--fixed"]
        let kept = try workspace.run(words + ["--calibrate", "--warm-start", "m", "--output", "next"])
        #expect(kept.text.contains("category: precision=0.8: auto from probability"), "\(kept.text)")
        #expect(kept.errors.contains("target precision=0.8, as in the earlier model"), "\(kept.errors)")
        let named = try workspace.run(
            words + ["--calibrate", "--warm-start", "m", "--output", "next", "--target", "90%"])
        #expect(named.text.contains("category: precision=0.9: auto from"), "\(named.text)")
        let report = try workspace.run([
            "evaluate", "--model", "next", "--against", "m", "--data", "t.jsonl", "--count-seen-rows",
        ])
        #expect(report.text.contains("Level auto of next") && report.text.contains("Level auto of m"))
    }

    @Test func `the curve alone changes nothing`() throws {
        let workspace = try Workspace()
        try trained(workspace)
        let manifest = try workspace.bytes("m/manifest.json")
        let names = try workspace.names()
        let outcome = try workspace.run(["models", "tune", "m"])
        #expect(outcome.status == 0)
        #expect(outcome.text.contains("answered   right   at least   from"))
        #expect(!outcome.text.contains("wrote"))
        #expect(try workspace.names() == names)
        #expect(try workspace.bytes("m/manifest.json") == manifest)
    }

    @Test func `label sets hold the best label, and are refused when rows are too few for them`() throws {
        let workspace = try Workspace()
        try trained(workspace)
        for row in try levels(workspace, ["--label-sets", "0.9"]) {
            let set = try #require(row["label_set"] as? [String])
            #expect(set.first == row["label"] as? String)
        }
        #expect(try levels(workspace).allSatisfy { $0["label_set"] == nil })
        #expect(
            try levels(workspace, ["--label-sets", "0.9", "--sets-by-label"])
                .allSatisfy { ($0["label_set"] as? [String])?.isEmpty == false })
        let outcome = try workspace.run([
            "classify", "--model", "m", "--kb", "none", "--input", "t.jsonl", "--label-sets", "0.999",
        ])
        #expect(outcome.status == 78)
        #expect(
            outcome.errors.contains(
                "label sets of that share need 999 held-out rows of category, and the bundle has 150"))
    }

    @Test(arguments: [
        (["--target", "precision=2"], Int32(64), "between 0 and 1"),
        (["--target", "sometimes"], 64, "precision=P or coverage=C"),
        (["--field", "team", "--target", "coverage=0.5"], 64, "Error: The model has no field 'team'"),
        (["--by-label"], 64, "needs --target or --costs"),
        (["--costs", "gone.json"], 66, "gone.json"),
        (["--costs", "c.json"], 65, "no label is called \"Nobody\""),
        (["--target", "coverage=0.5", "--costs", "c.json"], 64, "not both"),
        (["--label-mix", "c.json"], 65, "mistake needs an object"),
        (["--label-mix", "gone.json"], 66, "gone.json"),
        (["--label-mix", "train", "--label-mix-from", "t.jsonl"], 64, "not both"),
    ])
    func `what cannot be solved is refused`(words: [String], status: Int32, says: String) throws {
        let workspace = try Workspace()
        try trained(workspace)
        try workspace.write("c.json", #"{"review":1,"mistake":3,"mistakes":{"Nobody":{"Bug":4}}}"#)
        let outcome = try workspace.run(["models", "tune", "m"] + words)
        #expect(outcome.status == status, "\(outcome.errors)")
        #expect(outcome.errors.contains(says), "\(outcome.errors)")
        #expect(!(try workspace.names(".").contains("m.previous")))
    }

    @Test func `by label, the sentence tells the rule in force`() throws {
        let workspace = try Workspace()
        try trained(workspace)
        let outcome = try workspace.run(["models", "tune", "m", "--target", "precision=0.8", "--by-label"])
        #expect(outcome.text.contains("3 of 3 have a threshold"), "\(outcome.text)")
        let auto = try levels(workspace).count { $0["level"] as? String == "auto" }
        let card = String(decoding: try workspace.bytes("m/MODEL_CARD.md"), as: UTF8.self)
        #expect(auto > 0 && card.contains("by label, 3 of 3"))
        #expect(card.contains("Held-out rows were scored by weights"))
        // All measures have four decimals.
        #expect(
            card.contains(/\| category \| [0-9]+\.[0-9]{4} \| [0-9]\.[0-9]{4}, [0-9]\.[0-9]{4} \|/), "\(card)"
        )
        #expect(try workspace.run(["models", "diff", "m", "m.previous"]).text.contains("auto by label"))
    }

    @Test func `the card of a model without held-out rows has no figures, and explains none`() throws {
        let shown = try Workspace().run(["models", "show", "--model", TrainedBundle.plain()])
        #expect(shown.text.contains("No rows were held out, so there are no figures"), "\(shown.text)")
        #expect(!shown.text.contains("Held-out rows were scored") && !shown.text.contains("–, –"))
    }

    @Test(arguments: ["--predictions", "--html"])
    func `an output that is the input is refused`(option: String) throws {
        let workspace = try Workspace()
        try trained(workspace)
        let before = try workspace.bytes("t.jsonl")
        let words =
            option == "--html"
            ? ["audit", "--data", "t.jsonl", "--label", "category", "--embedding", "none"]
            : ["evaluate", "--model", "m", "--data", "t.jsonl"]
        let outcome = try workspace.run(words + [option, "t.jsonl"])
        #expect(outcome.status == 73 && outcome.errors.contains("it is the input too"), "\(outcome.errors)")
        #expect(try workspace.bytes("t.jsonl") == before)
    }

    @Test func `costs solve a threshold too`() throws {
        let workspace = try Workspace()
        try trained(workspace)
        try workspace.write("c.json", #"{"review":4,"mistake":15}"#)
        let outcome = try workspace.run(["models", "tune", "m", "--costs", "c.json", "--by-label"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(
            outcome.text.contains("category: cost, 4.0 for a review: auto by label, 3 of 3"),
            "\(outcome.text)")
    }

    @Test func `a label mix shifts the bias by its name, and is taken back`() throws {
        let workspace = try Workspace()
        try trained(workspace)
        let before = try workspace.bytes("m/manifest.json")
        try workspace.write("mix.json", #"{"category":{"Login":8,"Billing":1,"Bug":1}}"#)
        let tuned = try workspace.run(["models", "tune", "m", "--label-mix", "mix.json"])
        #expect(tuned.status == 0, "\(tuned.errors)")
        #expect(tuned.text.contains(" 33.33 % →  80.00 %  Login"), "\(tuned.text)")
        #expect(try workspace.run(["models", "verify", "m"]).status == 0)
        #expect(
            try workspace.run(["models", "diff", "m.previous", "m"]).text.contains("label mix: of training →")
        )
        let outcome = try workspace.run(
            ["explain", "--model", "m", "--kb", "none", "--json", "password invoice"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        let explanation = try #require(
            (outcome.objects.first?["explanation"] as? [String: Any])?["category"] as? [String: Any])
        let against = try #require(explanation["against"] as? [String: Any])
        let terms = try #require(against["terms"] as? [[String: Any]])
        func number(_ name: String) throws -> Double { try #require(against[name] as? Double) }
        let sum = try terms.reduce(number("bias") + number("rest")) { $0 + ($1["weight"] as? Double ?? .nan) }
        #expect(abs(sum - (try number("logit"))) < 1e-4)
        #expect(explanation["label"] as? String == "Login")
        #expect(try number("label_mix") > 0)
        let undone = try workspace.run(["models", "tune", "m", "--label-mix", "train"])
        #expect(undone.status == 0, "\(undone.errors)")
        #expect(try workspace.bytes("m/manifest.json") == before)
    }

    @Test func `thresholds are of rows that have the mix, and costs are asked for again`() throws {
        let workspace = try Workspace()
        try trained(workspace)
        try workspace.write("mix.json", #"{"category":{"Login":1,"Billing":1,"Bug":8}}"#)
        let tuned = try workspace.run(["models", "tune", "m", "--label-mix", "mix.json"])
        // Of 50 rows each, one in eight stays where the share is an eighth of the largest.
        #expect(!tuned.text.contains("of 150 held-out rows"), "\(tuned.text)")
        try workspace.write("c.json", #"{"review":4,"mistake":15}"#)
        #expect(try workspace.run(["models", "tune", "m", "--costs", "c.json"]).status == 0)
        let refused = try workspace.run(["models", "tune", "m", "--label-mix", "train"])
        #expect(
            refused.status == 65 && refused.errors.contains("give the costs or a target again")
                && refused.errors.contains("(--costs, --target)"),
            "\(refused.errors)")
        let both = try workspace.run([
            "models", "tune", "m", "--label-mix", "train", "--target", "coverage=0.5",
        ])
        #expect(both.status == 0, "\(both.errors)")
    }

    @Test func `unlabelled tickets tell their mix, or that there is no other`() throws {
        let workspace = try Workspace()
        try trained(workspace)
        let rows = String(decoding: try workspace.bytes("t.jsonl"), as: UTF8.self).split(separator: "\n")
        let logins = rows.enumerated().filter { $0.offset % 3 == 0 || $0.offset % 15 == 1 }.map(\.element)
        try workspace.write("live.jsonl", logins.joined(separator: "\n"))
        let tuned = try workspace.run(["models", "tune", "m", "--label-mix-from", "live.jsonl"])
        #expect(tuned.status == 0, "\(tuned.errors)")
        #expect(tuned.text.contains("label mix estimated from 60 tickets"), "\(tuned.text)")
        #expect(tuned.text.contains("an estimate by EM"))
        let same = try workspace.run(["models", "tune", "m", "--label-mix-from", "t.jsonl"])
        #expect(same.text.contains("no other label mix than training's"), "\(same.text)")
    }
}
