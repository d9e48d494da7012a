import ArgumentParser
import Foundation
import TriageData
import TriageModel
import TriageTraining

extension Models {
    /// `triage models tune`: other thresholds for the same weights.
    struct Tune: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Solve a bundle's thresholds for another target, without training again.",
            discussion: """
                Shows how precision falls as more tickets are answered without a person, on the rows that training held \
                out, and writes the bundle with its new thresholds; the one before is kept as DIR.previous. Without a \
                target only the curve is shown. A table of costs is JSON: {"review": 4, "mistake": 15, "mistakes": \
                {"Critical": {"Low": 120}}}, in minutes or any other unit, true label first.
                """)

        @OptionGroup var models: ModelPath
        @Option(help: ArgumentHelp("Only this field (default: all of the bundle).", valueName: "name"))
        var field: String?
        @Option(help: ArgumentHelp("precision=P or coverage=C.", valueName: "target"))
        var target: String?
        @Option(help: ArgumentHelp("What mistakes and reviews cost, instead of a target.", valueName: "file"))
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
        var suggest: Float?
        @OptionGroup var mix: ClassPriorsOptions

        func validate() throws {
            guard target == nil || costs == nil else {
                throw ValidationError("Give --target or --costs, not both.")
            }
            guard target.map({ AutoTarget(parsing: $0) != nil }) ?? true else {
                throw ValidationError(
                    "--target takes precision=P or coverage=C, with a number between 0 and 1.")
            }
            guard !byLabel || target != nil || costs != nil else {
                throw ValidationError("--by-label needs --target or --costs.")
            }
            guard suggest.map({ (0...1).contains($0) }) ?? true else {
                throw ValidationError("--suggest takes a probability from 0 to 1.")
            }
        }

        func run() throws {
            try reportingErrors {
                let path = try models.path()
                let bundle = try ModelBundle(directory: path, homes: Places.roots)
                guard field.map({ bundle.head(field: $0) != nil }) ?? true else {
                    let names = bundle.heads.map(\.manifest.field).joined(separator: ", ")
                    throw ValidationError(
                        "The bundle has no field '\(field ?? "")'; its fields are \(names).")
                }
                var manifest = bundle.manifest
                try mix.apply(bundle, only: field, to: &manifest)
                for (index, head) in bundle.heads.enumerated()
                where field ?? head.manifest.field == head.manifest.field {
                    try tune(head, &manifest.heads[index])
                }
                guard manifest != bundle.manifest else { return }
                let files = try bundle.files(in: path, under: manifest)
                try OutputFolder(path, names: ModelBundle.fileNames).write(files)
                print("wrote \(path)")
            }
        }

        private func tune(_ head: ModelBundle.Head, _ manifest: inout ModelManifest.Head) throws {
            if let suggest { manifest.threshold = suggest }
            let target = try wanted(head)
            let isMixNew = manifest.labelMix != head.manifest.labelMix
            guard let scores = head.heldOut(under: manifest) else {
                guard target == nil else { throw TrainingError.nothingHeldOut(field: manifest.field) }
                // Rows of another mix vouch for nothing.
                if isMixNew, let rule = manifest.auto { manifest.auto = .init(unshown: rule.target) }
                return print(AutoReport.sentence(manifest, nil).shown)
            }
            if let target {
                manifest.auto = ModelManifest.AutoRule(
                    target, scores, labels: head.labels.names, suggest: manifest.threshold, byLabel: byLabel)
            } else if suggest != nil || isMixNew, let rule = manifest.auto {
                // What is suggested no more cannot be auto either, and rows of another mix vouch for nothing.
                if let target = AutoTarget(parsing: rule.target) {
                    manifest.auto = ModelManifest.AutoRule(
                        target, scores, labels: head.labels.names, suggest: manifest.threshold,
                        byLabel: rule.labelThresholds != nil)
                } else if isMixNew {
                    throw TrainingError.costsNeeded(field: manifest.field)
                }
            }
            AutoReport(manifest, scores).lines.forEach { print($0.shown) }
        }

        private func wanted(_ head: ModelBundle.Head) throws -> AutoTarget? {
            guard let costs else { return target.flatMap { AutoTarget(parsing: $0) } }
            let json = JSONValue(parsing: try FileInput.bytes(of: costs))
            return .cost(try CostMatrix(json, labels: head.labels.names, path: costs))
        }
    }
}

/// What held-out rows say of answers that nobody checks.
struct AutoReport {
    let lines: [String]

    /// The sentence, and a curve of ten points over the rows that are neither ambiguous nor out of scope.
    init(_ head: ModelManifest.Head, _ scores: HeldOutScores) {
        lines =
            [AutoReport.sentence(head, scores), "  answered   right   at least   from"]
            + AutoReport.curve(head, scores)
    }

    /// What the rule is and what it reaches.
    static func sentence(_ head: ModelManifest.Head, _ scores: HeldOutScores?) -> String {
        let suggested = "; suggested from \(head.threshold)"
        guard let rule = head.auto, let scores else {
            let reason =
                head.labelMix == nil
                ? "no rows were held out" : "no rows were held out that could stand for the label mix"
            return "\(head.field): never auto, since \(reason)" + suggested
        }
        guard rule.isReachable else { return unreachable(head, rule, scores) + suggested }
        let from =
            rule.labelThresholds.map { "by label, \($0.count) of \(head.labels.count) have a threshold" }
            ?? "from probability \(rule.threshold ?? 1)"
        return "\(head.field): \(rule.target): auto \(from): "
            + String(
                format: "%.1f %% of %d held-out rows, %.2f %% of them right",
                100 * Double(rule.above) / Double(rule.rows), rule.rows,
                100 * (1 - Double(rule.errors) / Double(max(rule.above, 1))))
            + (head.isCalibrated ? "" : "; not the site's own labels, so never auto") + suggested
    }

    private static func unreachable(
        _ head: ModelManifest.Head, _ rule: ModelManifest.AutoRule, _ scores: HeldOutScores
    ) -> String {
        guard let target = AutoTarget(parsing: rule.target) else {
            return "\(head.field): \(rule.target): reviewing every ticket costs least, so never auto"
        }
        let missing = ThresholdSolver(scores, suggest: head.threshold).solve(target).missing
        let remedy =
            missing.map { "about \(rounded($0)) more labelled rows like these could show it" }
            ?? "more rows like these would not; ask for less, or make the labels easier to tell apart"
        return
            "\(head.field): \(rule.target) cannot be shown on \(rule.rows) held-out rows, so never auto; \(remedy)"
    }

    /// Two digits are all that such an estimate is worth.
    private static func rounded(_ count: Int) -> Int {
        var unit = 1
        while count / unit >= 100 { unit *= 10 }
        return (count + unit / 2) / unit * unit
    }

    private static func curve(_ head: ModelManifest.Head, _ scores: HeldOutScores) -> [String] {
        let points = ThresholdSolver(scores, suggest: 0).curve
        return (1...10).compactMap { tenth in
            guard let point = points.first(where: { 10 * $0.above >= tenth * scores.count }) else {
                return nil
            }
            return String(
                format: "  %7.1f %%  %5.1f %%   %5.1f %%   %.4f",
                100 * Double(point.above) / Double(scores.count),
                100 * (1 - Double(point.errors) / Double(point.above)),
                100 * point.lowerBound(error: ThresholdSolver.error), point.threshold)
                + (point.threshold < head.threshold ? "  (review: below what is suggested)" : "")
        }
    }
}
