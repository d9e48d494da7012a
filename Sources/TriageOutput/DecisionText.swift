internal import TriageData
package import TriageEngine

/// One decision as lines for a person.
package struct DecisionText {
    private static let words = 5

    private let decision: Decision

    package init(_ decision: Decision) { self.decision = decision }

    /// Each field with its label, probability, level, reasons and words, then the issue and what to do.
    package var lines: [String] {
        var lines = decision.predictions.flatMap { field($0) }
        if decision.prediction(role: "severity") == nil, decision.severity != Decision.defaultSeverity {
            lines.append("severity: \(decision.severity)")
        }
        lines += [issue, "next action: \(decision.nextAction)"]
        if let notes = decision.notes { lines.append("note: \(notes)") }
        return lines.map(\.shown)
    }

    private func field(_ prediction: Decision.Prediction) -> [String] {
        let label =
            prediction.decided == prediction.label
            ? prediction.tags.map(tagText) ?? "\(prediction.label)  \(percent(prediction.probability))"
            : "\(prediction.decided), raised by a safety floor"
        let words = decision.words(for: prediction.field, DecisionText.words)
        return ["\(prediction.field): \(label)  \(prediction.level.rawValue)"]
            + pathLines(prediction)
            + prediction.reasons.map { "  \($0.sentence)" }
            + (words.isEmpty ? [] : ["  words: \(words.joined(separator: ", "))"])
    }

    /// Each tag with its probability.
    private func tagText(_ tags: [Decision.Tag]) -> String {
        tags.isEmpty
            ? "no tag" : tags.map { "\($0.label)  \(percent($0.probability))" }.joined(separator: ", ")
    }

    /// The steps of a path, each with its probability and level.
    private func pathLines(_ prediction: Decision.Prediction) -> [String] {
        guard let path = prediction.path, path.count > 1 else { return [] }
        let steps = path.map { "\($0.name)  \(percent($0.probability))  \($0.level.rawValue)" }
        return ["  path: \(steps.joined(separator: ", then "))"]
    }

    private var issue: String {
        if let match = decision.matches.first {
            return "known issue: \(match.id) \(match.title)  \(percent(match.score))"
        }
        let nearest = decision.nearMisses.first.map { "; the nearest article: \($0.id) \($0.title)" } ?? ""
        return "new issue\(nearest)"
    }

    private func percent(_ share: Float) -> String { "\(Int((share * 100).rounded())) %" }
}
