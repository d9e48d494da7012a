internal import Foundation
internal import TriageData
package import TriageEngine
internal import TriagePages
package import TriageTickets

/// One field's explanation as lines for people.
///
/// Words for a label are blue and bold, words against it orange and underlined: hues that every kind of colour
/// vision tells apart, and a second sign beside them.
package struct ExplanationText {
    let prediction: Decision.Prediction
    let explanation: Explanation
    /// The label's own logit instead of the difference.
    let showsOwn: Bool
    let inColour: Bool

    package init(
        _ prediction: Decision.Prediction, _ explanation: Explanation, showsOwn: Bool, inColour: Bool
    ) {
        (self.prediction, self.explanation) = (prediction, explanation)
        (self.showsOwn, self.inColour) = (showsOwn, inColour)
    }

    private var sum: Explanation.Sum {
        showsOwn ? explanation.own : explanation.against?.sum ?? explanation.own
    }

    /// All lines; on a screen in colour, with the ticket's text first.
    package func lines(_ ticket: TicketText) -> [String] {
        var lines = [headline.shown]
        if let path = path { lines.append("  path: \(path.shown)") }
        if let tags = explanation.tags, !showsOwn {
            if inColour { lines += text(ticket) }
            if tags.isEmpty {
                lines += ["  no tag is given; words for the nearest, \(explanation.label):".shown]
            }
            let nearest = [(label: explanation.label, sum: explanation.own)]
            for tag in tags.isEmpty ? nearest : tags.map({ (label: $0.label, sum: $0.sum) }) {
                if !tags.isEmpty { lines.append("  words for tag \(tag.label) and against it:".shown) }
                lines += sumLines(tag.sum, "logit of tag \(tag.label)")
            }
            return lines + after
        }
        lines.append("  \(title.shown):")
        if inColour { lines += text(ticket) }
        return lines + sumLines(sum, total) + after
    }

    /// The terms of a sum, and what they add up to.
    private func sumLines(_ sum: Explanation.Sum, _ total: String) -> [String] {
        var lines: [String] = []
        lines += sum.terms.map { term in
            let place = "(\(term.field) \(term.range.lowerBound)..<\(term.range.upperBound))"
            return
                "  \(painted(number(term.weight), term.weight))  \(ExplanationText.word(term.text))  \(place)"
        }
        let share = String(format: "%.1f %% of all magnitudes", sum.restShare * 100)
        lines.append("  \(number(sum.rest))  other words, \(share)")
        lines.append("  \(number(sum.bias))  \(ExplanationText.bias(sum))")
        lines.append("  \(number(sum.logit))  = \(total.shown)")
        if let spread = sum.spread {
            lines.append("  \(number(spread))  the spread over the labels below")
            lines.append("  \(number(sum.logit + spread))  = \(ExplanationText.odds(explanation, sum).shown)")
        }
        return lines
    }

    /// What follows all sums.
    private var after: [String] {
        var lines: [String] = []
        lines += explanation.collisions.map { "  note: \(ExplanationText.sentence($0).shown)" }
        if let counterfactual = explanation.counterfactual {
            let sentence = ExplanationText.sentence(
                counterfactual, prediction, explaining: explanation.label)
            lines.append("  \(sentence.shown)")
        }
        return lines
    }

    /// The steps of a path; nil for labels without parents.
    private var path: String? {
        prediction.path.map { steps in
            steps.map {
                "\($0.name)  " + String(format: "%.1f %%", $0.probability * 100) + "  \($0.level.rawValue)"
            }.joined(separator: ", then ")
        }
    }

    private var headline: String {
        let percent = String(format: "%.1f %%", prediction.probability * 100)
        let reasons = prediction.reasons.map(\.rawValue).joined(separator: ", ")
        let label = prediction.tags.map { $0.isEmpty ? "no tag" : prediction.label } ?? prediction.label
        return "\(prediction.field): \(label)  \(percent)  \(prediction.level.rawValue)"
            + (reasons.isEmpty ? "" : "  \(reasons)")
    }

    private var title: String {
        guard !showsOwn, let rival = explanation.against?.label else {
            return "words for \(explanation.label) and against it"
        }
        return "why \(explanation.label) rather than \(rival)"
    }

    private var total: String {
        guard !showsOwn, let rival = explanation.against?.label else {
            if explanation.tags != nil { return "logit of tag \(explanation.label)" }
            return sum.spread == nil
                ? "logit of \(explanation.label), less the mean of all labels' logits"
                : "mean logit of the labels below \(explanation.label), less that of all others"
        }
        guard sum.spread == nil else {
            return "mean logit of the labels below \(explanation.label), less that of \(rival)"
        }
        return "logit of \(explanation.label), less that of \(rival)"
    }

    // MARK: - Sentences, shared with the page

    /// What a parent's sum and its spread add up to.
    static func odds(_ explanation: Explanation, _ sum: Explanation.Sum) -> String {
        let rival = explanation.against.flatMap { $0.sum == sum ? $0.label : nil }
        return "log-odds of \(explanation.label) against \(rival ?? "all others"), times the temperature"
    }

    /// How the intercepts' part is called.
    static func bias(_ sum: Explanation.Sum) -> String {
        sum.labelMix.map { String(format: "bias, %+.3f of it for the label mix", $0) } ?? "bias"
    }

    static func sentence(_ collision: Explanation.Collision) -> String {
        let owner = collision.label.map { ", a strong word of \($0)" } ?? ""
        return
            "“\(word(collision.text))” shares a bucket with “\(word(collision.other))”\(owner)"
            + String(format: "; the bucket adds %+.3f", collision.weight)
    }

    /// A word or phrase made safe to show, cut where it would fill a screen.
    static func word(_ text: String) -> String { text.fitted(to: maximumWordWidth) }

    private static let maximumWordWidth = 60

    /// What becomes of the answer, which is named where another label is explained.
    static func sentence(
        _ counterfactual: Counterfactual, _ prediction: Decision.Prediction, explaining label: String
    ) -> String {
        let change = change(counterfactual)
        guard label != prediction.label else { return change }
        return "of the answer \(prediction.label.isEmpty ? "no tag" : prediction.label): \(change)"
    }

    private static func change(_ counterfactual: Counterfactual) -> String {
        let percent = String(format: "%.1f %%", counterfactual.probability * 100)
        let effort = "\(counterfactual.scorings) scorings"
        var words: [String] = []
        for word in counterfactual.words.map({ "“\(word($0.text.lowercased()))”" })
        where !words.contains(word) {
            words.append(word)
        }
        let set = "without \(words.joined(separator: ", ")): "
        let answer = counterfactual.label.isEmpty ? "no tag" : counterfactual.label
        let kind = counterfactual.isIrreducible ? "each word needed" : "perhaps not all needed"
        switch counterfactual.effect {
        case .otherLabel: return set + "\(answer) \(percent) (\(kind); \(effort))"
        case .belowThreshold:
            return set + "\(answer) \(percent), below the threshold (\(kind); \(effort))"
        case nil:
            return "no set of words found that changes the answer, with up to \(counterfactual.removed) "
                + "taken away (\(effort))"
        }
    }

    // MARK: - Colour

    private func number(_ value: Float) -> String { String(format: "%+8.3f", value) }

    private func painted(_ text: String, _ weight: Float) -> String {
        guard inColour else { return text }
        return "\u{1B}[\(weight > 0 ? "1;38;5;33" : "4;38;5;208")m\(text)\u{1B}[0m"
    }

    /// The ticket as it came in, without the parts that were not read: on the user's own screen nothing needs masking.
    private func text(_ ticket: TicketText) -> [String] {
        guard let original = ticket.original else { return [] }
        return [("subject", original.subject), ("body", original.body)].filter { !$0.1.isEmpty }.flatMap {
            name, text in
            let terms = sum.terms.filter { $0.field == name }.map { ($0.range, $0.weight) }
            let aside = ticket.setAside.filter { $0.field == name }.map(\.part.range)
            let shown = Highlights(Array(text.utf8), terms, leavingOut: aside).stretches.map { stretch in
                let safe = stretch.text.shownKeepingLines
                return stretch.weight.map { painted(safe, $0) } ?? safe
            }
            return shown.joined().split(whereSeparator: \.isNewline).map { "  │ \($0)" }
        }
    }
}
