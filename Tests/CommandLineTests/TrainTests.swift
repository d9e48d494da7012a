import Foundation
import Testing

/// A run of `train` or `evaluate` that must fail, and how.
struct FailingRun: Sendable, CustomTestStringConvertible {
    var name: String
    var files: [String: String] = [:]
    var words: [String]
    var input = ""
    var status: Int32
    var says: [String]

    var testDescription: String { name }

    private static let open = #"{"id":"o","category":"A","text":"\#(Program.secret)"#
    private static let train = ["train", "--output", "new", "--embedding", "none", "--fixed", "--data"]

    /// Two labels and a word or two of its own for each of a thousand tickets.
    private static let manyWords = (0..<1000).map {
        #"{"text":"w\#($0 * 7919) v\#($0 * 104_729) password invoice","category":"\#($0 % 2)"}"#
    }.joined(separator: "\n")

    /// Tickets with a date, but for the second.
    private static func dated(_ second: String) -> String {
        TrainedBundle.tickets.split(separator: "\n").enumerated().map { number, line in
            line.dropLast() + #","day":"\#(number == 1 ? second : "2024-05-\(10 + number % 20)")"}"#
        }.joined(separator: "\n")
    }

    private static func rows(_ count: Int, _ row: String) -> String {
        [String](repeating: row, count: count).joined(separator: "\n")
    }

    static let training: [FailingRun] = [
        FailingRun(
            name: "no such file", words: train + ["gone.jsonl", "--label", "category"], status: 66,
            says: ["gone.jsonl", "check the path"]),
        FailingRun(
            name: "a folder", files: ["d/x": ""], words: train + ["d", "--label", "category"], status: 66,
            says: ["d: the folder has no mail", "name a maildir"]),
        FailingRun(
            name: "an empty file", files: ["t.jsonl": ""], words: train + ["t.jsonl", "--label", "category"],
            status: 66, says: ["t.jsonl: no records", "give JSON Lines"]),
        FailingRun(
            name: "empty standard input", words: train + ["-", "--label", "category"], status: 66,
            says: ["standard input: no records"]),
        FailingRun(
            name: "an empty CSV file", files: ["t.csv": ""], words: train + ["t.csv", "--label", "category"],
            status: 66, says: ["t.csv: no records"]),
        FailingRun(
            name: "one label only", files: ["t.jsonl": rows(20, open + #"y"}"#)],
            words: train + ["t.jsonl", "--label", "category"], status: 65,
            says: ["every row has category \"A\"", "training requires two labels"]),
        FailingRun(
            name: "a label column that is missing", files: ["t.jsonl": rows(3, open + #""}"#)],
            words: train + ["t.jsonl", "--label", "team"], status: 65,
            says: ["t.jsonl", "column \"team\"", "category, id, text", "name the label's column (--label)"]),
        FailingRun(
            name: "a CSV file without a header",
            files: ["t.csv": "\(Program.secret) and other words of a ticket,Login\nsecond ticket,Bug\n"],
            words: train + ["t.csv", "--label", "category", "--text", "text"], status: 65,
            says: ["t.csv: no column \"text\"", "its columns: Login", "(--text)"]),
        FailingRun(
            name: "a CSV file without a header, a label named",
            files: [
                "t.csv": "\(Program.secret) and other words of a ticket,text\nsecond ticket,Bug\n"
            ], words: train + ["t.csv", "--label", "category"], status: 65,
            says: ["t.csv", "column \"category\"", "its columns: text"]),
        FailingRun(
            name: "labels that are lists",
            files: ["t.jsonl": #"{"text":"\#(Program.secret)","category":["A","B"]}"#],
            words: train + ["t.jsonl", "--label", "category"], status: 65,
            says: [
                "t.jsonl: none of its 1 records", "line 1", "\"category\" is a list", "--tags",
            ]),
        FailingRun(
            name: "every row broken", files: ["t.jsonl": open + "\n" + open],
            words: train + ["t.jsonl", "--label", "category"], status: 65,
            says: ["t.jsonl: none of its 2 records", "line 1"]),
        FailingRun(
            name: "no text in any row",
            files: [
                "t.jsonl": rows(9, #"{"text":"","category":"A"}"#) + "\n"
                    + rows(9, #"{"text":"","category":"B"}"#)
            ],
            words: train + ["t.jsonl", "--label", "category"], status: 65,
            says: ["t.jsonl: 18 of 18 rows have no text in text", "(--text)"]),
        FailingRun(
            name: "no word in two rows",
            files: [
                "t.jsonl": #"{"text":"apple","category":"A"}"# + "\n" + #"{"text":"birch","category":"B"}"#
            ],
            words: train + ["t.jsonl", "--label", "category"], status: 65,
            says: ["no two rows share a word", "text columns", "(--text)"]),
        FailingRun(
            name: "a matrix that is not there", files: ["t.jsonl": TrainedBundle.tickets],
            words: [
                "train", "--output", "new", "--fixed", "--embedding", "nowhere", "--data", "t.jsonl",
                "--label", "category",
            ],
            status: 66, says: ["nowhere: no such file or folder"]),
        FailingRun(
            name: "a time that no row has", files: ["t.jsonl": TrainedBundle.tickets],
            words: train + ["t.jsonl", "--label", "category", "--time", "created"], status: 64,
            says: ["No row has a value in column 'created'", "--time"]),
        FailingRun(
            name: "a time that is no date", files: ["t.jsonl": dated("yesterday")],
            words: train + ["t.jsonl", "--label", "category", "--time", "day"], status: 65,
            says: [
                "t.jsonl:2: column \"day\" holds no date like 2024-05-31",
                "train without a time column (--time)",
            ]),
        FailingRun(
            name: "a label that is text too", files: ["t.jsonl": TrainedBundle.tickets],
            words: train + ["t.jsonl", "--label", "category", "--text", "text,Category"], status: 64,
            says: ["Column 'category' is a label and text at once", "--text"]),
        FailingRun(
            name: "an out-of-scope label that no row has", files: ["t.jsonl": TrainedBundle.tickets],
            words: train + ["t.jsonl", "--label", "category", "--oos-label", "OOS"], status: 64,
            says: ["No row has the label 'OOS'", "--oos-label"]),
        FailingRun(
            name: "a group that no row has", files: ["t.jsonl": TrainedBundle.tickets],
            words: train + ["t.jsonl", "--label", "category", "--group", "requester"], status: 64,
            says: ["No row has a value in column 'requester'", "--group"]),
        FailingRun(
            name: "too little memory allowed", files: ["t.jsonl": manyWords],
            words: train + ["t.jsonl", "--label", "category", "--memory", "1"], status: 65,
            says: ["raise the memory limit (--memory)"]
        ),
    ]

    static let usage: [FailingRun] = [
        FailingRun(
            name: "an unknown flag", words: ["classify", "--colour"], status: 64,
            says: ["--colour", "Usage:"]),
        FailingRun(name: "an unknown command", words: ["clasify"], status: 64, says: ["clasify"]),
        FailingRun(
            name: "train without a label", files: ["t": "text\na b\nc d\n"],
            words: ["train", "--data", "t", "--output", "new"], status: 64,
            says: ["No column with one label a ticket is evident in t", "--label"]),
        FailingRun(
            name: "train without an output", words: ["train", "--data", "t", "--label", "a"], status: 64,
            says: ["--output"]),
        FailingRun(
            name: "a label twice", words: train + ["t", "--label", "a", "--label", "a"], status: 64,
            says: ["A label column is given twice"]),
        FailingRun(
            name: "a column as a label and in a tree",
            words: train + ["t", "--label", "b", "--tree", "a,b"], status: 64,
            says: ["A label column is given twice", "--tree"]),
        FailingRun(
            name: "a tree without a column", words: train + ["t", "--tree", ","], status: 64,
            says: ["--tree takes names of columns"]),
        FailingRun(
            name: "a target of tags that is none",
            words: train + ["t", "--tags", "a", "--tag-target", "coverage=0.5"], status: 64,
            says: ["--tag-target takes f1"]),
        FailingRun(
            name: "bits out of range", words: train + ["t", "--label", "a", "--bits", "40"], status: 64,
            says: ["--bits"]),
        FailingRun(
            name: "runs the wrong way round", words: train + ["t", "--label", "a", "--characters", "5-3"],
            status: 64, says: ["--characters"]),
        FailingRun(
            name: "no threads", words: train + ["t", "--label", "a", "--threads", "0"], status: 64,
            says: ["--threads"]),
        FailingRun(
            name: "no memory", words: train + ["t", "--label", "a", "--memory", "-5"], status: 64,
            says: ["--memory"]),
        FailingRun(
            name: "words for a number", words: train + ["t", "--label", "a", "--words", "many"], status: 64,
            says: ["--words"]),
        FailingRun(
            name: "explain without a ticket", words: ["explain"], status: 64, says: ["Give one ticket"]),
        FailingRun(name: "search for nothing", words: ["search"], status: 64, says: ["Give one question"]),
        FailingRun(
            name: "no articles wanted", words: ["search", "--top", "0", "x"], status: 64, says: ["--top"]),
        FailingRun(
            name: "two outputs at once", words: ["classify", "--table", "--output", "t.txt", "--json"],
            status: 64, says: ["--table"]),
        FailingRun(
            name: "no model anywhere", words: ["classify"], status: 69,
            says: ["no model in", "name a model's folder", "(--model)"]),
        FailingRun(
            name: "a model that is not there", words: ["classify", "--model", "gone"], status: 66,
            says: ["gone: no such file or folder"]),
        FailingRun(
            name: "a card of a model that is not there", words: ["models", "show", "--model", "gone"],
            status: 66,
            says: ["gone: no such file or folder"]),
        FailingRun(
            name: "models of a file", files: ["m": "x"], words: ["models", "list", "m"], status: 74,
            says: ["m: cannot be read (it is not a folder); name a folder"]),
        FailingRun(
            name: "models of a folder that is not there", words: ["models", "list", "gone"], status: 66,
            says: ["gone: no such file or folder"]),
        FailingRun(
            name: "a model that is a file", files: ["m": "x"], words: ["classify", "--model", "m"],
            status: 74, says: ["m: cannot be read"]),
        FailingRun(
            name: "search without a KB", words: ["search", "x"], status: 69,
            says: ["no knowledge base in", "name its folder", "(--kb)"]),
    ]
}

struct TrainTests {
    @Test(arguments: FailingRun.training + FailingRun.usage)
    func `a run that cannot succeed says why and writes nothing`(_ run: FailingRun) throws {
        let workspace = try Workspace()
        for (name, text) in run.files { try workspace.write(name, text) }
        let before = try workspace.names()
        let outcome = try workspace.run(run.words, input: Array(run.input.utf8))
        #expect(outcome.status == run.status, "\(outcome.errors)")
        for part in run.says { #expect(outcome.errors.contains(part), "\(outcome.errors)") }
        #expect(outcome.output.isEmpty)
        #expect(try workspace.names() == before)
    }

    @Test func `bad rows are named and left out, and the bundle is that of the good ones`() throws {
        let workspace = try Workspace()
        let bad = [
            "{\"text\":\"\(Program.secret)", "{\"text\":\"\(Program.secret)\",\"category\":[\"A\"]}",
            "{\"text\":\"\(Program.secret) \\ud800\",\"category\":\"A\"}", "{\"category\":\"A\"}",
        ]
        try workspace.write("good.jsonl", TrainedBundle.tickets)
        try workspace.write("mixed.jsonl", bad.joined(separator: "\n") + "\n" + TrainedBundle.tickets)
        var bundles: [[UInt8]] = []
        for file in ["good", "mixed"] {
            let outcome = try workspace.run([
                "train", "--data", "\(file).jsonl", "--label", "category", "--fixed", "--embedding", "none",
                "--output", "\(file)/m",
            ])
            #expect(outcome.status == 0)
            if file == "mixed" {
                for line in 1...4 { #expect(outcome.errors.contains("mixed.jsonl: line \(line): ")) }
                #expect(outcome.text.contains("4 bad"))
            }
            bundles.append(try workspace.bytes("\(file)/m/manifest.json"))
        }
        #expect(bundles[0] == bundles[1])
    }

    /// The tickets of `TrainedBundle`, every third label spelled in another form.
    private static let inForms: String = {
        let forms = ["Login": "login", "Billing": "BILLING ", "Bug": "bug"]
        let rows = TrainedBundle.tickets.split(separator: "\n").enumerated().map { number, row in
            number % 3 > 0
                ? String(row)
                : forms.reduce(String(row)) {
                    $0.replacing("\"category\":\"\($1.key)\"", with: "\"category\":\"\($1.value)\"")
                }
        }
        return rows.joined(separator: "\n")
    }()

    /// Trains on `t.jsonl` with the documented settings; the model's folder and more options follow.
    private func trained(_ workspace: Workspace, _ more: [String]) throws -> Outcome {
        let fixed = ["--label", "category", "--fixed", "--bits", "8", "--embedding", "none"]
        return try workspace.run(["train", "--data", "t.jsonl"] + fixed + ["--output"] + more)
    }

    @Test func `each file of several must have labels`() throws {
        let workspace = try Workspace()
        try workspace.write("t.jsonl", TrainedBundle.tickets)
        try workspace.write("other.csv", "subject,Kategorie\nlocked,Login\ninvoice,Billing\n")
        let refused = try trained(workspace, ["m", "--data", "other.csv"])
        #expect(refused.status == 65)
        #expect(
            refused.errors.contains("no row of other.csv has a value in column \"category\""),
            "\(refused.errors)")
        try workspace.write("part.csv", "subject,category\nlocked,Login\ninvoice,Billing\n")
        let both = try trained(workspace, ["m", "--data", "part.csv", "--label", "severity"])
        #expect(both.status == 0)
        #expect(
            both.errors.contains("part.csv: none of its 2 rows has a label in severity"), "\(both.errors)")
    }

    @Test func `forms of a label are reported, joined on request, and then known to every command`() throws {
        let workspace = try Workspace()
        try workspace.write("t.jsonl", Self.inForms)
        func train(_ more: [String]) throws -> Outcome { try trained(workspace, more) }
        let apart = try train(["apart"])
        let forms = "Billing 8, BILLING 4; Bug 8, bug 4; Login 8, login 4"
        #expect(apart.text.contains("category: 6 labels,"), "\(apart.errors)")
        #expect(
            apart.text.contains(
                "category: label forms: \(forms): one label each? --merge-labels joins them and leaves 3 labels\n"
            ),
            "\(apart.text)")
        let joined = try train(["joined", "--merge-labels"])
        #expect(joined.text.contains("category: 3 labels,"))
        #expect(joined.text.contains("category: label forms joined, each into the first: \(forms)\n"))
        let report = try #require(try train(["json", "--merge-labels", "--json"]).objects.first)
        let field = try #require((report["fields"] as? [String: [String: Any]])?["category"])
        #expect((field["label_forms"] as? [[Any]])?.count == 3)
        #expect(field["forms_joined"] as? Bool == true && field["unlabelled"] as? Int == 0)
        try workspace.write("others.jsonl", Self.inForms.replacing("login", with: "LOGIN"))
        for (model, unknown) in [("apart", 4), ("joined", 0)] {
            let measured = try workspace.run([
                "evaluate", "--json", "--model", model, "--data", "others.jsonl",
            ])
            let fields = measured.objects.first?["fields"] as? [String: [String: Any]]
            #expect(fields?["category"]?["unknown_labels"] as? Int == unknown, "\(model) \(measured.errors)")
            let hint = "category: 4 rows with a label in another form than the bundle's: LOGIN for "
            #expect(measured.errors.contains(hint) == (unknown > 0), "\(measured.errors)")
        }
        let audit = try workspace.run([
            "audit", "--data", "t.jsonl", "--label", "category", "--embedding", "none", "--merge-labels",
        ])
        #expect(audit.errors.contains("label forms joined"))
        #expect(audit.errors.contains("category: 36 rows, 3 labels"), "\(audit.errors)")
    }

    @Test func `corrections win over the data, and rows of one id are compared`() throws {
        let workspace = try Workspace()
        let twice =
            #"{"id":"Bug-0","text":"crash error broken number 0 please","category":"Login","severity":"Low"}"#
        try workspace.write("t.jsonl", TrainedBundle.tickets + twice + "\n")
        try workspace.write("right.csv", "id,category\nBug-0,Bug\nnone-1,Bug\n")
        func train(_ more: [String]) throws -> Outcome { try trained(workspace, more) }
        let before = try train(["m"])
        #expect(
            before.text.contains(
                "1 id whose rows have different labels: Bug-0; give the right ones with --corrections"),
            "\(before.text) \(before.errors)")
        let after = try train(["m", "--corrections", "right.csv"])
        #expect(
            after.text.contains("corrections: 1 label changed, 1 confirmed, 0 rows added\n"), "\(after.text)")
        #expect(after.text.contains("corrections: 1 id in no row and without a text: none-1;"))
        #expect(after.text.contains("1 row with the id, text and labels of an earlier row;"))
        try workspace.write("empty.csv", "id,category\nBug-0,\n")
        let refused = try train(["n", "--corrections", "empty.csv"])
        #expect(
            refused.status == 65 && refused.errors.contains("no row has a label in category"),
            "\(refused.errors)")
        #expect(refused.errors.contains("--corrections"))
    }

    @Test func `training counts languages, and expects them only of rows that are the site's own`() throws {
        let workspace = try Workspace()
        let kinds = [
            ("der Drucker druckt seit heute nicht mehr", "Bug"),
            ("ich habe mein Kennwort vergessen", "Login"),
        ]
        let rows = (0..<24).map {
            #"{"text":"\#(kinds[$0 % 2].0) \#($0)","category":"\#(kinds[$0 % 2].1)"}"#
        }
        try workspace.write("t.jsonl", rows.joined(separator: "\n"))
        let identifier = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("models/language").path
        let train = [
            "train", "--data", "t.jsonl", "--label", "category", "--fixed", "--embedding", "none", "--output",
        ]
        for (name, words, counted) in [
            ("site", ["--language", identifier], true), ("none", ["--language", "none"], false),
            ("cold", ["--language", identifier, "--cold-start"], false),
        ] {
            let outcome = try workspace.run(train + [name] + words)
            #expect(outcome.status == 0, "\(outcome.errors)")
            let manifest = String(decoding: try workspace.bytes("\(name)/manifest.json"), as: UTF8.self)
            #expect(manifest.contains("\"languages\" : {\n    \"de\" : 1\n  }") == counted, "\(name)")
            #expect(manifest.contains("languages") == counted, "\(name)")
            let rows = manifest.contains("\"languageRows\" : {\n    \"de\" : 24\n  }")
            #expect(rows == (name != "none"), "\(name)")
            #expect(outcome.text.contains("rows by language: de 24\n") == rows, "\(name)")
            let card = String(decoding: try workspace.bytes("\(name)/MODEL_CARD.md"), as: UTF8.self)
            #expect(card.contains("Training rows by language: de 24.") == rows, "\(name)")
        }
        let missing = try workspace.run(train + ["m", "--language", "gone"])
        #expect(missing.status != 0 && missing.errors.contains("gone"))
    }

    @Test func `a huge ticket is cut in training as in deciding`() throws {
        let workspace = try Workspace()
        let huge = #"{"category":"Bug","text":"\#(String(repeating: "crash error ", count: 900_000))"}"#
        try workspace.write("t.jsonl", huge + "\n" + TrainedBundle.tickets)
        let outcome = try workspace.run([
            "train", "--data", "t.jsonl", "--label", "category", "--fixed", "--embedding", "none", "--output",
            "m",
        ])
        #expect(outcome.status == 0, "\(outcome.errors)")
    }

    @Test(arguments: [
        ("empty.jsonl", "", "empty.jsonl: no records", 66),
        (
            "t.jsonl", "{\"text\":\"\(Program.secret)",
            "t.jsonl: none of its 1 records can be used; the first: line 1", 65
        ),
        (
            "t.jsonl", "{\"text\":\"\(Program.secret)\"}",
            "t.jsonl: no record has a value in column category", 65
        ),
        ("mixed.jsonl", "{broken\n" + TrainedBundle.tickets, "mixed.jsonl: line 1: not JSON", 65),
        ("t.csv", "text,category,text\n", "t.csv: no records", 66),
    ])
    func `evaluate names what it cannot use`(file: String, text: String, sentence: String, status: Int32)
        throws
    {
        let workspace = try Workspace()
        try workspace.write(file, text)
        let outcome = try workspace.run(["evaluate", "--model", TrainedBundle.plain(), "--data", file])
        #expect(outcome.status == status)
        #expect(outcome.errors.contains(sentence), "\(outcome.errors)")
    }

    @Test func `labels that the bundle does not know have no log-loss, and are said`() throws {
        let workspace = try Workspace()
        try workspace.write("t.jsonl", #"{"text":"password","category":"Strange"}"#)
        let words = ["evaluate", "--model", try TrainedBundle.plain(), "--data", "t.jsonl"]
        let text = try workspace.run(words)
        #expect(text.status == 0 && text.text.contains("1 row with a label that the model does not know"))
        #expect(text.text.contains(/Log-loss of 0 rows +– +–/))
        #expect(text.errors.contains("its own are Billing, Bug, Login: check the column"))
        let json = try workspace.run(words + ["--json"])
        #expect(json.text.contains(#""log_loss":null"#))
    }

    @Test func `evaluate names the fields there are`() throws {
        let workspace = try Workspace()
        let words = ["evaluate", "--model", try TrainedBundle.plain(), "--data", "t", "--label", "team"]
        let outcome = try workspace.run(words)
        #expect(outcome.status == 64)
        #expect(outcome.errors.contains("no field 'team'; its fields are category, severity"))
        #expect(!outcome.errors.contains("Usage:"), "what the data shows is no fault of the command's form")
    }
}
