internal import TriageData
internal import TriageLLM
internal import TriagePages
internal import TriageStore
internal import TriageTelemetry

/// What has changed in tickets, how long steps take, and what is left of the language model's budget.
extension OperationsPage {
    /// A step whose time is measured.
    struct Latency: Sendable {
        enum Step: CaseIterable {
            case deciding, storing, languageModel, requests

            var metric: String {
                switch self {
                case .deciding: "triage_decision_duration_seconds"
                case .storing: "triage_store_write_duration_seconds"
                case .languageModel: "triage_llm_duration_seconds"
                case .requests: "triage_http_request_duration_seconds"
                }
            }
        }

        var step: Step
        var times: HistogramReading

        /// The steps that happened since the service started.
        static func all(_ registry: PrometheusRegistry) -> [Latency] {
            Step.allCases.compactMap { step in
                guard let times = registry.histogram(step.metric), times.count > 0 else { return nil }
                return Latency(step: step, times: times)
            }
        }
    }

    // MARK: - Changes in tickets

    func driftPart(_ words: ConsoleWords) -> HTML {
        let heading = HTML.tag("h3", [:], HTML(words.drift))
        switch drift {
        case .running:
            return HTML([heading, .tag("p", ["class": "quiet", "data-again": ""], HTML(words.driftWait))])
        case .failed: return HTML([heading, .p(HTML(words.notComputed))])
        case .ready(let report) where report.hasTooFew:
            return HTML([heading, .p(HTML(words.driftTooFew(report.found, DriftReport.minimum)))])
        case .ready(let report):
            return HTML([
                heading, .p(HTML(words.driftCompared(report.tickets, report.reference))),
                course(report, words), changes(report, words), labelShares(report, words),
            ])
        }
    }

    /// How unlike the training data tickets are, and how unsure answers, over the compared tickets.
    private func course(_ report: DriftReport, _ words: ConsoleWords) -> HTML {
        var end = 0
        let ends = report.blocks.map { block in
            end += block.tickets
            return Double(end)
        }
        let before = report.unseen?.before ?? 0
        let most = report.blocks.flatMap { [$0.unseen, $0.unsure] }.max() ?? 0
        let plot = Plot(
            title: words.driftCourse,
            x: .init(name: words.ticketsOldestFirst, around: ends),
            y: .init(name: words.sharePart, low: 0, high: [0.25, 0.5, 1].first { $0 >= most } ?? 1),
            series: [
                .init(
                    name: words.unseenText, style: .line,
                    points: zip(ends, report.blocks).map { ($0, $1.unseen) }),
                .init(
                    name: words.unseenBefore, style: .reference,
                    points: [(0, before), (ends.last ?? 1, before)]),
                .init(
                    name: words.unsureAnswers, style: .dots,
                    points: zip(ends, report.blocks).map { ($0, $1.unsure) }),
            ])
        let table = HTMLTable(
            caption: nil,
            [
                .init(words.until), .init(words.tickets, isNumber: true),
                .init(words.unseenText, isNumber: true), .init(words.unsureAnswers, isNumber: true),
            ],
            report.blocks.map { block in
                [
                    ConsoleFrame.time(block.to, words), "\(block.tickets)", HTML(words.share(block.unseen)),
                    HTML(words.share(block.unsure)),
                ]
            }, style: nil)
        return HTML([ConsoleChart.lines(plot, id: "drift", words), ConsoleChart.folded(table, words)])
    }

    private func changes(_ report: DriftReport, _ words: ConsoleWords) -> HTML {
        guard !report.alarms.isEmpty else { return .p(HTML(words.noDrift)) }
        let rows = report.alarms.map { alarm -> [HTML] in
            [
                HTML(words.change(alarm.sign)), ConsoleFrame.time(alarm.time, words),
                HTML(words.share(alarm.before)),
            ]
        }
        let new = report.classifier?.words.map(\.text) ?? []
        return HTML([
            HTMLTable(
                caption: words.driftAdvice,
                [.init(words.what), .init(words.sinceWhen), .init(words.shareBefore, isNumber: true)], rows,
                style: "stack wide"
            ).html(),
            new.isEmpty
                ? "" : .p("\(words.newWords) \(HTML(new.map { .tag("b", [:], HTML($0)) }, separator: ", "))"),
        ])
    }

    /// Labels whose share differs by this much are in the table.
    private static let shownDifference = 0.05

    private func labelShares(_ report: DriftReport, _ words: ConsoleWords) -> HTML {
        let rows = report.labels.filter { abs($0.now - $0.before) >= Self.shownDifference }
            .sorted { abs($1.now - $1.before) < abs($0.now - $0.before) }
            .map { share -> [HTML] in
                [
                    "\(share.field): \(share.label)", HTML(words.share(share.before)),
                    HTML(words.share(share.now)),
                ]
            }
        guard !rows.isEmpty else { return "" }
        return HTMLTable(
            caption: words.changedShares,
            [
                .init(words.label), .init(words.shareBefore, isNumber: true),
                .init(words.now, isNumber: true),
            ], rows, style: nil
        ).html()
    }

    // MARK: - Latency

    func latencyPart(_ words: ConsoleWords) -> HTML {
        let heading = HTML.tag("h3", [:], HTML(words.latency))
        guard let first = latency.first else { return HTML([heading, .p(HTML(words.noLatency))]) }
        let rows = latency.map { latency -> [HTML] in
            let quantiles = [0.5, 0.95, 0.99].map { latency.times.quantile($0) ?? 0 }
            return [HTML(words.step(latency.step)), "\(latency.times.count)"]
                + quantiles.map { HTML(words.duration($0)) }
        }
        let table = HTMLTable(
            caption: words.sinceStart,
            [
                .init(words.step), .init(words.countOf, isNumber: true), .init(words.median, isNumber: true),
                .init("95\u{A0}%", isNumber: true), .init("99\u{A0}%", isNumber: true),
            ], rows, style: "stack wide")
        let (bounds, counts) = (first.times.bounds, first.times.counts)
        let name = words.buckets(
            words.step(first.step), words.duration(bounds.first ?? 0), words.duration(bounds.last ?? 0))
        let buckets = HTMLTable(
            caption: words.step(first.step), [.init(words.upTo), .init(words.countOf, isNumber: true)],
            counts.enumerated().map { place, count in
                [
                    HTML(place < bounds.count ? words.duration(bounds[place]) : words.longer),
                    "\(count)",
                ]
            }, style: nil)
        return HTML([
            heading, table.html(), ConsoleChart.bars(counts, name),
            .tag("p", ["class": "quiet"], HTML(name)),
            ConsoleChart.folded(buckets, words),
        ])
    }

    // MARK: - Budget

    func budgetPart(_ words: ConsoleWords) -> HTML {
        let heading = HTML.tag("h3", [:], HTML(words.budget))
        guard let spending else { return HTML([heading, .p(HTML(words.noLanguageModel))]) }
        let windows: [(BudgetWindow, String, Double?)] = [
            (.daily, words.thisDay, spending.dailyRemaining),
            (.monthly, words.thisMonth, spending.monthlyRemaining),
        ]
        let rows = windows.compactMap { window, name, left -> [HTML]? in
            guard let limit = spending.budgets[window], let left else { return nil }
            let share = limit > 0 ? (limit - left) / limit : 1
            return [
                HTML(name), HTML(words.number(limit - left, 2)), HTML(words.number(limit, 2)),
                HTML(words.number(left, 2)), ConsoleChart.bar(share, share >= 0.9 ? "against" : "for"),
            ]
        }
        let calls = spending.models.values.reduce(0) { $0 + $1.calls }
        let total = HTML.tag(
            "p", ["class": "quiet"],
            HTML(
                words.callsSinceStart(
                    calls, words.number(spending.models.values.reduce(0) { $0 + $1.cost }, 2))))
        guard !rows.isEmpty else { return HTML([heading, .p(HTML(words.noBudget)), total]) }
        let table = HTMLTable(
            caption: words.budgetCaption,
            [
                .init(words.time), .init(words.spent, isNumber: true), .init(words.limit, isNumber: true),
                .init(words.left, isNumber: true), .init(words.spent),
            ], rows, style: "stack wide")
        return HTML([heading, table.html { _, column in column == 4 ? "bar" : nil }, total])
    }
}

extension ConsoleWords {
    func step(_ step: OperationsPage.Latency.Step) -> String {
        switch step {
        case .deciding: stepDeciding
        case .storing: stepStoring
        case .languageModel: stepLanguageModel
        case .requests: stepRequests
        }
    }

    func change(_ sign: DriftSign) -> String {
        switch sign {
        case .word(let word): moreOfWord(word)
        case .label(let field, let label): moreOfLabel(field, label)
        case .unsure(let field): lessSure(field)
        case .outOfScope: moreOutOfScope
        case .unseen: moreUnseen
        }
    }

    /// A time with the unit in which it has one to three digits before the point.
    func duration(_ seconds: Double) -> String {
        let units = [(1.0, "s"), (1e-3, "ms"), (1e-6, "µs")]
        let (unit, name) = units.first { seconds >= $0.0 } ?? (1e-6, "µs")
        let value = seconds / unit
        return "\(number(value, value < 9.95 ? 1 : 0))\u{A0}\(name)"
    }
}
