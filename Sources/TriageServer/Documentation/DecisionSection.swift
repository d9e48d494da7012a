internal import Foundation
internal import TriageEngine

/// A decision as a part of the page `/ui`: the decided category and severity first, then the other fields.
struct DecisionSection {
    let decision: Decision

    /// The section; its heading takes the focus, and the page's script has screen readers announce it.
    var html: String {
        """
        <section aria-labelledby="decision">
        <h2 id="decision" tabindex="-1" autofocus>\(decision.category.htmlEscaped), severity \(decision.severity.htmlEscaped)</h2>
        <p class="summary">\(decision.summary.htmlEscaped)</p>
        <div class="fields">\(fields)</div>
        \(decision.notes.map { "<p class=\"notes\">\($0.htmlEscaped)</p>" } ?? "")
        <h3>Next</h3><p class="next">\(decision.nextAction.htmlEscaped)</p>
        \(issue)
        <p><button type="button" id="copy" hidden>Copy as JSON</button></p>
        <details><summary>Show the JSON</summary><pre id="json">\(decision.json.htmlEscaped)</pre></details>
        </section>
        """
    }

    private var issue: String {
        if decision.isKnownIssue { return articles("Known issue", decision.matches) }
        guard !decision.nearMisses.isEmpty else { return "<h3>New issue</h3>" }
        return articles("New issue; the nearest articles", decision.nearMisses)
    }

    private func articles(_ title: String, _ matches: [Decision.Match]) -> String {
        let items = matches.map { match in
            "<li><b>\(match.id.htmlEscaped)</b> \(match.title.htmlEscaped) <span class=\"quiet\">\(percent(match.score))</span></li>"
        }
        return "<h3>\(title)</h3><ul class=\"articles\">\(items.joined())</ul>"
    }

    // MARK: - Fields

    private var fields: String {
        let filled = [("category", decision.category), ("severity", decision.severity)]
            .map { role, decided in (role, decided, decision.prediction(role: role)) }
        let places = filled.map { role, decided, prediction in
            field(prediction?.field ?? role, decided, prediction)
        }
        let others = decision.predictions.filter { other in !filled.contains { $0.2?.field == other.field } }
        return (places + others.map { field($0.field, $0.decided, $0) }).joined()
    }

    /// A field with what was decided, which for a severity may be above the model's own label.
    private func field(_ name: String, _ decided: String, _ prediction: Decision.Prediction?) -> String {
        let title = "<h3>\(name.htmlEscaped)</h3>"
        guard let prediction else {
            return "<article>\(title)<p class=\"label\">\(decided.htmlEscaped)</p></article>"
        }
        let level = "<span class=\"level \(prediction.level.rawValue)\">\(prediction.level.rawValue)</span>"
        let reasons = prediction.reasons.map { "<li>\($0.sentence.htmlEscaped)</li>" }.joined()
        let explanation = decision.explanations?.first { $0.field == prediction.field }
        return """
            <article>\(title)
            <p class="label">\(decided.htmlEscaped) \(level)</p>
            \(decided == prediction.label ? meter(prediction) : "<p>The model's own label is \(prediction.label.htmlEscaped).</p>")
            <p class="quiet">\(chances(prediction))</p>
            \(reasons.isEmpty ? "" : "<ul class=\"reasons\">\(reasons)</ul>")
            \(explanation.map { words($0) } ?? "")</article>
            """
    }

    private func meter(_ prediction: Decision.Prediction) -> String {
        "<meter min=\"0\" max=\"1\" value=\"\(prediction.probability)\" aria-label=\"Probability of \(prediction.label.htmlEscaped)\"></meter>"
    }

    private func chances(_ prediction: Decision.Prediction) -> String {
        let labels =
            [(prediction.label, prediction.probability)]
            + prediction.alternatives.map { ($0.label, $0.probability) }
        return labels.map { "\($0.0.htmlEscaped) \(percent($0.1))" }.joined(separator: " · ")
    }

    /// The words with the largest weights for the label rather than the runner-up, and against it.
    private func words(_ explanation: Explanation) -> String {
        let sum = explanation.against?.sum ?? explanation.own
        let shown = sum.terms.filter { StopWords.hasContent($0.text) && abs($0.weight) >= Self.minimumWeight }
        let terms = shown.prefix(6).map { term in
            let weight = String(format: "%+.2f", term.weight)
            return
                "<li class=\"\(term.weight < 0 ? "against" : "for")\"><b>\(weight)</b> \(term.text.htmlEscaped)</li>"
        }
        guard !terms.isEmpty else { return "" }
        let rival = explanation.against.map { " rather than \($0.label.htmlEscaped)" } ?? ""
        return
            "<p class=\"quiet\">Why \(explanation.label.htmlEscaped)\(rival):</p><ul class=\"words\">\(terms.joined())</ul>"
    }

    /// Smaller weights show as zero.
    private static let minimumWeight: Float = 0.005

    private func percent(_ share: Float) -> String { "\(Int((share * 100).rounded())) %" }
}
