import Foundation
import Testing

struct EvaluateTests {
    private func json(_ workspace: Workspace, _ words: [String]) throws -> [String: Any] {
        let outcome = try workspace.run(["evaluate"] + words + ["--json"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        return try #require(outcome.objects.first)
    }

    private func field(_ report: [String: Any], _ name: String) throws -> [String: Any] {
        try #require((report["fields"] as? [String: Any])?[name] as? [String: Any])
    }

    @Test func `JSON has the figures by field, flat, with intervals and baselines beside`() throws {
        let workspace = try Workspace()
        try workspace.write("t.jsonl", TrainedBundle.tickets)
        let report = try json(workspace, ["--model", TrainedBundle.plain(), "--data", "t.jsonl"])
        #expect(report["rows"] as? Int == 36)
        let category = try field(report, "category")
        #expect(category["rows"] as? Int == 36)
        for name in ["accuracy", "macro_f1", "top3_accuracy", "log_loss", "brier", "ece", "aurc"] {
            #expect(category[name] is Double, "\(name)")
            #expect(((category["intervals"] as? [String: Any])?[name] as? [Double])?.count == 2, "\(name)")
        }
        #expect(category["unknown_labels"] as? Int == 0)
        let severity = try field(report, "severity")
        for name in ["under_triage", "over_triage", "quadratic_kappa", "mean_absolute_error"] {
            #expect(severity[name] is Double, "\(name)")
            #expect(category[name] == nil)
        }
        let baselines = try #require(category["baselines"] as? [String: [String: Double]])
        #expect(abs((baselines["most frequent label"]?["accuracy"] ?? 0) - 1.0 / 3) < 1e-5)
        #expect(baselines["label names as keywords"] != nil)
    }

    @Test func `one field is measured when one is asked for, and labels never seen count as wrong`() throws {
        let workspace = try Workspace()
        try workspace.write(
            "t.jsonl", #"{"text":"password login locked","category":"Hardware","severity":"Low"}"#)
        let report = try json(
            workspace, ["--model", TrainedBundle.plain(), "--data", "t.jsonl", "--label", "category"])
        #expect((report["fields"] as? [String: Any])?.count == 1)
        let category = try field(report, "category")
        #expect(category["unknown_labels"] as? Int == 1)
        #expect(category["accuracy"] as? Double == 0)
        #expect(category["log_loss"] is NSNull)
    }

    @Test func `rows without a label are counted, and a file without any is refused`() throws {
        let workspace = try Workspace()
        let few =
            #"{"text":"my login","category":"Login"}"# + "\n" + #"{"text":"my invoice","category":"N/A "}"#
        try workspace.write(
            "t.jsonl", TrainedBundle.tickets + #"{"text":"locked","category":""}"# + "\n" + few)
        let words = ["--model", try TrainedBundle.plain(), "--data", "t.jsonl"]
        let report = try json(workspace, words)
        #expect(try field(report, "category")["unlabelled"] as? Int == 1)
        #expect(try field(report, "severity")["unlabelled"] as? Int == 3)
        let text = try workspace.run(["evaluate"] + words).text
        #expect(text.contains("severity: 36 rows, 3 labels, 3 more without a label left out"), "\(text)")
        try workspace.write("other.jsonl", #"{"text":"my login","Kategorie":"Login"}"#)
        let other = try workspace.run(["evaluate"] + words + ["--data", "other.jsonl"])
        #expect(other.status == 65 && other.errors.contains("other.jsonl: "), "\(other.errors)")
    }

    @Test func `rows of the out-of-scope label are counted apart`() throws {
        let workspace = try Workspace()
        let strange = (0..<5).map { #"{"text":"zebra \#($0) quokka","category":"oos"}"# }.joined(
            separator: "\n")
        try workspace.write("t.jsonl", TrainedBundle.tickets + strange)
        let report = try json(
            workspace,
            [
                "--model", TrainedBundle.plain(), "--data", "t.jsonl", "--oos-label", "oos", "--label",
                "category",
            ])
        let category = try field(report, "category")
        #expect(category["rows"] as? Int == 36)
        #expect(category["unknown_labels"] as? Int == 0)
        let scope = try #require(category["scope"] as? [String: Any])
        #expect(scope["outside"] as? Int == 5)
        #expect((scope["auroc"] as? [String: Double])?["value"] == 1)
    }

    @Test func `label sets are measured where rows were held out, and refused where none were`() throws {
        let workspace = try Workspace()
        try workspace.write("t.jsonl", TrainedBundle.tickets)
        let trained = try workspace.run([
            "train", "--data", "t.jsonl", "--label", "category", "--embedding", "none", "--bits", "8",
            "--output", "m",
        ])
        #expect(trained.status == 0, "\(trained.errors)")
        let report = try json(workspace, ["--model", "m", "--data", "t.jsonl", "--label-sets", "0.9"])
        let sets = try #require(try field(report, "category")["label_sets"] as? [String: Any])
        #expect((sets["coverage"] as? [String: Double])?["value"] == 1)
        #expect(sets["mean_size"] as? Double == 1)
        let fixed = try workspace.run([
            "evaluate", "--model", TrainedBundle.plain(), "--data", "t.jsonl", "--label-sets", "0.9",
        ])
        #expect(fixed.status == 78 && fixed.errors.contains("the bundle has 0;"), "\(fixed.errors)")
    }

    @Test func `a report is three files of the same figures, with masked excerpts and no text on stderr`()
        throws
    {
        let workspace = try Workspace()
        let wrong = (0..<4).map {
            #"{"id":"w\#($0)","text":"password \#(Program.secret) from ann.lee@example.com","category":"Bug","channel":"mail"}"#
        }
        try workspace.write("t.jsonl", TrainedBundle.tickets + wrong.joined(separator: "\n"))
        let outcome = try workspace.run([
            "evaluate", "--model", TrainedBundle.plain(), "--data", "t.jsonl", "--report", "r", "--source",
            "channel", "--predictions", "p.jsonl",
        ])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(try workspace.names("r") == ["report.html", "report.json", "report.md"])
        for name in ["report.html", "report.json", "report.md"] {
            let text = String(decoding: try workspace.bytes("r/\(name)"), as: UTF8.self)
            #expect(text.contains(Program.secret) && !text.contains("ann.lee"), "\(name)")
            #expect(text.contains("mail") && !text.contains("…."), "\(name)")
            #expect(text.range(of: #"\b(nan|inf)\b"#, options: .regularExpression) == nil)
        }
        let predictions = String(decoding: try workspace.bytes("p.jsonl"), as: UTF8.self)
        #expect(predictions.split(separator: "\n").count == 36 * 2 + 4)
        #expect(!predictions.contains(Program.secret))
        let again = try workspace.run([
            "evaluate", "--model", TrainedBundle.plain(), "--data", "t.jsonl", "--report", "again",
            "--source",
            "channel",
        ])
        #expect(again.status == 0)
        for name in try workspace.names("r") {
            #expect(try workspace.bytes("r/\(name)") == workspace.bytes("again/\(name)"), "\(name)")
        }
    }

    @Test
    func `with the training file, baselines learn, duplicates are counted and a second bundle compared`()
        throws
    {
        let workspace = try Workspace()
        try TrainedBundle.copy(into: workspace)
        try workspace.write("t.jsonl", TrainedBundle.tickets)
        let outcome = try workspace.run([
            "evaluate", "--model", "plain", "--data", "t.jsonl", "--train", "t.jsonl", "--against",
            "embedded",
            "--learning-curve", "--report", "r", "--threads", "1",
        ])
        #expect(outcome.status == 0, "\(outcome.errors)")
        let report = try #require(
            JSONSerialization.jsonObject(with: Data(workspace.bytes("r/report.json"))) as? [String: Any])
        let category = try field(report, "category")
        let names = (category["baselines"] as? [[String: Any]] ?? []).compactMap { $0["name"] as? String }
        #expect(
            names.starts(with: [
                "most frequent label", "label names as keywords", "nearest tickets (BM25)",
                "naive Bayes on words", "n-grams alone",
            ]))
        #expect((category["near_duplicates"] as? [String: Any])?["rows"] as? Int == 36)
        let against = try #require(category["against"] as? [String: Any])
        #expect(against["rows"] as? Int == 36)
        #expect(against["mcnemar_exact_p"] is Double)
        let curve = try #require(category["learning_curve"] as? [[String: Any]])
        #expect(curve.map { $0["training_rows"] as? Int } == [4, 9, 18, 36])
    }

    /// In February both labels are written about in other words than in January.
    @Test func `splits in time stand beside splits at random, and show what time changes`() throws {
        let workspace = try Workspace()
        let words = [["password", "invoice"], ["printer", "router"]]
        let rows = (0..<120).map { number in
            let (month, label) = (number / 60, number % 2)
            return #"{"text":"\#(words[month][label]) w\#(number * 7919) v\#(number * 31)","#
                + #""category":"\#(["A", "B"][label])","day":"2024-0\#(month + 1)-1\#(number % 10)"}"#
        }
        try workspace.write("t.jsonl", rows.joined(separator: "\n"))
        let trained = try workspace.run([
            "train", "--data", "t.jsonl", "--label", "category", "--fixed", "--embedding", "none", "--output",
            "m",
        ])
        #expect(trained.status == 0, "\(trained.errors)")
        let outcome = try workspace.run([
            "evaluate", "--model", "m", "--data", "t.jsonl", "--train", "t.jsonl", "--time", "day",
            "--report", "r",
        ])
        #expect(outcome.status == 0, "\(outcome.errors)")
        let report = try #require(
            JSONSerialization.jsonObject(with: Data(workspace.bytes("r/report.json"))) as? [String: Any])
        let gap = try #require(try field(report, "category")["time_gap"] as? [String: Any])
        #expect((gap["steps"] as? [Any])?.count == 4)
        // Of 96 rows tested, the twelve that come before any of the new words was learnt are guessed.
        #expect(gap["gap"] as? Double == 0.0625)
    }

    @Test func `a second bundle of another field is refused`() throws {
        let workspace = try Workspace()
        try workspace.write("t.jsonl", TrainedBundle.tickets)
        try workspace.write(
            "u.jsonl", TrainedBundle.tickets.replacingOccurrences(of: "\"category\"", with: "\"team\""))
        let trained = try workspace.run([
            "train", "--data", "u.jsonl", "--label", "team", "--fixed", "--embedding", "none", "--bits", "8",
            "--output", "m",
        ])
        #expect(trained.status == 0, "\(trained.errors)")
        let outcome = try workspace.run([
            "evaluate", "--model", TrainedBundle.plain(), "--data", "t.jsonl", "--against", "m",
        ])
        #expect(outcome.status == 65 && outcome.output.isEmpty)
        #expect(
            outcome.errors.contains(
                "share no field with labelled rows (category, severity; of the second team)"))
        #expect(outcome.errors.contains("(--against)"), "\(outcome.errors)")
    }

    @Test func `labels never seen are listed ten at most, masked and short`() throws {
        let workspace = try Workspace()
        let strange = (0..<15).map {
            #"{"text":"password \#($0)","category":"mail ann.lee@example.com, number \#($0) of many that are far too long"}"#
        }
        try workspace.write("t.jsonl", TrainedBundle.tickets + strange.joined(separator: "\n"))
        let outcome = try workspace.run([
            "evaluate", "--model", TrainedBundle.plain(), "--data", "t.jsonl", "--label", "category",
            "--report", "r",
        ])
        #expect(outcome.status == 0, "\(outcome.errors)")
        let files = try ["html", "md", "json"].map {
            String(decoding: try workspace.bytes("r/report.\($0)"), as: UTF8.self)
        }
        for text in files + [outcome.text] {
            #expect(!text.contains("ann.lee") && !text.contains("far too long"))
            #expect(text.contains("5 other labels"))
        }
        for text in files.prefix(2) + [outcome.text] {
            #expect(text.contains("Log-loss of 36 rows") && text.contains("Brier score of 36 rows"))
        }
    }

    @Test func `levels are classify's, floors of the playbook and all`() throws {
        let workspace = try Workspace()
        try workspace.write("t.jsonl", TrainedBundle.tickets)
        try workspace.write("site/a.md", "---\nid: A-1\ntitle: Password\n---\nReset it.\n")
        try workspace.write(
            "site/playbook.yaml", "floors:\n  - {id: locked, raise_to: Critical, any: [invoice]}\n")
        for kb in ["site", "none"] {
            let options = ["--model", try TrainedBundle.plain(), "--kb", kb]
            let decided = try workspace.run(["classify", "--json", "--input", "t.jsonl"] + options)
            #expect(decided.status == 0, "\(decided.errors)")
            let wanted = decided.objects.compactMap { object in
                ((object["predictions"] as? [String: Any])?["severity"] as? [String: Any])?["level"]
                    as? String
            }
            #expect(wanted.contains("review") == (kb == "site"), "\(wanted)")
            let measured = try workspace.run(
                ["evaluate", "--data", "t.jsonl", "--label", "severity", "--predictions", "p.jsonl"] + options
            )
            #expect(measured.status == 0, "\(measured.errors)")
            let found = String(decoding: try workspace.bytes("p.jsonl"), as: UTF8.self).split(separator: "\n")
            #expect(found.count == wanted.count && found.count == 36)
            for (line, level) in zip(found, wanted) { #expect(line.contains(#""level":"\#(level)""#)) }
        }
        let gone = try workspace.run([
            "evaluate", "--model", TrainedBundle.plain(), "--data", "t.jsonl", "--kb", "gone",
        ])
        #expect(gone.status == 66 && gone.errors.contains("gone"))
    }

    static let failing: [FailingRun] = [
        FailingRun(
            name: "too few rows for time", files: ["t.jsonl": TrainedBundle.tickets],
            words: ["--data", "t.jsonl", "--train", "t.jsonl", "--time", "id"], status: 65,
            says: ["36 rows cannot be split in time", "at least 50"]),
        FailingRun(
            name: "time without a training file", files: ["t.jsonl": TrainedBundle.tickets],
            words: ["--data", "t.jsonl", "--time", "day"], status: 64, says: ["need --train"]),
        FailingRun(
            name: "a source column that is not there", files: ["t.jsonl": TrainedBundle.tickets],
            words: ["--data", "t.jsonl", "--source", "channel"], status: 65,
            says: ["\"channel\"", "name another column", "(--source)"]),
        FailingRun(
            name: "an out-of-scope label that no row has", files: ["t.jsonl": TrainedBundle.tickets],
            words: ["--data", "t.jsonl", "--oos-label", "OOS"], status: 65,
            says: ["no row has the label \"OOS\"", "as the data spells it", "(--oos-label)"]),
        FailingRun(
            name: "minutes below zero", files: ["t.jsonl": TrainedBundle.tickets],
            words: ["--data", "t.jsonl", "--review-minutes", "-1"], status: 64, says: ["--review-minutes"]),
        FailingRun(
            name: "a report over somebody's files",
            files: ["t.jsonl": TrainedBundle.tickets, "r/mine.txt": "x"],
            words: ["--data", "t.jsonl", "--report", "r"], status: 73,
            says: ["no report.json", "name a new folder"]),
        FailingRun(
            name: "a second bundle that is not there", files: ["t.jsonl": TrainedBundle.tickets],
            words: ["--data", "t.jsonl", "--against", "gone"], status: 66,
            says: ["gone: no such file or folder"]),
        FailingRun(
            name: "a training file without the label",
            files: [
                "t.jsonl": TrainedBundle.tickets, "u.jsonl": #"{"text":"\#(Program.secret)","team":"A"}"#,
            ],
            words: ["--data", "t.jsonl", "--train", "u.jsonl"], status: 65, says: ["u.jsonl", "category"]),
    ]

    @Test(arguments: failing)
    func `an evaluation that cannot succeed says why and writes nothing`(_ run: FailingRun) throws {
        let workspace = try Workspace()
        for (name, text) in run.files { try workspace.write(name, text) }
        let before = try workspace.names()
        let outcome = try workspace.run(["evaluate", "--model", TrainedBundle.plain()] + run.words)
        #expect(outcome.status == run.status, "\(outcome.errors)")
        for part in run.says { #expect(outcome.errors.contains(part), "\(outcome.errors)") }
        #expect(outcome.output.isEmpty)
        #expect(try workspace.names() == before)
    }

    @Test func `a training is measured on its own rows, each by a bundle of the other folds`() throws {
        let workspace = try Workspace()
        let kinds = [
            (["password", "login", "locked", "account"], "Login", "High"),
            (["invoice", "refund", "charged", "fee"], "Billing", "Low"),
        ]
        let rows = (0..<80).map { number in
            let (list, category, severity) = kinds[number % 2]
            let word = list[number / 2 % 4]
            return
                #"{"text":"\#(word) w\#(number * 37) x\#(number * 53) y\#(number * 71)","category":"\#(category)","#
                + #""severity":"\#(severity)"}"#
        }
        // Nothing in the other rows tells what this one is: a bundle that had seen it would.
        let strange = (0..<2).map {
            #"{"text":"zebra quokka lemur","category":"Animal\#($0)","severity":"Low"}"#
        }
        try workspace.write("t.jsonl", (rows + strange).joined(separator: "\n"))
        let words = ["--cross-validate", "--data", "t.jsonl", "--label", "category", "--label", "severity"]
        let report = try json(workspace, words + ["--threads", "1"])
        #expect(report["rows"] as? Int == 82)
        let category = try field(report, "category")
        #expect(category["rows"] as? Int == 82 && category["unknown_labels"] as? Int == 0)
        #expect(abs((category["accuracy"] as? Double ?? 0) - 80.0 / 82) < 1e-5)
        #expect(try field(report, "severity")["under_triage"] is Double)
        let bundle = try workspace.run(["evaluate", "--model", TrainedBundle.plain()] + words)
        #expect(bundle.status == 64 && bundle.errors.contains("--model is of one bundle"), "\(bundle.errors)")
        let stray = try workspace.run(["evaluate", "--merge-labels", "--data", "t.jsonl"])
        #expect(stray.status == 64 && stray.errors.contains("--merge-labels belongs to --cross-validate"))
        let unlabelled = try workspace.run(["evaluate", "--cross-validate", "--data", "t.jsonl"])
        #expect(unlabelled.status == 64 && unlabelled.errors.contains("needs --label"))
        try workspace.write(
            "few.jsonl", #"{"text":"a b","category":"X"}"# + "\n" + #"{"text":"c d","category":"Y"}"#)
        let few = try workspace.run([
            "evaluate", "--cross-validate", "--data", "few.jsonl", "--label", "category",
        ])
        #expect(few.status == 65 && few.errors.contains("2 rows are too few for 5 folds"), "\(few.errors)")
    }
}
