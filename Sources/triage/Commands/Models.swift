import ArgumentParser
import Foundation
import TriageData
import TriageModel

/// `triage models`: what bundles there are, and what is in them.
struct Models: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List, show, verify, compare and tune bundles.",
        subcommands: [List.self, Show.self, Verify.self, Diff.self, Tune.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the bundles of a folder.")
        @Argument(help: "The folder (default: models).") var directory: String?

        func run() throws {
            try reportingErrors {
                let folder =
                    try directory ?? Places.find("models", missing: { ModelError.noBundle(searched: $0) })
                for name in try FileInput.names(inFolder: folder)
                where FileInput.mayHold("manifest.json", inFolder: "\(folder)/\(name)") {
                    do {
                        let bundle = try ModelBundle(directory: "\(folder)/\(name)", homes: Places.roots)
                        let fields = bundle.heads.map { "\($0.manifest.field) (\($0.labels.count))" }
                        let rows = bundle.manifest.training.rows
                        print(
                            "\(name)  \(bundle.sha256.prefix(12))  \(rows) rows  \(fields.joined(separator: ", "))"
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
            abstract: "Show a bundle's card, or the strongest words of each label.")
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
                let bundle = try ModelBundle(directory: path, homes: Places.roots)
                if let top { return try showWords(bundle, top, path) }
                let card = String(decoding: try FileInput.bytes(of: "\(path)/MODEL_CARD.md"), as: UTF8.self)
                print(card.shownKeepingLines, terminator: "")
            }
        }

        private func showWords(_ bundle: ModelBundle, _ count: Int, _ path: String) throws {
            guard let words = bundle.strongWords else { throw ModelError.noWords(directory: path) }
            var field: String?
            for entry in words.labels {
                if entry.field != field { print(entry.field.shown) }
                field = entry.field
                let list = entry.words.prefix(count).map { word in
                    "\(word.text.shown) \(String(format: "%.2f", word.weight))"
                }
                print("  \(entry.label.shown): \(list.isEmpty ? "none" : list.joined(separator: ", "))")
            }
        }
    }

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check every hash of a bundle and its matrix; exit code 65 when one is wrong.")
        @OptionGroup var models: ModelPath

        func run() throws {
            try reportingErrors {
                let path = try models.path()
                let bundle = try ModelBundle(directory: path, homes: Places.roots)
                print("\(path): good, \(bundle.sha256)")
            }
        }
    }

    struct Diff: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Say how two bundles differ.")
        @Argument(help: "The first bundle's folder.") var first: String
        @Argument(help: "The second bundle's folder.") var second: String

        func run() throws {
            try reportingErrors {
                let before = try ModelBundle(directory: first, homes: Places.roots)
                let after = try ModelBundle(directory: second, homes: Places.roots)
                let lines = BundleComparison(before.manifest, after.manifest).lines
                print(
                    before.sha256 == after.sha256
                        ? "the same bundle" : lines.map(\.shown).joined(separator: "\n"))
            }
        }
    }

    /// One bundle's folder.
    struct ModelPath: ParsableArguments {
        @Argument(help: "The bundle's folder (default: the starter bundle).") var directory: String?
        @Option(help: ArgumentHelp("The bundle's folder, another way to name it.", valueName: "dir"))
        var model: String?

        func validate() throws {
            guard directory == nil || model == nil else {
                throw ValidationError("Name one bundle, as an argument or with --model.")
            }
        }

        func path() throws -> String {
            try directory ?? model
                ?? Places.find("models/starter", missing: { ModelError.noBundle(searched: $0) })
        }
    }
}

/// What changed between two manifests, a line a change.
struct BundleComparison {
    private(set) var lines: [String] = []

    init(_ before: ModelManifest, _ after: ModelManifest) {
        compare("name", before.name, after.name)
        compare("rows", before.training.rows, after.training.rows)
        compare("data", before.training.dataFingerprint.prefix(12), after.training.dataFingerprint.prefix(12))
        compare("BLAS kernel", before.training.blasKernel, after.training.blasKernel)
        compare("embedding", before.embedding?.name ?? "none", after.embedding?.name ?? "none")
        compare(
            "embedding SHA-256", before.embedding?.sha256.prefix(12) ?? "",
            after.embedding?.sha256.prefix(12) ?? "")
        let fields = Set(before.heads.map(\.field)).union(after.heads.map(\.field)).sorted()
        for field in fields {
            compare(field, before.heads.first { $0.field == field }, after.heads.first { $0.field == field })
        }
        if lines.isEmpty { lines.append("the same settings and data, other weights") }
    }

    private mutating func compare(
        _ name: String, _ before: some Equatable & CustomStringConvertible,
        _ after: some CustomStringConvertible
    ) {
        if before.description != after.description { lines.append("\(name): \(before) → \(after)") }
    }

    private mutating func compare(
        _ field: String, _ before: ModelManifest.Head?, _ after: ModelManifest.Head?
    ) {
        guard let before, let after else {
            lines.append("\(field): only in the \(before == nil ? "second" : "first")")
            return
        }
        let gone = Set(before.labels).subtracting(after.labels).sorted()
        let new = Set(after.labels).subtracting(before.labels).sorted()
        if !gone.isEmpty { lines.append("\(field): labels gone: \(gone.joined(separator: ", "))") }
        if !new.isEmpty { lines.append("\(field): new labels: \(new.joined(separator: ", "))") }
        compare("\(field) character weight", before.settings.characterWeight, after.settings.characterWeight)
        compare("\(field) embedding weight", before.settings.embeddingWeight, after.settings.embeddingWeight)
        compare("\(field) C", before.settings.inversePenalty, after.settings.inversePenalty)
        compare("\(field) temperature", before.temperature, after.temperature)
        compare("\(field) suggested from", before.threshold, after.threshold)
        compare("\(field) label mix", before.mixText, after.mixText)
        compare("\(field) target", before.auto?.target ?? "none", after.auto?.target ?? "none")
        compare(
            "\(field) auto from", before.auto?.threshold?.description ?? "never",
            after.auto?.threshold?.description ?? "never")
        compare("\(field) auto by label", before.auto.labels, after.auto.labels)
        for name in Set(before.metrics.keys).union(after.metrics.keys).sorted() {
            compare("\(field) \(name)", before.metrics[name] ?? 0, after.metrics[name] ?? 0)
        }
    }
}

extension ModelManifest.Head {
    /// The live label mix, as `models diff` compares it.
    fileprivate var mixText: String {
        guard let labelMix else { return "of training" }
        return zip(labels, labelMix.shares).map { "\($0) \($1)" }.joined(separator: ", ")
    }
}

extension ModelManifest.AutoRule? {
    /// The thresholds by label, as `models diff` compares them.
    fileprivate var labels: String {
        guard let thresholds = self?.labelThresholds else { return "none" }
        return thresholds.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    }
}
