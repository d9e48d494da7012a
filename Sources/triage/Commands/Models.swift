import ArgumentParser
import TriageData
import TriageEngine
import TriageModel

/// `triage models`: what bundles there are, and what is in them.
struct Models: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List, show, verify, sign, compare, tune and promote models.",
        subcommands: [
            List.self, Show.self, Verify.self, SignModel.self, Diff.self, Tune.self, Promote.self,
            Rollback.self, History.self, Alias.self,
        ])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the models of a folder, or the versions of a registry.")
        @Argument(help: "The folder (default: models).") var directory: String?

        func run() throws {
            try reportingErrors {
                let place =
                    try directory
                    ?? Installation.find("models", missing: { ModelError.noBundle(searched: $0) })
                let registry = try? ModelRegistry(place)
                let folder = registry?.folder ?? place
                let marks = try registry?.marks() ?? [:]
                for name in try FileInput.names(inFolder: folder)
                where FileInput.mayHold("manifest.json", inFolder: "\(folder)/\(name)") {
                    do {
                        let bundle = try Installation.bundle("\(folder)/\(name)")
                        let fields = bundle.heads.map { "\($0.manifest.field) (\($0.labels.count))" }
                        let rows = bundle.manifest.training.rows
                        print(
                            "\(name)  \(bundle.sha256.prefix(12))  \(rows) rows  \(fields.joined(separator: ", "))\(marks[name] ?? "")"
                                .shown)
                    } catch ModelError.data(.unreadable(_, let reason)) {
                        print("\(name)  unreadable: \(reason)".shown)
                    } catch {
                        print("\(name)  unusable: \(error.safeDescription)".shown)
                    }
                }
            }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a model's card, or the strongest words of each label.")
        @OptionGroup var models: ModelPath
        @Option(
            defaultAsFlag: 10, parsing: .next,
            help: ArgumentHelp(
                "Instead of the card, so many of each label's strongest words and pairs (at most 20).",
                valueName: "n"))
        var top: Int?

        func validate() throws {
            guard top ?? 1 >= 1 else { throw ValidationError("--top takes a number from 1.") }
        }

        func run() throws {
            try reportingErrors {
                let path = try models.path()
                let bundle = try models.load()
                if let top {
                    guard let words = bundle.topFeatures else { throw ModelError.noWords(directory: path) }
                    return words.lines(first: top).forEach { print($0.shown) }
                }
                let card = String(decoding: try FileInput.bytes(of: "\(path)/MODEL_CARD.md"), as: UTF8.self)
                print(card.shownKeepingLines, terminator: "")
            }
        }
    }

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Check every hash of a model and its matrix, and its signature; exit code 65 when one is wrong.",
            discussion: """
                Hashes find damage. A signature finds an attacker too, who can change both a file and its hash: name the \
                publisher's public key with --key.
                """)
        @OptionGroup var models: ModelPath
        @OptionGroup var trusted: KeyOption

        func run() throws {
            try reportingErrors {
                let path = try models.path()
                let keys = try trusted.given()
                guard !keys.areRequired || FileInput.exists("\(path)/manifest.json") else {
                    return try SignedFolder(path, by: keys).show()
                }
                let bundle = try keys.bundle(path, homes: Installation.roots)
                print("\(path): good, \(bundle.sha256)".shown)
                if keys.areRequired { return try SignedFolder(path, by: keys).show() }
                if FileInput.exists("\(path)/\(SignedFolder.signatureName)") {
                    Terminal.say("triage: \(path) is signed; its signature was not checked (--key)")
                }
            }
        }
    }

    struct Diff: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show how two models differ.")
        @Argument(help: "The first model's folder.") var first: String
        @Argument(help: "The second model's folder.") var second: String

        func run() throws {
            try reportingErrors {
                let before = try Installation.bundle(first)
                let after = try Installation.bundle(second)
                let lines = BundleComparison(before.manifest, after.manifest).lines
                print(
                    before.sha256 == after.sha256
                        ? "the same bundle" : lines.map(\.shown).joined(separator: "\n"))
            }
        }
    }

    /// One bundle's folder.
    struct ModelPath: ParsableArguments {
        @Argument(help: "The model's folder (default: the starter model).") var directory: String?
        @Option(help: ArgumentHelp("The model's folder, another way to name it.", valueName: "dir"))
        var model: String?

        func validate() throws {
            guard directory == nil || model == nil else {
                throw ValidationError("Name one bundle, as an argument or with --model.")
            }
        }

        func load() throws -> ModelBundle { try Installation.bundle(path()) }

        func path() throws -> String {
            try Installation.model(directory ?? model)
        }
    }
}

extension ModelRegistry {
    /// What stands behind each version in a list: the champion, and aliases.
    fileprivate func marks() throws -> [String: String] {
        let names =
            try [("champion", champion)].compactMap { name, version in version.map { (name, $0) } }
            + aliases().map { ($0.name, $0.version) }
        return Dictionary(grouping: names, by: \.1).mapValues { "  ← " + $0.map(\.0).joined(separator: ", ") }
    }
}
