import ArgumentParser
import TriageData
import TriageEngine
import TriageEvaluation
import TriageModel

/// A registry, and who changes it why.
struct RegistryOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The registry's folder.", valueName: "dir"))
    var registry: String
    @Option(help: ArgumentHelp("Who does it, for the history (default: the user's name).", valueName: "name"))
    var by: String?
    @Option(help: ArgumentHelp("Why, for the history.", valueName: "text"))
    var reason: String?

    func load() throws(RegistryError) -> ModelRegistry { try ModelRegistry(registry) }

    var author: String { by ?? ModelRegistry.user }
}

/// What a challenger must show.
struct PromotionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Refuse a model whose recall of a label is lower: a share for all labels (0.5), LABEL=SHARE or FIELD:LABEL=SHARE, "
                + "such as severity:Critical=0.9. May be given several times.", valueName: "recall"))
    var minimumRecall: [String] = []
    @Option(
        help: ArgumentHelp(
            "Below so many rows that neither model was trained on, the rows that each training held out are compared too.",
            valueName: "n"))
    var minimumComparedRows = PromotionRules().minimumRows

    func validate() throws {
        guard minimumRecall.allSatisfy({ PromotionRules.RecallFloor(parsing: $0) != nil }) else {
            throw ValidationError("--minimum-recall takes \(PromotionRules.RecallFloor.expected).")
        }
        guard minimumComparedRows >= 0 else {
            throw ValidationError("--minimum-compared-rows takes a number from 0.")
        }
    }

    /// The rules, with the recalls that a registry remembers where none is given.
    func rules(_ recipe: RegistryRecipe?) -> PromotionRules {
        var rules = PromotionRules()
        rules.minimumRows = minimumComparedRows
        let recalls = minimumRecall.isEmpty ? recipe?.minimumRecall ?? [] : minimumRecall
        rules.recalls = recalls.compactMap { PromotionRules.RecallFloor(parsing: $0) }
        return rules
    }
}

extension Models {
    /// `triage models promote`: another champion.
    struct Promote: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a version of a registry the champion, if it is as good as the present one.",
            discussion: """
                Champion and challenger answer the rows of --data; those that either was trained on are left out. The challenger \
                is refused (exit code 1) when it is surely worse, when a label's recall surely fell or is below \
                --minimum-recall, when its answers of level auto surely miss their target and the champion's are better, or \
                when it fails a test of --tests. Without --data, the rows that each training held out are compared. A running \
                service that was started with the registry as --model changes over within seconds.
                """)

        @Argument(help: "The version, an alias, or the folder of a model elsewhere, which is copied.")
        var version: String
        @OptionGroup var place: RegistryOptions
        @Option(help: ArgumentHelp("Recent labelled tickets; may be given several times.", valueName: "file"))
        var data: [String] = []
        @OptionGroup var text: TextOption
        @OptionGroup var rules: PromotionOptions
        @OptionGroup var files: DecidingOptions
        @Option(
            help: ArgumentHelp(
                "Tests that the model must pass (default: those of the last training).", valueName: "file"))
        var tests: String?
        @Flag(help: "Promote in spite of what speaks against it; needs --reason.")
        var force = false
        @Flag(help: "JSON on standard output.")
        var json = false

        func validate() throws {
            guard !force || place.reason != nil else {
                throw ValidationError("--force goes with --reason, which the history keeps.")
            }
        }

        func run() throws {
            try reportingErrors {
                let registry = try place.load()
                let version = try self.version(in: registry)
                let champion = registry.champion
                guard champion != version else {
                    throw RegistryError.isChampion(version: version, path: registry.path)
                }
                var check = try compare(version, champion, registry)
                try files.add(tests, registry, version, to: &check)
                try RegistryOutcome(registry: registry, version: version, champion: champion, check: check)
                    .settle(by: place.author, reason: place.reason, force: force, json: json)
            }
        }

        /// The version that was named; a bundle elsewhere becomes the next one.
        private func version(in registry: ModelRegistry) throws -> String {
            do throws(RegistryError) { return try registry.version(named: version) } catch {
                guard case .noVersion = error,
                    FileInput.exists("\(version)/\(ModelBundle.fileNames.last ?? "")")
                else {
                    throw error
                }
            }
            let bundle = try Installation.bundle(version)
            let copied = try bundle.files(in: version, under: bundle.manifest)
            let change = try registry.change()
            defer { change.end() }
            return try change.add(copied, by: place.author, reason: "copied from \(version)").version
        }

        private func compare(
            _ version: String, _ champion: String?, _ registry: ModelRegistry
        ) throws -> PromotionCheck {
            let rules = rules.rules(try RegistryRecipe(of: registry))
            var challenger = try files.evaluation(registry.folder(of: version), text)
            guard let champion else {
                var none: Evaluation?
                Terminal.say(try challenger.read(data, beside: &none))
                return PromotionCheck(first: JudgedRows(challenger), rules)
            }
            var other: Evaluation? = try files.evaluation(registry.folder(of: champion), text)
            Terminal.say(try challenger.read(data, beside: &other))
            guard let other else { return PromotionCheck(first: JudgedRows(challenger), rules) }
            return PromotionCheck(JudgedRows(challenger), champion: JudgedRows(other), rules)
        }
    }

    /// `triage models rollback`: the champion before.
    struct Rollback: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make the champion before, or a named version, the champion again.")

        @Argument(help: "A version or an alias (default: the champion before the present one).")
        var version: String?
        @OptionGroup var place: RegistryOptions

        func run() throws {
            try reportingErrors {
                let registry = try place.load()
                let (before, champion) = try registry.rollBack(
                    to: version, by: place.author, reason: place.reason ?? "")
                print("\(registry.path): champion \(before) → \(champion)".shown)
            }
        }
    }

    /// `triage models history`: what happened to a registry.
    struct History: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show who made which version the champion, when, why, and what was measured.")

        @Option(help: ArgumentHelp("The registry's folder.", valueName: "dir"))
        var registry: String
        @Flag(help: "JSON Lines with all measures.")
        var json = false

        func run() throws {
            try reportingErrors {
                let registry = try ModelRegistry(registry)
                for entry in try registry.history() {
                    guard !json else {
                        print(JSONWriter.lineBytes { entry.write(to: &$0) }.text, terminator: "")
                        continue
                    }
                    print(entry.line.shown)
                }
                guard !json else { return }
                print("champion: \(registry.champion ?? "none")")
                for alias in try registry.aliases() { print("\(alias.name): \(alias.version)".shown) }
            }
        }
    }

    /// `triage models alias`: another name for a version.
    struct Alias: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Name a version of a registry, such as staging; DIR/NAME is then a model's folder.")

        @Argument(help: "The alias.") var name: String
        @Argument(help: "The version, champion, or another alias.") var version: String?
        @OptionGroup var place: RegistryOptions
        @Flag(help: "Remove the alias.") var remove = false

        func validate() throws {
            guard remove == (version == nil) else { throw ValidationError("Give a version, or --remove.") }
        }

        func run() throws {
            try reportingErrors {
                let registry = try place.load()
                let change = try registry.change()
                defer { change.end() }
                let target = try version.map { name throws(RegistryError) in try registry.version(named: name)
                }
                try change.alias(name, target, by: place.author, reason: place.reason ?? "")
                print(target.map { "\(registry.path)/\(name) → \($0)".shown } ?? "removed \(name)".shown)
            }
        }
    }
}

extension ModelRegistry {
    /// Makes a version, or without one the champion before, the champion again.
    func rollBack(
        to version: String? = nil, by author: String, reason: String
    ) throws -> (before: String, champion: String) {
        let change = try change()
        defer { change.end() }
        let target =
            try version.map { name throws(RegistryError) in try self.version(named: name) }
            ?? change.previous()
        // A version that was deleted or damaged must not decide.
        let bundle = try Installation.bundle(folder(of: target))
        let before = champion ?? "none"
        try change.promote(
            RegistryEntry(.rolledBack, target, sha256: bundle.sha256, by: author, reason: reason))
        return (before, target)
    }
}

extension RegistryEntry {
    /// The entry on one line.
    fileprivate var line: String {
        let change = before.map { "\($0) → \(version)" } ?? version
        let measures = PromotionCheck.summary(measures)
        return ["\(time.text.prefix(16))Z", event.rawValue, change, by, reason, measures]
            .filter { !$0.isEmpty }.joined(separator: "  ")
    }
}

extension [UInt8] {
    fileprivate var text: String { String(decoding: self, as: UTF8.self) }
}
