import ArgumentParser
import Foundation
import TriageData
import TriageModel
import TriageTraining

extension Models {
    /// `triage models tune`: other thresholds for the same weights.
    struct Tune: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Solve a model's thresholds for another target, without training again.",
            discussion: """
                Shows how precision falls as more tickets are answered without a person, on the rows that training held \
                out, and writes the bundle with its new thresholds; the one before is kept as DIR.previous, and of a registry's \
                model the new thresholds are its next version. Without a \
                target only the curve is shown. A table of costs is JSON: {"review": 4, "mistake": 15, "mistakes": \
                {"Critical": {"Low": 120}}}, in minutes or any other unit, true label first.
                """)

        @OptionGroup var models: ModelPath
        @Option(help: ArgumentHelp("Only this field (default: all of the model).", valueName: "name"))
        var field: String?
        @Option(
            help: ArgumentHelp(
                "precision=P or coverage=C, such as precision=0.95; 95% alone is a precision.",
                valueName: "target"))
        var target: String?
        @Option(
            help: ArgumentHelp(
                "A table of what mistakes and reviews cost, instead of a target.", valueName: "file"))
        var costs: String?
        @Flag(
            help:
                "A threshold for each label, the allowed error shared out: a rare label has none, so fewer are auto."
        )
        var byLabel = false
        @Option(
            help: ArgumentHelp(
                "The probability from which an answer is suggested (0.5 at first), and below which none is auto.",
                valueName: "p"))
        var suggest: Share?
        @OptionGroup var foreign: ForeignOptions
        @OptionGroup var mix: ClassPriorsOptions

        func validate() throws {
            guard target == nil || costs == nil else {
                throw ValidationError("Give --target or --costs, not both.")
            }
            guard target.map({ AutoTarget(parsing: $0) != nil }) ?? true else {
                throw ValidationError("--target takes \(AutoTarget.expected).")
            }
            guard !byLabel || target != nil || costs != nil else {
                throw ValidationError("--by-label needs --target or --costs.")
            }
        }

        /// What a registry's history has as the reason.
        private var reason: String {
            let solved = target.map { "for \($0)" } ?? costs.map { _ in "for a table of costs" }
            return "thresholds of the same weights\(solved.map { " " + $0 } ?? "")"
        }

        func run() throws {
            try reportingErrors {
                let path = try models.path()
                let bundle = try models.load()
                try bundle.check(fields: field.map { [$0] } ?? [])
                var manifest = bundle.manifest
                try mix.apply(bundle, only: field, to: &manifest)
                var change = ThresholdChange()
                change.target = target.flatMap { AutoTarget(parsing: $0) }
                (change.costs, change.byLabel) = (costs, byLabel)
                change.suggest = suggest.map { Float($0.value) }
                let shares = try foreign.shares(bundle, only: field, text: mix.text)
                for (index, head) in bundle.heads.enumerated()
                where field ?? head.manifest.field == head.manifest.field {
                    change.foreign = shares[head.manifest.field]
                    try change.apply(to: &manifest.heads[index], of: head).forEach { print($0.shown) }
                }
                guard manifest != bundle.manifest else { return }
                let files = try bundle.files(in: path, under: manifest)
                // A registry's versions never change.
                if let registry = ModelRegistry.containing(path) {
                    return print(
                        try registry.add(files, manifest, promotesFirst: false, reason: reason)
                            .shownKeepingLines)
                }
                try OutputFolder(path, names: ModelBundle.fileNames).write(files)
                print("wrote \(path)")
            }
        }
    }
}
