internal import Foundation
internal import TriageData
package import TriageModel
internal import TriageNumerics

/// The automatic answers of a field: what its rule reaches on held-out rows.
package struct AutoReport {
    package let lines: [String]

    /// The sentence, and a curve of ten points over the rows that are neither ambiguous nor out of scope.
    package init(_ head: ModelManifest.Head, _ scores: HeldOutScores) {
        lines =
            [AutoReport.sentence(head, scores), "  answered   right   at least   from"]
            + AutoReport.curve(head, scores)
    }

    /// What the rule is and what it reaches.
    package static func sentence(_ head: ModelManifest.Head, _ scores: HeldOutScores?) -> String {
        if let tags = head.tags { return sentence(head, tags) }
        let suggested = "; suggested from \(head.threshold)"
        guard let rule = head.auto, let scores else {
            let reason =
                head.labelMix == nil
                ? "no rows were held out" : "no rows were held out that could stand for the label mix"
            return "\(head.field): never auto, since \(reason)" + suggested
        }
        guard rule.isReachable else {
            return unreachable(head, rule, scores) + withForeign(rule) + suggested
        }
        let from =
            rule.labelThresholds.map { "by label, \($0.count) of \(head.labels.count) have a threshold" }
            ?? "from probability \(rule.threshold ?? 1)"
        return "\(head.field): \(rule.target): auto \(from): " + reach(rule)
            + (head.isCalibrated ? "" : "; not the site's own labels, so never auto") + suggested
    }

    /// What the thresholds of tags were solved for, and how many tags can be `auto`.
    private static func sentence(_ head: ModelManifest.Head, _ tags: ModelManifest.TagRule) -> String {
        guard let rule = head.auto else {
            return
                "\(head.field): each tag given from probability 0.5, since no rows were held out; never auto"
        }
        let never = tags.thresholds.count { $0 == nil }
        let given =
            "thresholds solved for \(tags.goal)"
            + (never > 0 ? ", which \(never.counted("tag")) cannot show: never given" : "")
        let auto = rule.labelThresholds ?? [:]
        return
            "\(head.field): \(given); \(rule.target): \(auto.count) of \(head.labels.count) tags can be auto"
            + (head.isCalibrated ? "" : "; not the site's own labels, so never auto")
    }

    /// A sentence for each depth of a tree above the deepest.
    package static func depths(_ head: ModelManifest.Head) -> [String] {
        (head.tree?.levels ?? []).enumerated().map { depth, level in
            let name = "\(head.field), depth \(depth + 1)"
            let suggested = "; suggested from \(level.threshold)"
            guard let rule = level.auto, rule.rows > 0 else {
                return "\(name): never auto, since no rows were held out" + suggested
            }
            let right = level.accuracy.map { String(format: "held-out accuracy %.4f; ", $0) } ?? ""
            guard rule.isReachable else {
                return
                    "\(name): \(right)\(rule.target) cannot be shown on \(rule.rows) held-out rows, so never auto"
                    + suggested
            }
            let from =
                rule.labelThresholds.map { "by label, \($0.count) have a threshold" }
                ?? "from probability \(rule.threshold ?? 1)"
            return "\(name): \(right)\(rule.target): auto \(from): " + reach(rule) + suggested
        }
    }

    /// The share of held-out rows that a rule answers with its interval, and the share of these that is right with its
    /// one-sided bound.
    private static func reach(_ rule: ModelManifest.AutoRule) -> String {
        let right = rule.above - rule.errors
        let bound = Binomial.lowerBound(right, of: rule.above, error: ThresholdSolver.error)
        let own =
            String(
                format: "%.1f %% of %d held-out rows", 100 * Double(rule.above) / Double(rule.rows), rule.rows
            )
            + " (95 % interval \(interval(rule.above, of: rule.rows))), "
            + String(
                format: "%.2f %% of them right (at least %.1f %%)",
                100 * Double(right) / Double(max(rule.above, 1)), 100 * bound)
        return own + withForeign(rule)
    }

    /// What foreign tickets do to a rule; empty where it was solved without any.
    private static func withForeign(_ rule: ModelManifest.AutoRule) -> String {
        guard let foreign = rule.foreign else { return "" }
        let share =
            String(format: "%g %%", 100 * foreign.share)
            + (foreign.estimatedFrom.map { " (estimated from \($0) tickets)" } ?? "")
        guard let precision = rule.precisionWithForeign else {
            return foreign.share > 0 ? "; with \(share) foreign tickets" : ""
        }
        guard foreign.share > 0 else {
            return String(
                format:
                    "; solved without foreign tickets: with %g %% of them %.2f %% right (%d of %d foreign rows would be auto)",
                100 * ModelManifest.AutoRule.exampleShare, 100 * precision, foreign.above, foreign.rows)
        }
        return "; with \(share) foreign tickets "
            + String(format: "%.2f %% right: ", 100 * precision)
            + "\(foreign.above) of \(foreign.rows) foreign rows would be auto"
            + (foreign.scopeLimit.map { ", up to out-of-scope score \($0)" } ?? "")
    }

    private static func unreachable(
        _ head: ModelManifest.Head, _ rule: ModelManifest.AutoRule, _ scores: HeldOutScores
    ) -> String {
        guard let target = AutoTarget(parsing: rule.target) else {
            return
                "\(head.field): \(rule.target): on \(rule.rows) held-out rows reviewing every ticket costs least, so never auto"
        }
        return "\(head.field): \(rule.target) cannot be shown on \(rule.rows) held-out rows, so never auto; "
            + remedy(head, rule, target, scores)
    }

    /// What would bring a target within reach.
    private static func remedy(
        _ head: ModelManifest.Head, _ rule: ModelManifest.AutoRule, _ target: AutoTarget,
        _ scores: HeldOutScores
    ) -> String {
        let unbound =
            rule.labelThresholds == nil ? ThresholdSolver(scores, suggest: 0).solve(target).point : nil
        if let unbound, unbound.threshold < head.threshold {
            let least = (Double(unbound.threshold) * 1000).rounded(.down) / 1000
            return
                "it needs answers from probability \(least), and labels are suggested from \(head.threshold) only; "
                + "suggest from \(least), or lower the target"
        }
        let remedies = "lower the target, or make the labels easier to distinguish"
        guard case .precision(let precision) = target else {
            return "the other rows are ambiguous or out of scope; \(remedies)"
        }
        return
            "how many more labelled rows would show it cannot be estimated from \(rule.rows) rows (it takes "
            + "\(ThresholdSolver.minimumRows(precision: precision)) sure ones without an error at least); add rows and train again, "
            + remedies
    }

    /// The two-sided 95 % interval of Clopper and Pearson for a share, in percent.
    static func interval(_ part: Int, of whole: Int) -> String {
        String(
            format: "%.1f to %.1f %%", 100 * Binomial.lowerBound(part, of: whole, error: 0.025),
            100 * Binomial.upperBound(part, of: whole, error: 0.025))
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
