internal import TriageData
internal import TriagePages
internal import TriageSearch
internal import TriageStore

/// `/ui/knowledge`: the articles, with how many tickets each answered.
struct KnowledgePage: HTMLPageOfConsole {
    var articles: [ListedArticle]
    /// What was searched for; empty for all articles.
    var question: String
    /// Whether only articles are shown that never answered a ticket.
    var isUnused: Bool
    /// Articles behind those of the page.
    var rest: Int

    /// Articles of a page.
    static let length = 200
    /// Articles that a search finds.
    static let found = 40

    func title(_ words: ConsoleWords) -> String { words.knowledge }

    func main(_ visit: ConsoleVisit) -> HTML {
        let words = visit.words
        let rows = articles.map { listed -> [HTML] in
            let path = "/ui/knowledge/\(ConsoleAddress.escaped(listed.article.id))"
            return [
                .link(path, HTML(listed.article.id)), HTML(listed.article.title),
                HTML(listed.article.category), "\(listed.answered)",
            ]
        }
        let table = HTMLTable(
            [
                .init(words.article), .init(words.titleOfArticle), .init(words.category),
                .init(words.answered, isNumber: true),
            ], rows, style: "stack wide")
        return HTML([
            .tag("h2", [:], HTML(words.knowledge)), form(words),
            visit.hasStore
                ? .p(.link("/ui/knowledge?unanswered=true", HTML(words.unanswered))) : "",
            articles.isEmpty ? .tag("p", ["class": "quiet"], HTML(words.noArticle)) : table.html(),
            rest > 0 ? .tag("p", ["class": "quiet"], "+ \(rest)") : "",
        ])
    }

    private func form(_ words: ConsoleWords) -> HTML {
        let field = HTML.tag(
            "label", [:], .tag("span", [:], HTML(words.search)),
            .tag("input", ["type": "search", "name": "q", "value": question, "maxlength": "1000"]))
        let unused = HTML.tag(
            "label", [:],
            "\(HTML.tag("input", ["type": "checkbox", "name": "unused", "value": "true", "checked": isUnused ? "" : nil])) \(words.neverMatched)"
        )
        return .tag(
            "form", ["method": "get", "action": "/ui/knowledge", "class": "row"], field, unused,
            .tag("button", ["type": "submit"], HTML(words.show)))
    }
}

/// `/ui/knowledge/{id}`: one article and the tickets that it answered.
struct ArticlePage: HTMLPageOfConsole {
    var article: Article
    var tickets: ListPage<ListedDecision>
    /// Whether the article is in a file that the console may change.
    var isEditable = false
    var isSaved = false

    /// What an address has after the article was saved.
    static let saved = "saved"

    func title(_ words: ConsoleWords) -> String { article.title }

    func main(_ visit: ConsoleVisit) -> HTML {
        let words = visit.words
        let facts = [article.id, article.category, article.severity ?? ""].filter { !$0.isEmpty }
        let items = tickets.items.map { listed -> HTML in
            let decision = listed.decision
            let path = "/ui/tickets/\(ConsoleAddress.escaped(decision.id))"
            return """
                \(.link(path, HTML(TicketView.title(decision, words)))) · \
                \(ConsoleFrame.time(decision.time, words)) · \(words.state(listed.state))
                """
        }
        return HTML([
            .p(.link("/ui/knowledge", HTML(words.allArticles))),
            .tag("h2", [:], HTML(article.title)), ConsoleFrame.status(isSaved ? words.articleSaved : nil),
            edit(visit), .tag("p", ["class": "quiet"], HTML(facts.joined(separator: " · "))),
            part(words.next, article.recommendedAction), part(words.reply, article.reply),
            article.symptoms.isEmpty
                ? ""
                : HTML([
                    .tag("h3", [:], HTML(words.symptoms)),
                    .list(article.symptoms.map { HTML($0) }, style: "points"),
                ]),
            part(words.text, article.body), .tag("h3", [:], "\(words.answered): \(tickets.count ?? 0)"),
            .list(items, style: "points"),
        ])
    }

    private func edit(_ visit: ConsoleVisit) -> HTML {
        guard isEditable, visit.may(.models) else { return "" }
        let path = "/ui/knowledge/\(ConsoleAddress.escaped(article.id))/edit"
        return .p(.tag("a", ["href": path, "class": "button"], HTML(visit.words.editArticle)))
    }

    private func part(_ title: String, _ text: String?) -> HTML {
        guard let text, let first = text.firstIndex(where: { !$0.isWhitespace }) else { return "" }
        return HTML([.tag("h3", [:], HTML(title)), .tag("p", ["class": "text"], HTML(text[first...]))])
    }
}
