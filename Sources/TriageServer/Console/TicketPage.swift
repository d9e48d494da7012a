internal import TriageData
internal import TriageDrafts
internal import TriageEngine
internal import TriagePages
internal import TriageStore

/// `/ui/tickets/{id}`: one ticket with its explanation, history, corrections and a draft.
struct TicketPage: HTMLPageOfConsole {
    var view: TicketView
    /// All feedback, undone ones too, oldest first.
    var history: [Feedback]
    /// Owners of keys by the keys' ids.
    var names: [String: String]
    var similar: [SimilarDecision]
    var draft: Draft?
    /// Where the list is from which the reader came.
    var back: String
    var done: [String] = []
    var message: String?

    func title(_ words: ConsoleWords) -> String { view.title(words) }

    /// The page's own address, without what just happened.
    private var address: String {
        ConsoleAddress.make("/ui/tickets/\(ConsoleAddress.escaped(view.stored.id))", [("back", back)])
    }

    func main(_ visit: ConsoleVisit) -> HTML {
        let words = visit.words
        let facts: [HTML] = [
            view.stored.ticket.map { "\(words.ticket) \($0)" } ?? "",
            ConsoleFrame.time(view.stored.time, words), HTML(words.state(view.state)),
            HTML(view.stored.record.language ?? ""),
        ].filter { $0 != "" }
        return HTML([
            .p(.tag("a", ["href": back, "data-key": "b"], HTML(words.back))),
            ConsoleFrame.status(ConsoleMessage.text(message, words)),
            .tag(
                "div", ["id": "work", "data-away": words.away],
                .tag("h2", ["id": "open", "tabindex": "-1"], HTML(view.title(words))),
                .tag("p", ["class": "quiet"], HTML(facts, separator: " · ")), view.onlookers(words),
                done.isEmpty || !visit.may(.feedback) ? "" : UndoForm.html(done, back: address, visit),
                visit.may(.feedback) ? "" : .tag("p", ["class": "quiet"], HTML(words.noPermission)),
                .tag(
                    "div", ["class": "actions"], view.accept(visit, back: address),
                    ConsoleKeys.button(words)),
                view.choices(visit, back: address), view.text(words), view.why(words), view.cards(words),
                view.action(words), corrections(visit), replies(visit), others(words), past(visit),
                json(words)),
            ConsoleKeys.help(words),
        ])
    }

    // MARK: - Changes

    /// A form to set any field, with a note.
    private func corrections(_ visit: ConsoleVisit) -> HTML {
        let words = visit.words
        guard visit.may(.feedback), view.state != .erased else { return "" }
        let forms = view.fields.map { field -> HTML in
            // Nothing is chosen beforehand where the model's answer is withheld.
            let choices = (field.isWithheld ? [("", nil)] : []) + field.choices
            let options = choices.map { choice in
                HTML.tag(
                    "option",
                    ["value": choice.label, "selected": choice.label == field.label ? "" : nil],
                    HTML(choice.label))
            }
            let select = HTML.tag(
                "label", [:], .tag("span", [:], HTML(field.name)),
                .tag("select", ["name": "label"], HTML(options)))
            let note = HTML.tag(
                "label", [:], .tag("span", [:], HTML(words.note)),
                .tag("input", ["type": "text", "name": "note", "maxlength": "1000"]))
            return view.form(
                visit, back: address, fields: [("field", field.name)],
                content: .tag(
                    "div", ["class": "row"], select, note,
                    .tag("button", ["type": "submit"], "\(words.save): \(field.name)")))
        }
        return .tag(
            "details", ["id": "correct"],
            .tag("summary", ["data-key": "e"], HTML(words.correct)), HTML(forms))
    }

    private func past(_ visit: ConsoleVisit) -> HTML {
        let words = visit.words
        let made: HTML = "\(ConsoleFrame.time(view.stored.time, words)) · \(words.decided)"
        let items = history.map { feedback -> HTML in
            let what = feedback.label == feedback.decided ? words.confirmed : words.corrected
            let who = feedback.by.map { " \(words.by) \(names[$0] ?? $0)" } ?? ""
            let undone: HTML = feedback.isUndone ? " (\(words.wasUndone))" : ""
            let note: HTML = feedback.note.map { ": \($0)" } ?? ""
            return """
                \(ConsoleFrame.time(feedback.time, words)) · \(feedback.field) \(what): \
                \(.tag("b", [:], HTML(feedback.label)))\(who)\(undone)\(note)
                """
        }
        return HTML([
            .tag("h3", [:], HTML(words.history)), .list([made] + items, style: "points"),
            history.isEmpty ? .tag("p", ["class": "quiet"], HTML(words.nothingYet)) : "",
        ])
    }

    // MARK: - More about the ticket

    /// The draft, or the button that makes one.
    private func replies(_ visit: ConsoleVisit) -> HTML {
        let words = visit.words
        guard let draft else {
            guard view.stored.text != nil, visit.may(.triage) else { return "" }
            let path = "/ui/tickets/\(ConsoleAddress.escaped(view.stored.id))/draft"
            return .tag(
                "form", ["method": "post", "action": path, "class": "inline"],
                ConsoleFrame.hidden(visit, [("back", back)]),
                .tag("button", ["type": "submit"], HTML(words.draft)))
        }
        return HTML([
            .tag("h3", ["id": "draft-title"], HTML(words.draftTitle)),
            .tag(
                "textarea",
                ["id": "draft", "rows": "10", "aria-labelledby": "draft-title", "lang": draft.language],
                HTML(draft.text)),
            .p(
                ConsoleFrame.copyButton("draft", words.copy, words)),
        ])
    }

    /// Past tickets that share at least this much.
    private static let minimumSimilarity = 0.2

    private func others(_ words: ConsoleWords) -> HTML {
        let items = similar.filter { $0.similarity >= Self.minimumSimilarity }.map { found -> HTML in
            let decision = found.listed.decision
            let path = "/ui/tickets/\(ConsoleAddress.escaped(decision.id))"
            let labels = decision.record.fields.map { field in
                decision.correction(of: field.name)?.label ?? field.shownLabel
            }
            let share = "\(ConsoleFrame.percent(Float(found.similarity))) \(words.alike)"
            return """
                \(.link(path, HTML(TicketView.title(decision, words)))) · \(share) · \(labels.joined(separator: ", ")) · \
                \(words.state(found.listed.state)) · \(ConsoleFrame.time(decision.time, words))
                """
        }
        guard !items.isEmpty else { return "" }
        return HTML([.tag("h3", [:], HTML(words.similarTickets)), .list(items, style: "points")])
    }

    private func json(_ words: ConsoleWords) -> HTML {
        guard let answer = view.stored.text?.answer else { return "" }
        return .tag(
            "details", [:], .tag("summary", [:], HTML(words.showJSON)),
            .tag("pre", ["id": "json"], HTML(answer)),
            .p(ConsoleFrame.copyButton("json", words.copyJSON, words)))
    }
}

/// A page with one message, such as an error's.
struct MessagePage: HTMLPageOfConsole {
    var heading: String
    var message: String

    func title(_ words: ConsoleWords) -> String { heading }

    func main(_ visit: ConsoleVisit) -> HTML {
        HTML([.tag("h2", [:], HTML(heading)), ConsoleFrame.status(message)])
    }
}
