internal import Foundation
package import TriageEngine
package import TriageModel
internal import TriagePages
internal import TriageText
package import TriageTickets

/// Explanations as one HTML page: masked text, words marked by what they add.
package struct ExplanationPage {
    private var tickets: [HTML] = []
    private let model: ModelBundle
    /// The label whose own logit is shown; nil for the chosen one against the runner-up.
    private let label: String?

    package init(_ model: ModelBundle, label: String?) {
        self.model = model
        self.label = label
    }

    /// The whole page.
    package var bytes: [UInt8] {
        let introduction: HTML = """
            Model \(model.manifest.name), SHA-256 \(.code(model.sha256.prefix(12))). Each number is what a word or phrase \
            adds to the logit; terms, other words and bias add up to the total. \(Self.mark("For", "for")) the label, \
            \(Self.mark("against", "against")) it. Text is shown as the model reads it: cleaned and masked.
            """
        let main = HTML([.tag("h1", [:], "Why"), .p(introduction)] + tickets)
        return Array(HTMLPage(title: "Why: decisions explained", main: main).text.utf8)
    }

    /// Adds one ticket under its name.
    package mutating func add(_ text: TicketText, _ decision: Decision, _ name: String?) {
        var parts: [HTML] = [.tag("h2", [:], HTML(Self.sentence(name ?? "ticket")))]
        if let notes = decision.notes { parts.append(.p(HTML(notes))) }
        let texts = [("subject", text.subject.bytes), ("body", text.body.bytes)].filter { !$0.1.isEmpty }
        for (prediction, explanation) in zip(decision.predictions, decision.explanations ?? [])
        where label == nil || explanation.label == label {
            parts.append(section(prediction, explanation, texts))
        }
        parts += text.setAside.map { part($0) }
        tickets.append(.tag("article", [:], HTML(parts)))
    }

    private func section(
        _ prediction: Decision.Prediction, _ explanation: Explanation, _ texts: [(String, [UInt8])]
    ) -> HTML {
        let percent = String(format: "%.1f %%", prediction.probability * 100)
        let contrast = label == nil ? explanation.against : nil
        let sum = contrast?.sum ?? explanation.own
        let answer =
            [percent, prediction.level.rawValue]
            + (prediction.reasons.isEmpty ? [] : [prediction.reasons.map(\.rawValue).joined(separator: ", ")])
        let title =
            contrast.map { "Why \(explanation.label) rather than \($0.label)" }
            ?? "Words for \(explanation.label) and against it"
        let total = contrast == nil ? "Logit, centred" : "Difference of logits"
        let name = prediction.tags.map { $0.isEmpty ? "no tag" : prediction.label } ?? prediction.label
        var parts: [HTML] = [
            .tag("h3", [:], "\(prediction.field): \(name)"),
            .tag("p", ["class": "quiet"], HTML(answer.joined(separator: " · "))),
        ]
        if let path = prediction.path {
            let steps = path.map {
                "\($0.name) \(String(format: "%.1f %%", $0.probability * 100)) \($0.level.rawValue)"
            }
            parts.append(.p("Path: \(steps.joined(separator: ", then "))."))
        }
        parts += texts.map { name, bytes in Self.marked(name, bytes, sum.terms) }
        if let tags = explanation.tags, label == nil, !tags.isEmpty {
            parts += tags.map {
                Self.table(
                    $0.sum, title: "Words for tag \($0.label) and against it", total: "Logit of the tag")
            }
        } else {
            parts.append(Self.table(sum, title: title, total: total))
        }
        if let spread = sum.spread {
            let odds = ExplanationText.odds(explanation, sum)
            parts.append(
                .p(
                    "With \(Self.number(spread)) for the spread over the labels below it is \(Self.number(sum.logit + spread)), the \(odds)."
                ))
        }
        parts += explanation.collisions.map { .p("\(ExplanationText.sentence($0)).") }
        if let counterfactual = explanation.counterfactual {
            let sentence = ExplanationText.sentence(counterfactual, prediction, explaining: explanation.label)
            parts.append(.p("\(Self.sentence(sentence))."))
        }
        return .tag("section", [:], HTML(parts))
    }

    /// A part that the model did not read, masked too.
    private func part(_ aside: TicketText.PartSetAside) -> HTML {
        let words = String(decoding: model.preparation.masked(aside.part.text), as: UTF8.self)
        return .tag(
            "details", [:], .tag("summary", [:], "Not read: \(aside.part.kind.name) of the \(aside.field)"),
            .tag("p", ["class": "text"], HTML(words)))
    }

    private static func sentence(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }

    private static func mark(_ text: String, _ side: String, title: String? = nil) -> HTML {
        .tag("mark", ["class": side, "title": title], HTML(text))
    }

    private static func marked(_ name: String, _ bytes: [UInt8], _ terms: [Explanation.Term]) -> HTML {
        let spans = terms.filter { $0.field == name }.map { ($0.maskedRange, $0.weight) }
        let pieces = Highlights(bytes, spans).stretches.map { stretch in
            guard let weight = stretch.weight else { return HTML(stretch.text) }
            return mark(stretch.text, side(weight), title: number(weight))
        }
        return .tag("p", ["class": "text \(name)"], HTML(pieces))
    }

    private static func table(_ sum: Explanation.Sum, title: String, total: String) -> HTML {
        let largest = sum.terms.reduce(Float.leastNormalMagnitude) { max($0, abs($1.weight)) }
        func row(_ name: String, _ value: Float, bar: HTML = "") -> [HTML] {
            [HTML(name), HTML(number(value)), bar]
        }
        let rows = sum.terms.map { term in
            row(ExplanationText.word(term.text), term.weight, bar: bar(term.weight, largest))
        }
        let share = String(format: "%.1f %%", sum.restShare * 100)
        let rest = [
            row("other words, \(share) of all magnitudes", sum.rest),
            row(ExplanationText.bias(sum), sum.bias),
        ]
        let table = HTMLTable(
            caption: title, [.init("Word or phrase"), .init("Adds", isNumber: true), .init("Size")],
            rows + rest, footer: row(total, sum.logit), style: "wide")
        return table.html { _, column in column == 2 ? "bar" : nil }
    }

    private static func bar(_ weight: Float, _ largest: Float) -> HTML {
        let width = Int((abs(weight) / largest * 100).rounded())
        let rect = HTML.tag("rect", ["class": side(weight), "width": "\(width)", "height": "8"])
        return .tag(
            "svg", ["viewBox": "0 0 100 8", "preserveAspectRatio": "none", "aria-hidden": "true"], rect)
    }

    private static func number(_ weight: Float) -> String { HTML.signed(weight, decimals: 3) }

    private static func side(_ weight: Float) -> String { weight > 0 ? "for" : "against" }
}
