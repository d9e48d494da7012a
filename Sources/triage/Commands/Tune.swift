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
                Shows how precision falls as more tickets are answered without a person, on the rows that training held
                out, and writes the bundle with its new thresholds; the one before is kept as DIR.previous. Without a
                target only the curve is shown. A table of costs is JSON: {"review": 4, "mistake": 15, "mistakes":
                {"Critical": {"Low": 120}}}, in minutes or any other unit, true label first.
                """)

        @OptionGroup var models: ModelPath
        @Option(help: ArgumentHelp("Only this field (default: all of the bundle).", valueName: "name"))
        var field: String?
        @Option(help: ArgumentHelp("precision=P or coverage=C.", valueName: "target"))
        var target: String?
        @Option(help: ArgumentHelp("What mistakes and reviews cost, instead of a target.", valueName: "file"))
        var costs: String?
        @Flag(help: "A threshold for each label, the allowed error shared out; a rare label may have none.")
        var byLabel = false
        @Option(help: ArgumentHelp("The probability from which an answer is suggested.", valueName: "p"))
        var suggest: Float?

        func validate() throws {
            guard target == nil || costs == nil else {
                throw ValidationError("Give --target or --costs, not both.")
            }
            guard target.map({ Target(parsing: $0) != nil }) ?? true else {
                throw ValidationError(
                    "--target takes precision=P or coverage=C, with a number between 0 and 1.")
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
                for (index, head) in bundle.heads.enumerated()
                where field ?? head.manifest.field == head.manifest.field {
                    try tune(head, &manifest.heads[index])
                }
                guard manifest != bundle.manifest else { return }
                let files = try ModelBundle.files(path, under: manifest)
                try OutputFolder(path, names: ModelBundle.fileNames).write(files)
                print("wrote \(path)")
            }
        }

        private func tune(_ head: ModelBundle.Head, _ manifest: inout ModelManifest.Head) throws {
            guard let scores = head.heldOut else {
                return print(
                    "\(manifest.field.shown): no held-out rows, so no thresholds; train without --fixed")
            }
            if let suggest { manifest.threshold = suggest }
            if let target = try wanted(head) {
                manifest.auto = ModelManifest.AutoRule(
                    target, scores, labels: head.labels.names, byLabel: byLabel)
            }
            AutoReport(manifest, scores).lines.forEach { print($0.shown) }
        }

        private func wanted(_ head: ModelBundle.Head) throws -> Target? {
            guard let costs else { return target.flatMap { Target(parsing: $0) } }
            let json = JSONValue(parsing: try FileInput.bytes(of: costs))
            return .cost(try CostMatrix(json, labels: head.labels.names, path: costs))
        }
    }
}

/// What held-out rows say of answers that nobody checks.
struct AutoReport {
    let lines: [String]

    /// The sentence, and a curve of ten points.
    init(_ head: ModelManifest.Head, _ scores: HeldOutScores) {
        lines =
            [AutoReport.sentence(head, scores), "  answered   right   at least   from"]
            + AutoReport.curve(scores)
    }

    /// What the rule is and what it reaches.
    static func sentence(_ head: ModelManifest.Head, _ scores: HeldOutScores?) -> String {
        guard let rule = head.auto, let scores else {
            return "\(head.field): never auto, since no rows were held out"
        }
        guard let threshold = rule.threshold else { return unreachable(head.field, rule, scores) }
        let (share, right) = (
            Double(rule.above) / Double(rule.rows), 1 - Double(rule.errors) / Double(max(rule.above, 1))
        )
        let byLabel =
            rule.labelThresholds.map { "; by label, \($0.count) of \(head.labels.count) have one" } ?? ""
        return "\(head.field): \(rule.target): auto from probability \(threshold): "
            + String(
                format: "%.1f %% of %d held-out rows, %.2f %% of them right", 100 * share, rule.rows,
                100 * right)
            + byLabel + (head.isCalibrated ? "" : "; not the site's own labels, so never auto")
    }

    private static func unreachable(
        _ field: String, _ rule: ModelManifest.AutoRule, _ scores: HeldOutScores
    ) -> String {
        let missing = Target(parsing: rule.target).flatMap { ThresholdSolver(scores).solve($0).missing }
        let remedy =
            missing.map { "about \($0) more labelled rows like these could show it" }
            ?? "more rows like these would not; ask for less, or make the labels easier to tell apart"
        return
            "\(field): \(rule.target) cannot be shown on \(rule.rows) held-out rows, so never auto; \(remedy)"
    }

    private static func curve(_ scores: HeldOutScores) -> [String] {
        let points = ThresholdSolver(scores).curve
        return (1...10).compactMap { tenth in
            guard let point = points.first(where: { 10 * $0.above >= tenth * scores.count }) else {
                return nil
            }
            return String(
                format: "  %7.1f %%  %5.1f %%   %5.1f %%   %.4f",
                100 * Double(point.above) / Double(scores.count),
                100 * (1 - Double(point.errors) / Double(point.above)),
                100 * point.lowerBound(error: ThresholdSolver.error), point.threshold)
        }
    }
}
