import Foundation
import Testing
import TriageLLM
import TriageSettings

/// Drafts and LLM mode at the command line, with the shipped model and KB; no server answers.
struct LanguageModelTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path
    private static let places = ["--model", "\(root)/models/starter", "--kb", "\(root)/kb"]
    private static let nobody = ["--llm-url", "http://127.0.0.1:9/v1", "--llm-model", "none"]

    @Test func `draft writes a reply for one ticket, and says where it comes from`() throws {
        let workspace = try Workspace()
        let outcome = try workspace.run(["draft"] + Self.places + ["I was charged twice for my order 4711"])
        #expect(outcome.status == 0)
        #expect(outcome.text.hasPrefix("Hello,\n\nThank you for your message."))
        #expect(
            outcome.text.contains("1. the order number") && outcome.text.contains("(Based on: KB-121"))
        #expect(!outcome.text.contains("Ask for order number"))
        #expect(outcome.errors == "triage: draft by template (no_model), en, based on KB-121\n")
    }

    @Test func `a draft says nothing of how an account is unlocked, nor what an empty ticket means`() throws {
        let workspace = try Workspace()
        let locked = try workspace.run(["draft"] + Self.places + ["please unlock my account"]).text
        #expect(locked.contains("“please unlock my account”"))
        for word in ["4740", "domain controller", "Verify the caller", "Service desk handles"] {
            #expect(!locked.contains(word))
        }
        let empty = try workspace.run(["draft"] + Self.places + [""]).text
        #expect(empty.contains("has reached us") && !empty.contains("understand:") && !empty.contains("–"))
    }

    @Test func `draft writes JSON Lines for many, with a bad row's error in its place`() throws {
        let workspace = try Workspace()
        let rows =
            #"{"id":"a","text":"I was charged twice"}"# + "\n{\n" + #"{"id":"c","text":"\#(Program.secret)"}"#
            + "\n"
        try workspace.write("t.jsonl", rows)
        let outcome = try workspace.run(["draft", "--input", "t.jsonl"] + Self.places)
        #expect(outcome.status == 65)
        let objects = outcome.objects
        #expect(objects.count == 3 && objects[0]["source"] as? String == "template")
        #expect(objects[0]["based_on"] as? [String] == ["KB-121"] && objects[1]["error"] != nil)
        #expect(
            Set(objects[0].keys) == [
                "id", "draft", "source", "reason", "language", "based_on", "model", "usage", "cost",
            ])
    }

    @Test
    func `a model that nobody serves leaves the engine's decisions and the template's drafts, and says so`()
        throws
    {
        let workspace = try Workspace()
        try workspace.write("t.jsonl", #"{"id":"a","text":"I was charged twice"}"# + "\n")
        let plain = try workspace.run(["classify", "--input", "t.jsonl"] + Self.places).objects
        let judged = try workspace.run(["classify", "--input", "t.jsonl"] + Self.places + Self.nobody)
        #expect(judged.status == 0)
        #expect(judged.objects.first?["category"] as? String == plain.first?["category"] as? String)
        #expect(
            judged.objects.first?["notes"] as? String
                == "The engine's labels stand: no answer of the language model (unreachable).")
        #expect(
            judged.errors.contains(
                "triage: warning: the engine alone decided 1 of 1 ticket: the language model"),
            "\(judged.errors)")
        let draft = try workspace.run(
            ["draft", "--json"] + Self.places + Self.nobody + ["I was charged twice"])
        #expect(draft.objects.first?["reason"] as? String == "unreachable")
        #expect(draft.objects.first?["source"] as? String == "template")
    }

    @Test(
        arguments: [
            (["--llm-url", "http://127.0.0.1:9/v1"], 64), (["--llm-fields", "category"], 64),
            (["--llm-below", "2"] + nobody, 64), (["--llm-fields", "colour"] + nobody, 78),
            (["--llm-url", "http://example.com/v1", "--llm-model", "m"], 78),
            (["--llm-url", "gopher://localhost", "--llm-model", "m"], 64),
            (["--llm-timeout", "soon"] + nobody, 64), (["--llm-retries", "11"] + nobody, 64),
            (["--llm-decision-timeout", "3s"], 64), (["--llm-model", "m"], 64),
            (["--llm-budget-daily", "1"] + nobody, 78), (["--llm-price", "1"] + nobody, 64),
            (["--llm-prices", "missing.json"] + nobody, 66), (["--explain"] + nobody, 64),
        ] as [([String], Int32)])
    func `settings that cannot be used are said before anything is decided`(words: [String], status: Int32)
        throws
    {
        let workspace = try Workspace()
        try workspace.write("t.jsonl", #"{"id":"a","text":"I was charged twice"}"# + "\n")
        let outcome = try workspace.run(["classify", "--input", "t.jsonl"] + Self.places + words)
        #expect(outcome.status == status, "\(outcome.errors)")
        #expect(outcome.output.isEmpty && !outcome.errors.isEmpty)
    }

    @Test(arguments: ["classify", "draft", "compare"])
    func `a key on the command line is refused with the reason, and not repeated`(command: String) throws {
        for words in [["--llm-key", "hunter2"], ["--llm-key=hunter2"]] {
            let outcome = try Workspace().run([command] + words)
            #expect(outcome.status == 64 && !outcome.errors.contains("hunter2"))
            #expect(outcome.errors.contains("use TRIAGE_LLM_KEY or --llm-key-file"), "\(outcome.errors)")
        }
    }

    @Test func `help for a command that does not exist names the nearest one`() throws {
        let workspace = try Workspace()
        let wrong = try workspace.run(["help", "serv"])
        #expect(wrong.status == 64 && wrong.output.isEmpty)
        #expect(wrong.errors == "triage: there is no command serv; did you mean serve?\n")
        #expect(try workspace.run(["help", "models", "shwo"]).errors.contains("did you mean show?"))
        #expect(try workspace.run(["help", "models", "show"]).text.contains("triage models show"))
        #expect(try workspace.run(["help"]).status == 0)
    }

    @Test func `a record of spending that cannot be used is an error before anything is decided`() throws {
        let workspace = try Workspace()
        try workspace.write("t.jsonl", #"{"id":"a","text":"I was charged twice"}"# + "\n")
        try workspace.write("spent.json", "garbage\n")
        let budget = ["--llm-price", "1,1", "--llm-daily-budget", "1", "--llm-budget-file"]
        for (file, reason) in [("spent.json", "not a record of spending"), ("no/s.json", "make the folder")] {
            for command in [["classify", "--input", "t.jsonl"], ["draft", "I was charged twice"]] {
                let outcome = try workspace.run(command + Self.places + Self.nobody + budget + [file])
                #expect(outcome.status == 78 && outcome.output.isEmpty)
                #expect(outcome.errors.contains(reason), "\(outcome.errors)")
            }
        }
    }

    /// What `--help` shows of a flag: all its names, then its meaning and default with single spaces.
    private static func help(_ command: String, _ workspace: Workspace) throws -> [[String]: String] {
        var found: [[String]: String] = [:]
        let text = try workspace.run([command, "--help"]).text
        for entry in text.split(separator: /\n {2}(?=-)/).dropFirst() {
            let names = entry.matches(of: /--llm-[a-z-]+/).map { String($0.output) }
            let words = entry.split(separator: /\n\n/)[0].split { $0.isWhitespace }.joined(separator: " ")
            if entry.hasPrefix("--llm-") { found[names] = words }
        }
        return found
    }

    @Test(arguments: ["classify", "draft", "compare", "serve"])
    func `every command has the language model's flags, defaults and meanings of the settings table`(
        command: String
    ) throws {
        let help = try Self.help(command, Workspace())
        let decisions = ["classify", "serve"].contains(command) ? Setting.llmDecisions : []
        let wanted = (Setting.llmConnection + decisions).filter { $0.flag != nil }
        #expect(Set(help.keys) == Set(wanted.map(\.flags)), "\(help.keys)")
        for setting in wanted {
            let shown = setting.defaultValue.map { " (default: \($0))" } ?? ""
            let text = try #require(help[setting.flags])
            #expect(text.hasSuffix(setting.meaning + shown), "\(command): \(text)")
        }
    }

    @Test func `defaults of the settings are those of the options types`() throws {
        let (settings, options) = (ServiceSettings().llm, LLMOptions(url: "http://localhost", model: "m"))
        #expect(settings.timeout == options.deadline && settings.cache == options.cacheLifetime)
        #expect(settings.retries == options.retries.maximumRetries)
        #expect(settings.concurrency == options.gate.concurrency)
        #expect(settings.deciding.concurrency == LLMDecider.Options().concurrency)
        #expect(settings.decisionTimeout == LLMDecider.Options().deadline)
    }

    @Test(arguments: [
        (["--llm-timeout", "2.5"], ["--llm-timeout", "2500ms"]),
        (["--llm-timeout", "30"], ["--llm-timeout=30s"]),
        (
            ["--llm-allow-host", "a.example", "--llm-allow-host", "b.example"],
            ["--llm-hosts", "a.example,b.example"]
        ),
        (
            ["--llm-budget-daily", "1", "--llm-budget-monthly", "9"],
            ["--llm-daily-budget=1", "--llm-monthly-budget=9"]
        ),
    ])
    func `earlier flags and bare numbers of seconds still work`(earlier: [String], now: [String]) throws {
        let old = EffectiveSettings(languageModel: earlier, environment: [:])
        let new = EffectiveSettings(languageModel: now, environment: [:])
        #expect(old.problems.isEmpty && new.problems.isEmpty)
        for setting in Setting.llmConnection { #expect(old.value(of: setting) == new.value(of: setting)) }
        #expect(Setting.llmConnection.contains { old.value(of: $0) != $0.defaultValue })
        let workspace = try Workspace()
        try workspace.write("t.jsonl", #"{"id":"a","text":"I was charged twice"}"# + "\n")
        let outcome = try workspace.run(
            ["classify", "--input", "t.jsonl", "--llm-price", "1,2"] + Self.places + Self.nobody + earlier)
        #expect(outcome.status == 0, "\(outcome.errors)")
    }

    @Test func `an address in the environment alone lets no command open a connection`() throws {
        let workspace = try Workspace()
        try workspace.write("t.jsonl", #"{"id":"a","text":"I was charged twice"}"# + "\n")
        let words = ["classify", "--input", "t.jsonl"] + Self.places
        let variables = [
            "TRIAGE_LLM_URL=http://127.0.0.1:9/v1", "TRIAGE_LLM_MODEL=m", "TRIAGE_LLM_TIMEOUT=soon",
        ]
        let silent = try workspace.execute(["env"] + variables + [Program.path] + words)
        #expect(silent.status == 0 && silent.objects.first?["notes"] is NSNull, "\(silent.errors)")
        let warning =
            "TRIAGE_LLM_URL is set and not used: without --llm-url this command opens no connection."
        #expect(silent.errors.contains("triage: warning: \(warning)\n"), "\(silent.errors)")
        let draft = try workspace.execute(
            ["env"] + variables + [Program.path, "draft", "I was charged twice"] + Self.places)
        #expect(draft.status == 0 && draft.errors.contains(warning), "\(draft.errors)")
        let half = try workspace.execute(
            ["env"] + variables + [Program.path] + words + ["--llm-model", "m"])
        #expect(half.status == 64 && half.errors.contains("go together. \(warning)"), "\(half.errors)")
        let asked = try workspace.execute(
            ["env"] + variables + [Program.path] + words + ["--llm-url", "http://127.0.0.1:9/v1"])
        #expect(asked.status == 78 && asked.errors.contains("TRIAGE_LLM_TIMEOUT"), "\(asked.errors)")
    }
}
