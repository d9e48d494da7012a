internal import TriageData
internal import TriagePages
internal import TriageStore

/// The outages that go on, above the queue and the counts.
enum OutageBanner {
    /// Tickets that a banner links to.
    private static let shown = 4

    static func html(_ outages: [Outage], _ visit: ConsoleVisit) -> HTML {
        HTML(outages.map { banner($0, visit.words) })
    }

    private static func banner(_ outage: Outage, _ words: ConsoleWords) -> HTML {
        let minutes = max(1, (outage.last - outage.start + 59_999) / 60_000)
        let usual = words.number(outage.expected, outage.expected < 0.05 ? 0 : 1)
        let links = outage.first.prefix(shown).map { listed in
            HTML.link(
                "/ui/tickets/\(ConsoleAddress.escaped(listed.decision.id))",
                HTML(TicketView.title(listed.decision, words)))
        }
        return .tag(
            "section", ["class": "outage", "aria-label": words.outage],
            .p(
                """
                \(.tag("b", [:], HTML(words.outage))): \
                \(words.burst(outage.tickets, minutes, usual)) \(ConsoleFrame.time(outage.start, words))
                """),
            .p(
                "\(words.commonWords) \(HTML(outage.words.map { .tag("b", [:], HTML($0)) }, separator: ", "))"
            ),
            .list(links, style: "points"))
    }
}
