internal import TriageData
internal import TriageEngine
internal import TriageLLM
internal import TriagePages
internal import TriageStore

/// `/ui/operations`: how many tickets came, how far the model was trusted, and how often people changed its labels.
struct OperationsPage: HTMLPageOfConsole {
    var from: Int64
    var to: Int64
    var days: Int
    var counts: DecisionCounts
    var queue: StoreStatistics
    var outages: [Outage] = []
    var drift = BackgroundResults<DriftReport>.State.running
    var latency: [Latency] = []
    /// What the language model cost; nil without one.
    var spending: LLMStatus?

    /// The times that the page offers, in days.
    static let choices = [1, 7, 30, 365]
    private static let day: Int64 = 86_400_000
    /// Labels of a field that have a row of their own.
    private static let labelLimit = 12

    func title(_ words: ConsoleWords) -> String { words.operations }

    func main(_ visit: ConsoleVisit) -> HTML {
        let words = visit.words
        let times = OperationsPage.choices.map { days in
            HTML.tag(
                "a",
                [
                    "href": ConsoleAddress.make("/ui/operations", [("days", "\(days)")]),
                    "aria-current": days == self.days ? "true" : nil,
                ], "\(days) \(days == 1 ? words.day : words.days)")
        }
        return HTML([
            .tag("h2", [:], HTML(words.operations)), OutageBanner.html(outages, visit),
            ConsoleFrame.status(nil),
            .tag(
                "div", ["id": "work", "data-away": words.away],
                .tag("p", ["class": "samples"], HTML(times, separator: " ")), figures(words), volume(words),
                levels(words), HTML(counts.fields.map { field($0, words) }), waiting(words), driftPart(words),
                latencyPart(words), budgetPart(words)),
        ])
    }

    private func figures(_ words: ConsoleWords) -> HTML {
        let figures: [(String, String)] = [
            (words.decisions, "\(counts.decisions)"),
            (words.stateOpen, "\(counts.states[.open] ?? 0)"),
            (words.overrideRate, OperationsPage.share(counts.overrideRate)),
            (words.knownIssueRate, OperationsPage.share(counts.knownIssueRate)),
        ]
        return .tag(
            "div", ["class": "cards figures"],
            HTML(
                figures.map { name, value in
                    .tag(
                        "article", ["class": "card"], .tag("h3", [:], HTML(name)),
                        .tag("p", ["class": "label"], HTML(value)))
                }))
    }

    private static func share(_ share: Double?) -> String {
        share.map { ConsoleFrame.percent(Float($0)) } ?? "–"
    }

    // MARK: - Charts, each with its table

    /// Decisions by hour for a day or two, else by day.
    private func volume(_ words: ConsoleWords) -> HTML {
        let step = days <= 2 ? 3_600_000 : OperationsPage.day
        var sums: [Int64: Int] = [:]
        for hour in counts.hours { sums[hour.time - hour.time % step, default: 0] += hour.count }
        let first = from - from % step
        let all = stride(from: first, to: to, by: Int64.Stride(step)).map { ($0, sums[$0] ?? 0) }
        let rows = all.filter { $0.1 > 0 }.map { time, count -> [HTML] in
            let text = Timestamp(milliseconds: time).text
            return [HTML(step == OperationsPage.day ? text.prefix(10) : text.prefix(16)), "\(count)"]
        }
        let name = days <= 2 ? words.perHour : words.perDay
        let table = HTMLTable(
            caption: nil, [.init("UTC"), .init(words.decisions, isNumber: true)], rows, style: nil)
        return HTML([
            .tag("h3", [:], HTML(name)), ConsoleChart.bars(all.map(\.1), name),
            .tag(
                "p", ["class": "quiet"],
                "\(ConsoleFrame.time(first, words)) – \(ConsoleFrame.time(to, words))"),
            ConsoleChart.folded(table, words),
        ])
    }

    private func levels(_ words: ConsoleWords) -> HTML {
        shares(
            words.level, Decision.Level.allCases.reversed().map { (words.level($0), counts.levels[$0] ?? 0) },
            words, columns: (words.level, words.decisions))
    }

    private func field(_ field: DecisionCounts.Field, _ words: ConsoleWords) -> HTML {
        let limit = OperationsPage.labelLimit
        let rest = field.labels.dropFirst(limit).map(\.count).reduce(0, +)
        let shown = field.labels.prefix(limit).map { ($0.label, $0.count) }
        return HTML([
            shares(field.name, shown + (rest > 0 ? [(words.others, rest)] : []), words),
            .tag(
                "p", ["class": "quiet"],
                "\(words.confirmed): \(field.confirmed) · \(words.corrected): \(field.overridden)"),
        ])
    }

    /// Counts with bars.
    private func shares(
        _ title: String, _ values: [(String, Int)], _ words: ConsoleWords, columns: (String, String)? = nil
    ) -> HTML {
        let (name, count) = columns ?? (words.label, words.decisions)
        let top = max(1, values.map(\.1).max() ?? 1)
        let rows = values.map { name, count -> [HTML] in
            [HTML(name), "\(count)", ConsoleChart.bar(Double(count) / Double(top))]
        }
        let table = HTMLTable(
            caption: title,
            [.init(name), .init(count, isNumber: true), .init(words.size)], rows,
            style: "wide")
        return table.html { _, column in column == 2 ? "bar" : nil }
    }

    private func waiting(_ words: ConsoleWords) -> HTML {
        shares(
            words.intake, TicketState.allCases.map { (words.ticketState($0), queue.queue[$0] ?? 0) }, words,
            columns: (words.state, words.tickets))
    }
}
