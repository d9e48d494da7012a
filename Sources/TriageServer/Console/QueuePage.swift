internal import TriageData
internal import TriageEngine
internal import TriagePages
internal import TriageStore

/// `/ui/queue`: tickets that need a person, and the one that is open.
struct QueuePage: HTMLPageOfConsole {
    var query: QueueQuery
    var page: ListPage<ListedDecision>
    /// The ticket that is shown beside the list.
    var open: TicketView?
    /// The ledger's last row, behind which events are new.
    var row: Int64
    var outages: [Outage] = []
    /// Names for the filters.
    var fields: [(name: String, labels: [String])]

    /// Items of the list.
    static let length = 20
    /// Bytes of a field that the list's side shows.
    private static let textLimit = 1_500

    func title(_ words: ConsoleWords) -> String { words.queue }

    func main(_ visit: ConsoleVisit) -> HTML {
        let words = visit.words
        return HTML([
            .tag("h2", ["class": "unseen"], HTML(words.queue)), OutageBanner.html(outages, visit),
            filters(words),
            .tag(
                "p", [:],
                .tag(
                    "button",
                    ["type": "button", "id": "news", "hidden": "", "data-text": words.newItems])),
            ConsoleFrame.status(query.message(words)),
            .tag(
                "div", ["id": "work", "data-row": "\(row)", "data-away": words.away], undo(visit),
                .tag(
                    "div", ["class": "split"],
                    .tag("section", ["aria-label": words.tickets], list(words)), detail(visit))),
            ConsoleKeys.help(words),
        ])
    }

    // MARK: - The list

    private func list(_ words: ConsoleWords) -> HTML {
        guard !page.items.isEmpty else { return .tag("p", ["class": "quiet"], HTML(words.emptyQueue)) }
        let items = page.items.map { item($0, words) }
        let count = page.count.map { HTML("\(words.tickets): \($0)") } ?? ""
        var links: [HTML] = []
        if query.after != nil {
            links.append(.link(query.with { $0.after = nil }.address, HTML(words.firstPage)))
        }
        if let next = page.next {
            let address = query.with {
                $0.after = next; $0.open = nil
            }.address
            links.append(.tag("a", ["href": address, "rel": "next"], HTML(words.more)))
        }
        return HTML([
            .tag("p", ["class": "quiet"], count), .tag("ol", ["class": "queue"], HTML(items)),
            .p(HTML(links, separator: " · ")),
        ])
    }

    private func item(_ listed: ListedDecision, _ words: ConsoleWords) -> HTML {
        let decision = listed.decision
        let isOpen = decision.id == open?.stored.id
        let labels = decision.record.fields.map { field in
            decision.correction(of: field.name)?.label ?? field.shownLabel
        }
        let lowest = decision.record.fields.map(\.probability).min() ?? 0
        let facts: HTML = """
            \(labels.joined(separator: " · ")) · \(ConsoleFrame.percent(lowest)) · \
            \(ConsoleFrame.time(decision.time, words))
            """
        return .tag(
            "li", [:],
            .tag(
                "a",
                [
                    "href": query.with { $0.open = decision.id }.address,
                    "aria-current": isOpen ? "true" : nil,
                ],
                .tag("b", [:], HTML(TicketView.title(decision, words))),
                .tag("span", ["class": "quiet"], facts)))
    }

    // MARK: - The open ticket

    private func detail(_ visit: ConsoleVisit) -> HTML {
        let words = visit.words
        guard let open else { return "" }
        let after = query.with { query in
            query.clear()
            query.open = following(open)
        }.address
        // A label of one field leaves the ticket open while another field needs a person.
        let isLast = open.fields.count(where: \.needsPerson) <= 1
        let stay = query.with { query in
            query.clear()
            query.open = open.stored.id
        }.address
        let page = "/ui/tickets/\(ConsoleAddress.escaped(open.stored.id))"
        let address = ConsoleAddress.make(page, [("back", query.with { $0.clear() }.address)])
        let edit = HTML.tag(
            "a", ["href": address, "data-key": "e", "class": "button"],
            "\(.tag("kbd", [:], "e")) \(words.openTicket)")
        return .tag(
            "section", ["class": "detail", "aria-labelledby": "open"],
            .tag("h2", ["id": "open", "tabindex": "-1"], HTML(open.title(words))),
            open.onlookers(words),
            .tag(
                "div", ["class": "actions"], open.accept(visit, back: after), edit, ConsoleKeys.button(words)),
            open.choices(visit, back: isLast ? after : stay), open.text(words, limit: QueuePage.textLimit),
            open.why(words),
            open.cards(words), open.action(words))
    }

    /// The ticket to open when this one has left the list: the next one, else the one before it.
    private func following(_ open: TicketView) -> String? {
        let ids = page.items.map(\.decision.id)
        guard let place = ids.firstIndex(of: open.stored.id) else { return nil }
        return place + 1 < ids.count ? ids[place + 1] : place > 0 ? ids[place - 1] : nil
    }

    /// The button that takes the last change back.
    private func undo(_ visit: ConsoleVisit) -> HTML {
        guard !query.done.isEmpty, visit.may(.feedback) else { return "" }
        return UndoForm.html(query.done, back: query.with { $0.clear() }.address, visit)
    }

    // MARK: - Filters

    private func filters(_ words: ConsoleWords) -> HTML {
        let states = DecisionState.allCases.map { ($0.rawValue, words.state($0)) }
        let levels = Decision.Level.allCases.map { ($0.rawValue, words.level($0)) }
        let reasons = Decision.Reason.allCases.map { ($0.rawValue, words.reason($0)) }
        let orders = DecisionOrder.allCases.map { ($0.rawValue, words.order($0)) }
        let labels = fields.flatMap(\.labels)
        let selects = [
            select("state", words.state, states, query.state, words),
            select("order", words.order, orders, query.order, nil),
            select("field", words.field, fields.map { ($0.name, $0.name) }, query.field, words),
            select("label", words.label, labels.map { ($0, $0) }, query.label, words),
            select("level", words.level, levels, query.level, words),
            select("reason", words.reason, reasons, query.reason, words),
        ]
        let button = HTML.tag("button", ["type": "submit"], HTML(words.show))
        return .tag(
            "details", ["class": "filters", "open": query.isFiltered ? "" : nil],
            .tag("summary", [:], HTML(words.filters)),
            .tag("form", ["method": "get", "action": "/ui/queue", "class": "row"], HTML(selects), button))
    }

    private func select(
        _ name: String, _ title: String, _ options: [(value: String, text: String)], _ chosen: String?,
        _ words: ConsoleWords?
    ) -> HTML {
        let any = words.map { [(value: "any", text: $0.any)] } ?? []
        let list = (any + options).map { value, text in
            HTML.tag("option", ["value": value, "selected": value == chosen ? "" : nil], HTML(text))
        }
        return .tag(
            "label", [:], .tag("span", [:], HTML(title)), .tag("select", ["name": name], HTML(list)))
    }
}

extension ConsoleWords {
    func state(_ state: DecisionState) -> String {
        switch state {
        case .open: stateOpen
        case .reviewed: stateReviewed
        case .automatic: stateAutomatic
        case .expired: stateExpired
        case .erased: stateErased
        }
    }

    func order(_ order: DecisionOrder) -> String {
        switch order {
        case .newest: newest
        case .oldest: oldest
        case .leastSure: leastSure
        }
    }
}

/// The form that takes feedback back.
enum UndoForm {
    static func html(_ ids: [String], back: String, _ visit: ConsoleVisit) -> HTML {
        .tag(
            "form", ["method": "post", "action": "/ui/undo", "class": "inline"],
            ConsoleFrame.hidden(visit, [("ids", ids.joined(separator: ",")), ("back", back)]),
            .tag(
                "button", ["type": "submit", "data-key": "u"],
                "\(.tag("kbd", [:], "u")) \(visit.words.undo)"))
    }
}

/// The keys of the queue.
enum ConsoleKeys {
    static func button(_ words: ConsoleWords) -> HTML {
        .tag(
            "button", ["type": "button", "id": "show-keys", "hidden": "", "data-key": "?"],
            "\(.tag("kbd", [:], "?")) \(words.help)")
    }

    static func help(_ words: ConsoleWords) -> HTML {
        help(
            words,
            [
                ("j", words.keyNext), ("k", words.keyPrevious), ("a", words.keyAccept),
                ("1–9", words.keyChoose), ("e", words.keyEdit), ("u", words.keyUndo),
                ("?", words.keyToggleHelp),
            ])
    }

    static func help(_ words: ConsoleWords, _ keys: [(key: String, meaning: String)]) -> HTML {
        let rows = keys.map { key, meaning in
            HTML.tag("li", [:], "\(.tag("kbd", [:], HTML(key))) \(meaning)")
        }
        return .tag(
            "dialog", ["id": "keys-help", "aria-labelledby": "keys-title"],
            .tag("h2", ["id": "keys-title"], HTML(words.helpTitle)), .tag("ul", [:], HTML(rows)),
            .tag(
                "form", ["method": "dialog"],
                .tag("button", ["type": "submit", "autofocus": ""], HTML(words.close))))
    }
}
