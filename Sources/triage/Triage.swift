import ArgumentParser
import TriageData

#if Service
import TriageSettings
#endif

/// `triage`: reads support tickets and decides category, severity, known issue and next action.
@main
struct Triage: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "triage",
        abstract:
            "Triage support tickets: category, severity, known issue, next action, and why. No network.",
        discussion: """
            Exit codes: 0 fine, 1 failed, 64 usage, 65 bad data (some rows failed; of train: nothing to train on), \
            66 no input, 69 something needed is missing, 73 cannot write, 74 input or output failed, 78 configuration.\
            \(missing)
            """,
        version: "0.1.0",
        subcommands: [
            Classify.self, Explain.self, Search.self, Import.self, Discover.self, Train.self, Retrain.self,
            Schedule.self, BacktestCommand.self, Audit.self, Evaluate.self, Label.self, Models.self,
            Bench.self,
            Doctor.self, DraftCommand.self,
            Sign.self,
            KnowledgeBaseCommand.self,
        ] + service)

    #if Service
    private static let service: [any ParsableCommand.Type] = [
        Compare.self, Serve.self, Health.self, Keys.self, Ledger.self, FeedbackCommand.self,
        QueueCommand.self,
        StoreCommand.self, Forget.self, Monitor.self,
    ]
    private static let missing = ""
    #else
    private static let service: [any ParsableCommand.Type] = []
    private static let missing = """


        This program was built without the service. The full program, which `swift build` makes, also has \
        \(MissingPart.commands.joined(separator: ", ")), the options --llm-…, --feedback and --store, and checks the \
        service's settings with doctor.
        """
    #endif

    static func main() async {
        let words = Array(ProgramArguments.all.dropFirst())
        if let problem = problem(with: words) {
            Terminal.say("triage: \(problem.sentence)")
            exit(withError: problem.code)
        }
        ReadingNotes.send { Terminal.say("triage: \($0)") }
        do {
            var command = try await asyncParseAsRoot(words)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            CommandHelp.exit(with: error)
        }
    }

    /// What the parser must not see: its messages repeat an argument that it does not know.
    private static func problem(with words: [String]) -> (sentence: String, code: ExitCode)? {
        let isContent = words.contains {
            $0.contains("PRIVATE KEY-----") || $0.hasPrefix("-") && $0.contains("\n")
        }
        guard !isContent else {
            return (
                "an argument is the content of a file and is not repeated here; give the file's path",
                ExitCode(64)
            )
        }
        #if Service
        if let sentence = secretFlag(in: words) { return (sentence, ExitCode(64)) }
        #else
        if let name = words.first, MissingPart.commands.contains(name) {
            return (MissingPart(option: "the command \(name)").description, .unavailable)
        }
        if words.prefix(while: { $0 != "--" }).contains(where: { $0.hasPrefix("--llm-") }) {
            return (MissingPart(option: "--llm-url").description, .unavailable)
        }
        if words.prefix(while: { $0 != "--" }).contains(where: { $0.hasPrefix("--search-") }) {
            return (MissingPart(option: "--search-url").description, .unavailable)
        }
        #endif
        if let sentence = unknownCommand(in: words) { return (sentence, ExitCode(64)) }
        return missingProc.map { ($0, ExitCode.unavailable) }
    }

    /// The error without /proc: libdispatch counts its threads there once a second, and traps without it.
    private static var missingProc: String? {
        guard !FileInput.isFolder("/proc/self") else { return nil }
        return "/proc is not mounted, and the runtime library needs it; mount it (mount -t proc proc /proc)"
    }

    #if Service
    /// The error for a language model's key or a database's password on the command line; nil without one.
    private static func secretFlag(in words: [String]) -> String? {
        let flags = words.prefix { $0 != "--" }
        if ["classify", "search", "kb"].contains(words.first),
            flags.contains(where: { $0 == "--search-password" || $0.hasPrefix("--search-password=") })
        {
            return EffectiveSettings(search: ["--search-password"], environment: [:]).problems.first?.description
        }
        guard ["classify", "draft", "compare"].contains(words.first),
            flags.contains(where: { $0 == "--llm-key" || $0.hasPrefix("--llm-key=") })
        else { return nil }
        return EffectiveSettings(languageModel: ["--llm-key"], environment: [:]).problems.first?.description
    }
    #endif

    /// The error for an unknown command, such as `triage clasify` or `triage help clasify`; nil for a known one.
    private static func unknownCommand(in words: [String]) -> String? {
        var words = words[...]
        let helps = words.first == "help"
        if helps { words.removeFirst() }
        var command: any ParsableCommand.Type = Triage.self
        if let sentence = optionsFirst(in: Array(words)) { return sentence }
        while let word = words.popFirst() {
            let known = command.configuration.subcommands
            if helps, word.hasPrefix("-") || word == "help" { continue }
            guard !word.hasPrefix("-"), word != "help", !known.isEmpty || helps else { return nil }
            guard let next = known.first(where: { $0.names.contains(word) }) else {
                return SpellingSuggestion.unknownCommand(word, among: known.map { $0._commandName })
            }
            command = next
        }
        return nil
    }
}

extension Triage {
    /// The error for options before the command, such as `triage --json classify`.
    private static func optionsFirst(in words: [String]) -> String? {
        guard let first = words.first, first.hasPrefix("-"), !["--help", "-h", "--version"].contains(first),
            let command = words.first(where: { word in
                configuration.subcommands.contains { $0.names.contains(word) }
            })
        else { return nil }
        return "options follow the command: triage \(command) --option value"
    }
}

extension ParsableCommand {
    /// What it is called: its name and its aliases.
    fileprivate static var names: [String] { [_commandName] + configuration.aliases }
}

extension SpellingSuggestion {
    /// The error for a word that is no command; the word is repeated only where it is near one, since it may be a ticket.
    fileprivate static func unknownCommand(_ word: String, among known: [String]) -> String {
        guard let nearest = of(word, among: known) else {
            return
                "there is no such command; triage --help lists the commands, and `triage classify \"its text\"` "
                + "decides one ticket"
        }
        return "there is no command \(word.shown); did you mean \(nearest)?"
    }
}
