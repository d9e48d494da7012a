internal import TriageData
internal import TriagePages
internal import TriageStore

/// `/ui/knowledge?unanswered=true`: recent questions without an article, grouped, each group with a beginning of an article.
struct UnansweredPage: HTMLPageOfConsole {
    var groups: [UnansweredGroup]

    /// Groups of the page.
    static let length = 10

    func title(_ words: ConsoleWords) -> String { words.unanswered }

    func main(_ visit: ConsoleVisit) -> HTML {
        let words = visit.words
        return HTML([
            .p(.link("/ui/knowledge", HTML(words.allArticles))), .tag("h2", [:], HTML(words.unanswered)),
            .p(HTML(groups.isEmpty ? words.nothingUnanswered : words.unansweredHelp)),
            HTML(groups.enumerated().map { section($0.element, $0.offset, words) }),
        ])
    }

    private func section(_ group: UnansweredGroup, _ number: Int, _ words: ConsoleWords) -> HTML {
        let items = group.tickets.map { listed -> HTML in
            let decision = listed.decision
            let path = "/ui/tickets/\(ConsoleAddress.escaped(decision.id))"
            let name = HTML(TicketView.title(decision, words))
            return "\(.link(path, name)) · \(ConsoleFrame.time(decision.time, words))"
        }
        let name = group.words.joined(separator: ", ")
        let (heading, stub) = (name.isEmpty ? words.tickets : name, "stub-\(number)")
        return HTML([
            .tag("h3", [:], "\(heading): \(group.count)"), .list(items, style: "points"),
            .tag(
                "details", [:], .tag("summary", [:], HTML(words.proposedArticle)),
                .tag("p", ["class": "quiet"], HTML(words.proposedArticleHelp)),
                .tag("pre", ["id": stub], HTML(Self.stub(group))),
                .p(ConsoleFrame.copyButton(stub, words.copy, words))),
        ])
    }

    /// Symptoms of a proposed article.
    private static let symptoms = 5

    /// The beginning of an article as a file of the knowledge base has it.
    static func stub(_ group: UnansweredGroup) -> String {
        func quoted(_ text: String) -> String {
            var json = JSONWriter()
            json.string(text)
            return json.text
        }
        let titles = group.tickets.map { TicketView.title($0.decision, .english) }
        let categories = Dictionary(grouping: group.tickets.map(\.decision.record.category)) { $0 }
        let category = categories.max { ($0.value.count, $1.key) < ($1.value.count, $0.key) }?.key ?? ""
        let unique = titles.enumerated().filter { titles.firstIndex(of: $0.element) == $0.offset }
        let symptoms = unique.prefix(symptoms).map { "  - \(quoted($0.element))" }
        let title = group.words.isEmpty ? titles.first ?? "" : group.words.joined(separator: " ")
        return """
            ---
            id: KB-NEW
            title: \(quoted(title))
            category: \(quoted(category))
            symptoms:
            \(symptoms.joined(separator: "\n"))
            recommended_action: ""
            reply: ""
            ---

            """
    }
}
