import Foundation
import TriageData
import TriageEngine
import TriageModel
import TriageText
import TriageTickets

/// Explanations as one HTML page with nothing outside it: masked text, words marked by what they add.
///
/// For a label: blue with a solid line below; against it: orange with a dashed one.
struct ExplanationPage {
    private var body = ""
    private let model: ModelBundle
    /// The label whose own logit is shown; nil for the chosen one against the runner-up.
    private let label: String?

    init(_ model: ModelBundle, label: String?) {
        self.model = model
        self.label = label
    }

    /// The whole page.
    var bytes: [UInt8] {
        let page = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>Why: decisions explained</title>
            <style>
            \(ExplanationPage.style)
            </style>
            </head>
            <body>
            <main>
            <h1>Why</h1>
            <p>Model \(model.manifest.name.htmlEscaped), SHA-256 <code>\(model.sha256.prefix(12))</code>. Each number is
            what a word or phrase adds to the logit; terms, other words and bias add up to the total.
            <mark class="for">For</mark> the label, <mark class="against">against</mark> it.
            Text is shown as the model reads it: cleaned and masked.</p>
            \(body)
            </main>
            </body>
            </html>

            """
        return Array(page.utf8)
    }

    /// Adds one ticket under its name.
    mutating func add(_ text: TicketText, _ decision: Decision, _ name: String?) {
        body += "<article>\n<h2>\(ExplanationPage.sentence(name ?? "ticket"))</h2>\n"
        if let notes = decision.notes { body += "<p>\(notes.htmlEscaped)</p>\n" }
        let texts = [("subject", text.subject.bytes), ("body", text.body.bytes)].filter { !$0.1.isEmpty }
        for (prediction, explanation) in zip(decision.predictions, decision.explanations ?? [])
        where label == nil || explanation.label == label {
            add(prediction, explanation, texts)
        }
        body += "</article>\n"
    }

    private mutating func add(
        _ prediction: Decision.Prediction, _ explanation: Explanation, _ texts: [(String, [UInt8])]
    ) {
        let percent = String(format: "%.1f %%", prediction.probability * 100)
        let contrast = label == nil ? explanation.against : nil
        let sum = contrast?.sum ?? explanation.own
        let reasons = prediction.reasons.map(\.rawValue).joined(separator: ", ")
        body += "<section>\n<h3>\(prediction.field.htmlEscaped): \(prediction.label.htmlEscaped)</h3>\n"
        body += "<p class=\"answer\">\(percent) · \(prediction.level.rawValue)"
        body += "\(reasons.isEmpty ? "" : " · \(reasons)")</p>\n"
        for (name, bytes) in texts { body += Self.marked(name, bytes, sum.terms) }
        let title =
            contrast.map { "Why \(explanation.label) rather than \($0.label)" }
            ?? "What speaks for \(explanation.label) and against it"
        body += Self.table(
            sum, title: title, total: contrast == nil ? "Logit, centred" : "Difference of logits")
        for collision in explanation.collisions {
            body += "<p>\(ExplanationText.sentence(collision).htmlEscaped).</p>\n"
        }
        if let counterfactual = explanation.counterfactual {
            let sentence = ExplanationText.sentence(counterfactual, prediction, explaining: explanation.label)
            body += "<p>\(ExplanationPage.sentence(sentence)).</p>\n"
        }
        body += "</section>\n"
    }

    private static func sentence(_ text: String) -> String {
        (text.prefix(1).uppercased() + text.dropFirst()).htmlEscaped
    }

    private static func marked(_ name: String, _ bytes: [UInt8], _ terms: [Explanation.Term]) -> String {
        let spans = terms.filter { $0.field == name }.map { ($0.maskedRange, $0.weight) }
        let pieces = Highlights(bytes, spans).stretches.map { stretch in
            guard let weight = stretch.weight else { return stretch.text.htmlEscaped }
            let title = String(format: "%+.3f", weight)
            return "<mark class=\"\(side(weight))\" title=\"\(title)\">\(stretch.text.htmlEscaped)</mark>"
        }
        return "<p class=\"text \(name)\">\(pieces.joined())</p>\n"
    }

    private static func table(_ sum: Explanation.Sum, title: String, total: String) -> String {
        let largest = sum.terms.reduce(Float.leastNormalMagnitude) { max($0, abs($1.weight)) }
        let rows = sum.terms.map { term in
            let length = Int((abs(term.weight) / largest * 100).rounded())
            let bar =
                "<svg viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect class=\"\(side(term.weight))\" "
                + "width=\"\(length)\" height=\"8\"/></svg>"
            return row(ExplanationText.word(term.text).htmlEscaped, term.weight, bar)
        }
        let share = String(format: "%.1f %%", sum.restShare * 100)
        return """
            <table>
            <caption>\(title.htmlEscaped)</caption>
            <thead><tr><th scope="col">Word or phrase</th><th scope="col">Adds</th><td></td></tr></thead>
            <tbody>
            \(rows.joined(separator: "\n"))
            \(row("other words, \(share) of all magnitudes", sum.rest, ""))
            \(row(ExplanationText.bias(sum), sum.bias, ""))
            </tbody>
            <tfoot>\(row(total, sum.logit, ""))</tfoot>
            </table>

            """
    }

    private static func row(_ name: String, _ value: Float, _ bar: String) -> String {
        "<tr><th scope=\"row\">\(name)</th><td class=\"number\">\(String(format: "%+.3f", value))</td>"
            + "<td class=\"bar\">\(bar)</td></tr>"
    }

    private static func side(_ weight: Float) -> String { weight > 0 ? "for" : "against" }

    private static let style = """
        :root { color-scheme: light dark; --ink: #1b1b1b; --dim: #555; --paper: #fff; --line: #d5d5d5;
          --for: #cfe3fb; --for-line: #0a58b5; --against: #fde0bd; --against-line: #a14a00; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e8e8e8; --dim: #b0b0b0; --paper: #161616; --line: #3a3a3a;
          --for: #143a66; --for-line: #7db7ff; --against: #5a3208; --against-line: #ffb56b; } }
        body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
        main { max-width: 46rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
        h1 { font-size: 1.6rem; margin: 0 0 .5rem; } h2 { font-size: 1.25rem; margin: 2.5rem 0 0; }
        h3 { font-size: 1.05rem; margin: 1.5rem 0 0; }
        .answer { margin: .1rem 0 .75rem; color: var(--dim); }
        .text { border-left: 3px solid var(--line); margin: .5rem 0; padding: .25rem .75rem; white-space: pre-wrap;
          overflow-wrap: anywhere; } .subject { font-weight: 600; }
        mark { color: inherit; border-radius: 2px; padding: 0 .1em; }
        mark.for { background: var(--for); border-bottom: 2px solid var(--for-line); }
        mark.against { background: var(--against); border-bottom: 2px dashed var(--against-line); }
        table { border-collapse: collapse; width: 100%; margin: .75rem 0; }
        caption { text-align: left; font-weight: 600; padding: .25rem 0; }
        th, td { text-align: left; padding: .2rem .5rem .2rem 0; border-top: 1px solid var(--line); font-weight: 400; }
        th { overflow-wrap: anywhere; } thead th, thead td { color: var(--dim); border-top: 0; font-size: .875rem; }
        .number { font-variant-numeric: tabular-nums; text-align: right; white-space: nowrap; width: 5rem; }
        thead th:nth-child(2) { text-align: right; }
        .bar { width: 40%; padding-left: .5rem; } .bar svg { display: block; width: 100%; height: .6rem; }
        rect.for { fill: var(--for-line); } rect.against { fill: var(--against-line); }
        tfoot th, tfoot td { font-weight: 600; border-top: 2px solid var(--ink); }
        """
}
