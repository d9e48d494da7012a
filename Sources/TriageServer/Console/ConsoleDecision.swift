internal import Foundation
internal import TriageEngine
internal import TriagePages
internal import TriageText

/// A decision as a part of the console: the decided category and severity first, then the other fields.
struct ConsoleDecision {
    let decision: Decision
    /// The ticket's body as the form had it.
    let text: String
    var words = ConsoleWords.english

    /// The section; its heading takes the focus, and the page's script has screen readers announce it.
    var html: HTML {
        .tag(
            "section", ["aria-labelledby": "decision"],
            .tag(
                "h2", ["id": "decision", "tabindex": "-1", "autofocus": "", "data-name": words.decision],
                "\(decision.category), \(words.severity) \(decision.severity)"),
            .tag("p", ["class": "summary"], HTML(decision.summary)),
            .tag("div", ["class": "cards"], fields),
            decision.notes.map { .tag("p", ["class": "notes"], HTML($0)) } ?? "",
            .tag("h3", [:], HTML(words.next)), .p(HTML(decision.nextAction)), issue, parts,
            .p(ConsoleFrame.copyButton("json", words.copyJSON, words)),
            .tag(
                "details", [:], .tag("summary", [:], HTML(words.showJSON)),
                .tag("pre", ["id": "json"], HTML(decision.json))))
    }

    /// The ticket with the parts marked that were not read; nothing where all was read.
    private var parts: HTML {
        guard !decision.setAside.isEmpty else { return "" }
        let bytes = Array(text.utf8)
        var pieces: [HTML] = []
        var end = 0
        for part in decision.setAside
        where part.field == "body" && part.start >= end && part.end <= bytes.count {
            pieces.append(HTML(String(decoding: bytes[end..<part.start], as: UTF8.self)))
            let content = String(decoding: bytes[part.start..<part.end], as: UTF8.self)
            pieces.append(
                .tag(
                    "span", ["class": "aside"], .tag("b", [:], HTML(words.setAside(part.kind))), " \(content)"
                )
            )
            end = part.end
        }
        pieces.append(HTML(String(decoding: bytes[end...], as: UTF8.self)))
        return
            "\(HTML.tag("h3", [:], HTML(words.readAndSetAside)))\(HTML.tag("p", ["class": "text"], HTML(pieces)))"
    }

    private var issue: HTML {
        if decision.isKnownIssue { return articles(words.knownIssue, decision.matches) }
        guard !decision.nearMisses.isEmpty else { return .tag("h3", [:], HTML(words.newIssue)) }
        return articles(words.nearest, decision.nearMisses)
    }

    private func articles(_ title: String, _ matches: [Decision.Match]) -> HTML {
        let items: [HTML] = matches.map { match in
            """
            \(.tag("b", [:], HTML(match.id))) \(match.title) \
            \(.tag("span", ["class": "quiet"], HTML(percent(match.score))))
            """
        }
        return "\(.tag("h3", [:], HTML(title)))\(.list(items))"
    }

    // MARK: - Fields

    private var fields: HTML {
        let filled = [("category", decision.category), ("severity", decision.severity)]
            .map { role, decided in (role, decided, decision.prediction(role: role)) }
        let places = filled.map { role, decided, prediction in
            field(prediction?.field ?? role, decided, prediction)
        }
        let others = decision.predictions.filter { other in !filled.contains { $0.2?.field == other.field } }
        return HTML(places + others.map { field($0.field, $0.decided, $0) })
    }

    /// A field with what was decided, which for a severity may be above the model's own label.
    private func field(_ name: String, _ decided: String, _ prediction: Decision.Prediction?) -> HTML {
        let title = HTML.tag("h3", [:], HTML(name))
        guard let prediction else {
            return card([title, .tag("p", ["class": "label"], HTML(decided))])
        }
        let level = prediction.level.rawValue
        let badge = HTML.tag("span", ["class": "level \(level)"], HTML(words.level(prediction.level)))
        let reasons = prediction.reasons.map { HTML.tag("li", [:], HTML(words.reason($0))) }
        let explanation = decision.explanations?.first { $0.field == prediction.field }
        return card([
            title, .tag("p", ["class": "label"], "\(decided.isEmpty ? "–" : decided) \(badge)"),
            decided == prediction.label
                ? decided.isEmpty ? "" : meter(prediction) : .p("\(words.modelsOwn) \(prediction.label)."),
            decided.isEmpty ? "" : .tag("p", ["class": "quiet"], HTML(chances(prediction))),
            reasons.isEmpty ? "" : .tag("ul", ["class": "reasons"], HTML(reasons)),
            explanation.map { why($0) } ?? "",
        ])
    }

    private func card(_ parts: [HTML]) -> HTML { .tag("article", ["class": "card"], HTML(parts)) }

    private func meter(_ prediction: Decision.Prediction) -> HTML {
        .tag(
            "meter",
            [
                "min": "0", "max": "1", "value": "\(prediction.probability)",
                "aria-label": "\(words.probability) \(prediction.label)",
            ])
    }

    private func chances(_ prediction: Decision.Prediction) -> String {
        let labels =
            [(prediction.label, prediction.probability)]
            + prediction.alternatives.map { ($0.label, $0.probability) }
        return labels.map { "\($0.0) \(percent($0.1))" }.joined(separator: " · ")
    }

    /// The words with the largest weights for the label rather than the runner-up, and against it.
    private func why(_ explanation: Explanation) -> HTML {
        let terms = explanation.shownTerms.prefix(6).map { term in
            let weight = HTML.tag("b", [:], HTML(HTML.signed(term.weight, decimals: 2)))
            return HTML.tag("li", ["class": term.weight < 0 ? "against" : "for"], "\(weight) \(term.text)")
        }
        guard !terms.isEmpty else { return "" }
        let rival = explanation.against.map { " \(words.ratherThan) \($0.label)" } ?? ""
        let title = HTML.tag("p", ["class": "quiet"], "\(words.why) \(explanation.label)\(rival):")
        return "\(title)\(.tag("ul", ["class": "words"], HTML(terms)))"
    }

    private func percent(_ share: Float) -> String { "\(Int((share * 100).rounded())) %" }
}
