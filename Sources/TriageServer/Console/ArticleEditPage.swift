internal import TriagePages
internal import TriageSearch
internal import TriageStore

/// `/ui/knowledge/{id}/edit`: other texts for an article, and what they change, before they are saved.
struct ArticleEditPage: HTMLPageOfConsole {
    var file: ArticleFile
    var texts: ArticleTexts
    /// What the texts change; nil before a person asked.
    var effect: ArticleEffect?
    var message: String?

    /// The file's name in its folder.
    private var name: String { String(file.path.split(separator: "/").last ?? "") }

    func title(_ words: ConsoleWords) -> String { "\(words.editArticle): \(file.article.title)" }

    func main(_ visit: ConsoleVisit) -> HTML {
        let words = visit.words
        let back = "/ui/knowledge/\(ConsoleAddress.escaped(file.article.id))"
        return HTML([
            .p(.link(back, HTML(file.article.id))), .tag("h2", [:], HTML(title(words))),
            ConsoleFrame.status(message), .tag("p", ["class": "quiet"], HTML(name)), changes(words),
            form(visit, "\(back)/edit"),
        ])
    }

    // MARK: - The form

    private func form(_ visit: ConsoleVisit, _ address: String) -> HTML {
        let words = visit.words
        func field(_ name: String, _ title: String, _ text: String, rows: Int) -> HTML {
            HTML([
                .tag("label", ["for": name], HTML(title)),
                .tag(
                    "textarea", ["id": name, "name": name, "rows": "\(rows)", "maxlength": "20000"],
                    HTML(text)),
            ])
        }
        func button(_ step: String, _ title: String) -> HTML {
            .tag("button", ["type": "submit", "name": "step", "value": step], HTML(title))
        }
        let seen = effect == nil ? nil : Self.mark(texts)
        return .tag(
            "form", ["method": "post", "action": address],
            ConsoleFrame.hidden(visit, [("version", file.version), ("seen", seen ?? "")]),
            field("reply", words.reply, texts.reply ?? "", rows: 8),
            field("action", words.next, texts.recommendedAction ?? "", rows: 3),
            field(
                "symptoms", "\(words.symptoms) (\(words.onePerLine))",
                texts.symptoms.joined(separator: "\n"), rows: 6),
            .tag(
                "p", ["class": "actions"], button("look", words.seeChanges),
                seen == nil ? "" : button("save", words.save)))
    }

    /// By which a form knows the texts whose effect a person saw.
    static func mark(_ texts: ArticleTexts) -> String {
        ArticleFile.mark([texts.reply ?? "", texts.recommendedAction ?? ""] + texts.symptoms)
    }

    // MARK: - The effect

    private func changes(_ words: ConsoleWords) -> HTML {
        guard let effect else { return "" }
        let old = ArticleTexts(of: file.article)
        guard old != texts else { return .p(HTML(words.nothingChanged)) }
        return HTML([
            part(words.reply, old.reply, texts.reply),
            part(words.next, old.recommendedAction, texts.recommendedAction),
            part(
                words.symptoms, old.symptoms.joined(separator: "\n"), texts.symptoms.joined(separator: "\n")),
            .tag("h3", [:], HTML(words.effectOnTickets)),
            .p(HTML(words.ticketsChanged(effect.changes.count, effect.looked))), tickets(effect, words),
        ])
    }

    private func part(_ title: String, _ old: String?, _ new: String?) -> HTML {
        guard old ?? "" != new ?? "" else { return "" }
        let difference = TextDifference(from: old ?? "", to: new ?? "")
        return HTML([.tag("h3", [:], HTML(title)), .tag("p", ["class": "text"], difference.html)])
    }

    /// Tickets of the list.
    private static let shown = 20

    private func tickets(_ effect: ArticleEffect, _ words: ConsoleWords) -> HTML {
        let rows = effect.changes.prefix(Self.shown).map { change -> [HTML] in
            let decision = change.listed.decision
            let path = "/ui/tickets/\(ConsoleAddress.escaped(decision.id))"
            return [
                .link(path, HTML(TicketView.title(decision, words))), HTML(change.before ?? words.newIssue),
                HTML(change.after ?? words.newIssue), HTML(change.nextAction ?? ""),
            ]
        }
        guard !rows.isEmpty else { return "" }
        return HTMLTable(
            [.init(words.ticket), .init(words.now), .init(words.afterwards), .init(words.next)], rows,
            style: "stack wide"
        ).html()
    }
}
