internal import Hummingbird
internal import TriageData
internal import TriagePages
internal import TriageStore

/// `/ui/model/audit`: labels of a field that are probably wrong, and the ticket that is open.
struct LabelAuditPage: HTMLPageOfConsole {
    /// A label in doubt, with its ticket.
    struct Item {
        var doubt: ModelDesk.DoubtfulLabel
        var listed: ListedDecision
    }

    /// What the page's address has.
    struct Query {
        var field: String
        /// The decision that is open.
        var open: String?
        var done: [String] = []
        var message: String?

        init(_ request: Request, field: String) {
            self.field = field
            open = request.query("open")
            message = request.query("message")
            done = (request.query("done") ?? "").split(separator: ",").map(String.init)
        }

        /// The page with another ticket open, without what just happened.
        func address(open: String?) -> String {
            ConsoleAddress.make(LabelAuditPage.path, [("field", field), ("open", open)])
        }
    }

    var query: Query
    /// Nil while the audit runs, or where it failed.
    var audit: ModelDesk.LabelAudit?
    var hasFailed = false
    var items: [Item] = []
    var open: TicketView?

    static let path = "/ui/model/audit"
    /// Labels of the list.
    static let length = 50
    /// Labels of an audit whose tickets are looked up.
    static let lookedUp = 200
    private static let textLimit = 1_500

    func title(_ words: ConsoleWords) -> String { words.labelAudit }

    func main(_ visit: ConsoleVisit) -> HTML {
        let words = visit.words
        return HTML([
            .p(.link("/ui/model", HTML(words.backToModel))),
            .tag("h2", [:], "\(words.labelAudit): \(query.field)"),
            ConsoleFrame.status(ConsoleMessage.text(query.message, words)),
            .tag("div", ["id": "work", "data-away": words.away], undo(visit), content(visit)),
            ConsoleKeys.help(
                words,
                [
                    ("j", words.keyNext), ("k", words.keyPrevious), ("a", words.keyKeep),
                    ("1–9", words.keyChoose), ("e", words.keyEdit), ("u", words.keyUndo),
                    ("?", words.keyToggleHelp),
                ]),
        ])
    }

    private func content(_ visit: ConsoleVisit) -> HTML {
        let words = visit.words
        guard let audit else {
            return hasFailed
                ? .p(HTML(words.notComputed))
                : .tag("p", ["class": "quiet", "data-again": ""], HTML(words.auditWait))
        }
        guard audit.rows >= audit.minimum else {
            return .p(HTML(words.auditTooFew(audit.rows, audit.minimum)))
        }
        let help = HTML.p(HTML(audit.judgesRows ? words.auditHelp : words.auditWeak))
        guard !items.isEmpty else { return HTML([help, .p(HTML(words.auditNone(audit.rows)))]) }
        return HTML([
            help,
            .tag(
                "div", ["class": "split"], .tag("section", ["aria-label": words.tickets], list(words)),
                detail(visit)),
        ])
    }

    private func undo(_ visit: ConsoleVisit) -> HTML {
        guard !query.done.isEmpty, visit.may(.feedback) else { return "" }
        return UndoForm.html(query.done, back: query.address(open: query.open), visit)
    }

    private func list(_ words: ConsoleWords) -> HTML {
        let rows = items.map { item -> HTML in
            let decision = item.listed.decision
            let facts: HTML = """
                \(item.doubt.label) \(ConsoleFrame.percent(item.doubt.probability)) → \(item.doubt.suggested) \
                \(ConsoleFrame.percent(item.doubt.suggestedProbability))
                """
            return .tag(
                "li", [:],
                .tag(
                    "a",
                    [
                        "href": query.address(open: decision.id),
                        "aria-current": decision.id == open?.stored.id ? "true" : nil,
                    ],
                    .tag("b", [:], HTML(TicketView.title(decision, words))),
                    .tag("span", ["class": "quiet"], facts)))
        }
        return HTML([
            .tag("p", ["class": "quiet"], "\(words.tickets): \(items.count)"),
            .tag("ol", ["class": "queue"], HTML(rows)),
        ])
    }

    // MARK: - The open ticket

    private func detail(_ visit: ConsoleVisit) -> HTML {
        let words = visit.words
        guard let open, let place = items.firstIndex(where: { $0.listed.decision.id == open.stored.id }),
            let field = open.fields.first(where: { $0.name == query.field })
        else { return "" }
        let doubt = items[place].doubt
        let next = place + 1 < items.count ? place + 1 : place - 1
        let back = query.address(open: next >= 0 ? items[next].listed.decision.id : nil)
        let page = ConsoleAddress.make(
            "/ui/tickets/\(ConsoleAddress.escaped(open.stored.id))",
            [("back", query.address(open: open.stored.id))])
        let edit = HTML.tag(
            "a", ["href": page, "data-key": "e", "class": "button"],
            "\(.tag("kbd", [:], "e")) \(words.openTicket)")
        return .tag(
            "section", ["class": "detail", "aria-labelledby": "open"],
            .tag("h2", ["id": "open", "tabindex": "-1"], HTML(open.title(words))), open.onlookers(words),
            .tag(
                "p", [:],
                HTML(
                    words.byOtherLabels(
                        doubt.suggested, ConsoleFrame.percent(doubt.suggestedProbability), doubt.label,
                        ConsoleFrame.percent(doubt.probability)))),
            .tag(
                "div", ["class": "actions"], keep(doubt, open, visit, back), edit, ConsoleKeys.button(words)),
            choices(doubt, field, open, visit, back), open.text(words, limit: Self.textLimit),
            speaking(doubt, words))
    }

    private func keep(
        _ doubt: ModelDesk.DoubtfulLabel, _ open: TicketView, _ visit: ConsoleVisit, _ back: String
    ) -> HTML {
        guard visit.may(.feedback) else {
            return .tag("p", ["class": "quiet"], HTML(visit.words.noPermission))
        }
        return open.form(
            visit, back: back, fields: [("field", query.field), ("label", doubt.label)],
            content: .tag(
                "button", ["type": "submit", "class": "primary", "data-key": "a"],
                "\(.tag("kbd", [:], "a")) \(visit.words.keepLabel): \(doubt.label)"))
    }

    /// The other labels, the suggested one first, with the digit that presses each.
    private func choices(
        _ doubt: ModelDesk.DoubtfulLabel, _ field: TicketView.Field, _ open: TicketView,
        _ visit: ConsoleVisit, _ back: String
    ) -> HTML {
        guard visit.may(.feedback) else { return "" }
        let rest = field.choices.map(\.label).filter { $0 != doubt.label && $0 != doubt.suggested }
        let buttons = ([doubt.suggested] + rest).prefix(9).enumerated().map { place, label in
            HTML.tag(
                "button",
                [
                    "type": "submit", "name": "label", "value": label, "data-key": "\(place + 1)",
                    "class": place == 0 ? "suggested" : nil,
                ], "\(.tag("kbd", [:], "\(place + 1)")) \(label)")
        }
        return open.form(
            visit, back: back, fields: [("field", field.name)],
            content: .tag(
                "fieldset", [:], .tag("legend", [:], HTML(visit.words.otherLabel)),
                .tag("div", ["class": "choices"], HTML(buttons))))
    }

    /// The words that speak for each of the two labels.
    private func speaking(_ doubt: ModelDesk.DoubtfulLabel, _ words: ConsoleWords) -> HTML {
        let sides = [(doubt.suggested, doubt.suggestedWords), (doubt.label, doubt.words)]
        let items = sides.filter { !$0.1.isEmpty }.map { label, found -> HTML in
            "\(words.wordsFor) \(.tag("b", [:], HTML(label))): \(found.joined(separator: ", "))"
        }
        return items.isEmpty ? "" : .list(items)
    }
}
