internal import TriageData
internal import TriageEngine
internal import TriagePages
internal import TriageStore

/// A stored decision as the queue and the ticket's page show it.
struct TicketView {
    /// A label with its probability.
    typealias Choice = (label: String, probability: Float?)

    /// One field of the decision.
    struct Field {
        var record: DecisionRecord.Field
        var correction: Feedback?
        /// The labels that a person may choose, the likeliest first.
        var choices: [Choice]

        var name: String { record.name }
        /// The label in force.
        var label: String { correction?.label ?? record.decidedLabel }
        var level: Decision.Level { Decision.Level(rawValue: record.level) ?? .review }
        var needsPerson: Bool { level != .auto && correction == nil }
        /// Whether a person labels it without seeing the model's answer.
        var isWithheld: Bool { record.isSampledBlind && correction == nil }
        /// The label as pages show it.
        var shownLabel: String { correction?.label ?? record.shownLabel }
        var reasons: [Decision.Reason] { record.reasons.compactMap(Decision.Reason.init) }
    }

    var stored: StoredDecision
    var state: DecisionState
    var fields: [Field]
    /// The decision made again by the model in use, with explanations; nil when the text is not kept.
    var again: Decision?
    /// Whether the model in use is the one that decided.
    var isSameModel: Bool
    /// Names of others who look at the ticket.
    var others: [String] = []

    init(_ listed: ListedDecision, with snapshot: Snapshot, again: Decision?) {
        (stored, state) = (listed.decision, listed.state)
        self.again = again?.withholding(listed.decision.withheldFields)
        isSameModel = listed.decision.record.snapshot.model == snapshot.model.sha256
        let answer = listed.decision.answer
        fields = listed.decision.record.fields.map { record in
            let labels = snapshot.model.heads.first { $0.manifest.field == record.name }?.labels.names ?? []
            return Field(
                record: record, correction: listed.decision.correction(of: record.name),
                choices: TicketView.choices(record, answer?["predictions"]?[record.name], labels))
        }
    }

    private static func choices(
        _ record: DecisionRecord.Field, _ prediction: JSONValue?, _ labels: [String]
    ) -> [Choice] {
        guard !record.label.isEmpty else { return labels.map { ($0, nil) } }
        var choices: [Choice] = [(record.label, record.probability)]
        if record.decidedLabel != record.label { choices.insert((record.decidedLabel, nil), at: 0) }
        for alternative in prediction?["alternatives"]?.elements ?? [] {
            guard let label = alternative["label"]?.text else { continue }
            choices.append((label, alternative["probability"]?.double.map { Float($0) }))
        }
        let known = Set(choices.map(\.label))
        return choices + labels.filter { !known.contains($0) }.map { ($0, nil) }
    }

    /// Fields whose label the blind sample withholds.
    var withheldFields: [String] { stored.withheldFields }

    /// The field in question: of those that need a person the least sure one.
    var question: Field? {
        fields.filter(\.needsPerson).min { $0.record.probability < $1.record.probability }
    }

    /// The field that the words are explained for: the one in question, else the least sure one.
    var explained: Field? { question ?? fields.min { $0.record.probability < $1.record.probability } }

    /// What people call the ticket: its subject, else its first words.
    func title(_ words: ConsoleWords) -> String { TicketView.title(stored, words) }

    static func title(_ stored: StoredDecision, _ words: ConsoleWords) -> String {
        let subject = stored.text?.subject ?? ""
        let summary = stored.summary ?? ""
        let text = subject.allSatisfy(\.isWhitespace) ? summary : subject
        return text.allSatisfy(\.isWhitespace) ? stored.ticket ?? words.unnamed : String(text.prefix(140))
    }
}

// MARK: - Parts of pages

extension TicketView {
    /// Who else looks at the ticket.
    func onlookers(_ words: ConsoleWords) -> HTML {
        guard !others.isEmpty else { return "" }
        return .tag(
            "p", ["class": "message"], HTML("\(words.alsoLooking) \(others.joined(separator: ", "))"))
    }

    /// The masked text; words that decided the field in question are marked.
    func text(_ words: ConsoleWords, limit: Int? = nil) -> HTML {
        guard let text = stored.text else {
            return .tag("p", ["class": "quiet"], HTML(state == .erased ? words.erasedText : words.textGone))
        }
        let field = explained
        let explanation = again?.explanations?.first { $0.field == field?.name }
        let parts = [("subject", text.subject), ("body", text.body)].filter { !$0.1.isEmpty }
        let paragraphs = parts.map { name, content -> HTML in
            let bytes = Array(content.utf8)
            let shown = limit.map { bytes.prefix(cut(bytes, $0)) } ?? bytes[...]
            let terms = (explanation?.shownTerms ?? []).filter { term in
                term.field == name && term.maskedRange.upperBound <= shown.count
            }
            let end: HTML = shown.count < bytes.count ? " …" : ""
            return .tag(
                "p", ["class": "text \(name)"],
                TicketView.marked(Array(shown), terms, words), end)
        }
        return HTML(paragraphs)
    }

    /// At most `limit` bytes, and no part of a character.
    private func cut(_ bytes: [UInt8], _ limit: Int) -> Int {
        guard bytes.count > limit else { return bytes.count }
        var end = limit
        while end > 0, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        return end
    }

    /// A text with marks where words speak for a label or against it.
    static func marked(_ bytes: [UInt8], _ terms: [Explanation.Term], _ words: ConsoleWords) -> HTML {
        let spans = terms.map { ($0.maskedRange, $0.weight) }
        return HTML(
            Highlights(bytes, spans).stretches.map { stretch in
                guard let weight = stretch.weight else { return HTML(stretch.text) }
                let side = weight > 0 ? words.forIt : words.againstIt
                return .tag(
                    "mark",
                    [
                        "class": weight > 0 ? "for" : "against",
                        "title": "\(HTML.signed(weight, decimals: 2)) \(side)",
                    ], HTML(stretch.text))
            })
    }

    /// Why the field in question has its label, and what would change it.
    func why(_ words: ConsoleWords) -> HTML {
        guard let field = explained,
            let explanation = again?.explanations?.first(where: { $0.field == field.name })
        else { return "" }
        let rival = explanation.against.map { " \(words.ratherThan) \($0.label)" } ?? ""
        var parts: [HTML] = [
            .p("\(words.why) \(.tag("b", [:], HTML(explanation.label)))\(rival):"),
            .tag(
                "ul", ["class": "words"],
                HTML(
                    explanation.shownTerms.prefix(8).map { term in
                        .tag(
                            "li", ["class": term.weight > 0 ? "for" : "against"],
                            "\(.tag("b", [:], HTML(HTML.signed(term.weight, decimals: 2)))) \(term.text.prefix(40))"
                        )
                    })),
        ]
        if let change = explanation.counterfactual, change.effect == .otherLabel {
            let removed = Set(change.words.map { $0.text.lowercased() }).sorted()
            parts.append(
                .p(
                    """
                    \(words.withoutWords) \(.tag("b", [:], HTML(change.label))) \
                    (\(ConsoleFrame.percent(change.probability))): \(removed.joined(separator: ", "))
                    """))
        }
        if !isSameModel { parts.append(.tag("p", ["class": "quiet"], HTML(words.currentModel))) }
        return HTML(parts)
    }

    /// The fields with their labels, levels and reasons.
    func cards(_ words: ConsoleWords) -> HTML {
        .tag("div", ["class": "cards"], HTML(fields.map { TicketView.card($0, words) }))
    }

    private static func card(_ field: Field, _ words: ConsoleWords) -> HTML {
        let level = field.level.rawValue
        let badge: HTML =
            field.correction == nil
            ? .tag("span", ["class": "level \(level)"], HTML(words.level(field.level)))
            : .tag(
                "span", ["class": "level auto"],
                HTML(field.correction?.label == field.record.decidedLabel ? words.confirmed : words.corrected)
            )
        let meter = HTML.tag(
            "meter",
            [
                "min": "0", "max": "1", "value": "\(field.record.probability)",
                "aria-label": "\(words.probability) \(field.record.label)",
            ])
        let chances = field.choices.compactMap { choice in
            choice.probability.map { "\(choice.label) \(ConsoleFrame.percent($0))" }
        }
        let reasons = field.needsPerson ? field.reasons.map { HTML(words.reason($0)) } : []
        return .tag(
            "article", ["class": "card"], .tag("h3", [:], HTML(field.name)),
            .tag("p", ["class": "label"], "\(field.shownLabel) \(badge)"), field.isWithheld ? "" : meter,
            .tag("p", ["class": "quiet"], HTML(chances.joined(separator: " · "))),
            reasons.isEmpty ? "" : .list(reasons, style: "reasons"))
    }

    /// What to do next, and the articles.
    func action(_ words: ConsoleWords) -> HTML {
        guard let answer = stored.answer else { return "" }
        let isKnown = stored.record.isKnownIssue
        let articles = (answer[isKnown ? "kb_matches" : "near_misses"]?.elements ?? []).map { match -> HTML in
            let score = ConsoleFrame.percent(Float(match["score"]?.double ?? 0))
            return """
                \(.tag("b", [:], HTML(match["id"]?.text ?? ""))) \(match["title"]?.text ?? "") \
                \(.tag("span", ["class": "quiet"], HTML(score)))
                """
        }
        let title = isKnown ? words.knownIssue : articles.isEmpty ? words.newIssue : words.nearest
        return HTML([
            .tag("h3", [:], HTML(words.next)), .p(HTML(answer["next_action"]?.text ?? "")),
            .tag("h3", [:], HTML(title)), articles.isEmpty ? "" : .list(articles),
        ])
    }

    /// Buttons for the labels of the field in question, with the digit that presses each.
    func choices(_ visit: ConsoleVisit, back: String) -> HTML {
        guard let field = question, visit.may(.feedback) else { return "" }
        let buttons = field.choices.prefix(9).enumerated().map { place, choice in
            HTML.tag(
                "button",
                [
                    "type": "submit", "name": "label", "value": choice.label, "data-key": "\(place + 1)",
                    "class": place == 0 && !field.isWithheld ? "suggested" : nil,
                ],
                """
                \(.tag("kbd", [:], "\(place + 1)")) \(choice.label) \
                \(.tag("span", ["class": "quiet"], HTML(choice.probability.map { ConsoleFrame.percent($0) } ?? "")))
                """)
        }
        return form(
            visit, back: back, fields: [("field", field.name)],
            content: .tag(
                "fieldset", [:], .tag("legend", [:], HTML(field.name)),
                .tag("div", ["class": "choices"], HTML(buttons))))
    }

    /// The fields whose suggestion a person may confirm.
    var suggestions: [Field] { fields.filter { $0.needsPerson && !$0.isWithheld } }

    /// The button that confirms every suggestion.
    func accept(_ visit: ConsoleVisit, back: String) -> HTML {
        guard !suggestions.isEmpty, visit.may(.feedback) else { return "" }
        let labels = suggestions.map(\.label).joined(separator: ", ")
        return form(
            visit, back: back, fields: [("accept", "all")],
            content: .tag(
                "button", ["type": "submit", "class": "primary", "data-key": "a"],
                "\(.tag("kbd", [:], "a")) \(visit.words.accept): \(labels)"))
    }

    /// A form that changes the decision.
    func form(
        _ visit: ConsoleVisit, back: String, fields: [(name: String, value: String)], content: HTML
    ) -> HTML {
        let hidden = ConsoleFrame.hidden(
            visit, fields + [("version", "\(stored.version)"), ("back", back)])
        return .tag(
            "form",
            [
                "method": "post", "action": "/ui/tickets/\(ConsoleAddress.escaped(stored.id))",
                "class": "inline",
            ],
            hidden, content)
    }
}
