package import TriageEvaluation
internal import TriageModel
internal import TriagePages

extension LLMComparison {
    /// The comparison as blocks in the order in which every format shows them.
    package func document() -> Document {
        var document = Document(title: "Engine and language model on the same tickets")
        if let verdict = verdictSentence { document.blocks.append(.text(verdict, isHeadline: true)) }
        if let note = options.note { document.blocks.append(.text(note, isHeadline: true)) }
        if let seen = options.seenRows?.sentence { document.blocks.append(.text(seen, isHeadline: true)) }
        document.blocks += fields.flatMap { field in
            field.oneAnswers.map { .text("\(field.field.name): \($0.sentence)", isHeadline: true) }
        }
        document.blocks.append(.text(subject, isHeadline: true))
        document.blocks.append(.heading(2, "In short"))
        document.blocks += fields.map { .text("\($0.field.name): \(sentence($0))", isHeadline: true) }
        document.blocks += time()
        for field in fields {
            document.blocks.append(.heading(2, "Field \(field.field.name)"))
            document.blocks +=
                accuracy(field) + price(of: field) + deferral(field) + agreement(field) + labels(field)
        }
        document.blocks += [.heading(2, "How the figures are made")] + notes.map { .text($0) }
        return document
    }

    private var subject: String {
        var sentences = [
            "\(calls.count.counted("ticket")) of \(options.dataFiles.joined(separator: ", ")), decided by bundle "
                + "\(options.bundleName) (SHA-256 \(options.bundleSHA256.prefix(12))…) and by \(options.modelName)."
        ]
        if calls.count < options.wantedTickets {
            sentences.append(
                "\(options.wantedTickets - calls.count) more have no answer yet.")
        }
        let left = [
            (options.badRows, "could not be read"), (options.emptyRows, "have no text"),
            (options.unusableRows, "have no label that the bundle knows"),
        ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        if !left.isEmpty { sentences.append("Rows left out: \(left.joined(separator: ", ")).") }
        for field in fields where field.field.unlabelled + field.field.unknown > 0 {
            sentences.append(
                "\(field.field.name): of these tickets \(field.field.unlabelled) are unlabelled and "
                    + "\(field.field.unknown) have a label outside the bundle; neither counts in this field.")
        }
        return sentences.joined(separator: " ")
    }

    private var notes: [String] {
        [
            "LLM mode: the model chooses among the bundle's labels. An answer that is not a label leads to one more question; "
                + "after that the engine's label counts, and safety floors apply in any case. The model alone: a ticket without "
                + "a usable answer counts as wrong.",
            "Intervals hold 95 % of \(Bootstrap.resamples(rows: calls.count)) bootstrap resamples of the tickets, drawn in "
                + "pairs; those of plain shares are Wilson's. McNemar counts the tickets that only one side has right, "
                + "exactly and with the mid-p correction.",
            "Deferral: tickets are ordered by the engine's probability of its label, and the least sure go to the model. The "
                + "curve is drawn from all tickets, and its best point is flattered, having been picked as the best. So the "
                + "threshold is chosen on one half of the tickets, drawn at random with a fixed seed, and judged on the "
                + "other half alone: it pays when the interval of the gain there lies above zero and McNemar's mid-p is "
                + "below 0.05.",
            "Ceiling: the share of tickets that at least one of the two has right, which no rule that picks between them can "
                + "exceed.",
            "Time: of LLM mode, from the ticket to the decision, second questions, failed tries and the engine's own time "
                + "included, with \(options.concurrency.counted("call")) at once; of the engine, one decision after another "
                + "in the same process. A model on the same machine slows both.",
            "People's minutes: what they spend on 1,000 tickets that are all answered so, "
                + "\(OutputFormat.fixed(options.costs.errorMinutes, 1)) for each wrong answer (--error-minutes), beside "
                + "\(OutputFormat.fixed(options.costs.reviewMinutes, 1)) a ticket by hand (--review-minutes). What "
                + "triage costs, which leaves the unsure tickets to people, is not measured here; evaluate shows it.",
        ]
    }

    // MARK: - In short

    private func sentence(_ field: FieldComparison) -> String {
        var sentences = [
            "the engine is right in \(OutputFormat.share(field.engine.accuracy)), LLM mode in \(OutputFormat.share(field.mode.accuracy))."
        ]
        sentences += missing(field).map { [$0] } ?? []
        if let commonest = field.commonest {
            sentences.append(
                "The commonest label, \"\(commonest.label)\", as the answer to every ticket is right in "
                    + "\(OutputFormat.share(commonest.score.accuracy)).")
        }
        if let paired = field.paired {
            let direction = OutputFormat.signed(paired.difference.value)
            sentences.append(
                "LLM mode less engine: \(direction) (95 % interval \(OutputFormat.interval(paired.difference))), McNemar mid-p "
                    + "\(OutputFormat.pValue(paired.midP)).")
        }
        sentences.append(verdict(field))
        return sentences.joined(separator: " ")
    }

    /// The tickets without a label of the model's: its own doing, and the server's.
    private func missing(_ field: FieldComparison) -> String? {
        let (silent, failed) = (field.field.unlabelledAnswers, field.field.failed)
        let parts = [
            silent > 0
                ? "for \(silent) of \(field.field.answers.count.counted("ticket")) the model gave no label"
                : nil,
            failed > 0
                ? "for \(failed)\(silent > 0 ? "" : " of \(field.field.answers.count.counted("ticket"))") the server failed"
                : nil,
        ].compactMap(\.self)
        guard !parts.isEmpty else { return nil }
        let text = parts.joined(separator: ", ")
        return text.prefix(1).uppercased() + text.dropFirst() + "; there LLM mode keeps the engine's answer."
    }

    /// Whether to send some tickets to the model, in a sentence or two.
    func verdict(_ field: FieldComparison) -> String {
        let verdict = field.verdict
        let judged = verdict.choice.map { choice in
            "\(sent(choice)), chosen on \(verdict.choosingRows) tickets, change accuracy by "
                + "\(OutputFormat.signed(choice.gain.value)) (\(OutputFormat.interval(choice.gain)), McNemar mid-p "
                + "\(OutputFormat.pValue(choice.midP))) on the other \(verdict.judgingRows)"
        }
        if field.field.unanswered == field.field.answers.count {
            return "No label came from the model, so nothing shows whether it helps."
        }
        switch verdict.outcome {
        case .tooFewRows:
            return
                "\(field.field.answers.count.counted("ticket")) are too few to tell whether it pays to send some to "
                + "the model: give \(DeferralVerdict.minimumRows) or more."
        case .doesNotHelp:
            return "It does not help on your data to send the least sure tickets to the model: "
                + (judged
                    ?? "on the \(verdict.choosingRows) tickets that choose, no share is better than none")
                + "."
        case .unclear:
            return "Whether it helps to send the least sure tickets to the model cannot be told from "
                + "\(field.field.answers.count.counted("ticket")): \(judged ?? "")."
        case .pays:
            return "It pays to send the least sure tickets to the model: \(judged ?? "")."
                + (price(verdict.choice) ?? "")
        }
    }

    func sent(_ choice: DeferralVerdict.Choice) -> String {
        guard let threshold = choice.threshold else { return "all tickets" }
        return
            "the least sure \(OutputFormat.percent(choice.share)) (probability below \(OutputFormat.fixed(Double(threshold), 4)))"
    }

    /// What a choice costs in time and money.
    private func price(_ choice: DeferralVerdict.Choice?) -> String? {
        guard let choice, let latency else { return nil }
        let mean = latency.engineMean + choice.share * (latency.modeMean - latency.engineMean)
        let cost = costPer1000.map { "\(OutputFormat.fixed(choice.share * $0, 4)) for 1,000 tickets" }
        return " Its price: \(OutputFormat.seconds(mean)) a ticket on average in place of "
            + "\(OutputFormat.seconds(latency.engineMean)), and \(cost ?? "tokens whose price is not known")."
    }

    // MARK: - Time, tokens and cost

    private func time() -> [Document.Block] {
        guard let latency else { return [] }
        func row(_ name: String, _ quantile: LatencyComparison.Quantile) -> [String] {
            [
                name, OutputFormat.seconds(quantile.engine), OutputFormat.seconds(quantile.mode),
                OutputFormat.ratio(quantile.ratio.value),
                "\(OutputFormat.ratio(quantile.ratio.low)) to \(OutputFormat.ratio(quantile.ratio.high))",
            ]
        }
        return [
            .table(
                Document.Table(
                    caption:
                        "Time for one ticket, with \(options.concurrency.counted("call")) to the model at once",
                    columns: [.text("Quantile"), "Engine", "LLM mode", "Ratio", "95 % interval"],
                    rows: [row("p50", latency.median), row("p95", latency.p95)], isHeadline: true)),
            .table(
                Document.Table(
                    caption: "Questions, tokens and cost of \(options.modelName)",
                    columns: [.text("Measure"), "Value"],
                    rows: usage, isHeadline: true)),
        ]
    }

    private var usage: [[String]] {
        let estimated = isEstimated ? ", partly estimated" : ""
        let failed = failures.map { "\($0.count) \($0.code)" }.joined(separator: ", ")
        let failedCount = calls.count { $0.failure != nil }
        return [
            ["Tickets", "\(calls.count)"],
            ["Answers", "\(calls.reduce(0) { $0 + $1.replies })"],
            ["Questions repeated after an unusable answer", "\(calls.reduce(0) { $0 + $1.repeated })"],
            ["Requests repeated after a failure of the server", "\(calls.reduce(0) { $0 + $1.retries })"],
            ["Tickets without an answer", failed.isEmpty ? "0" : "\(failedCount) (\(failed))"],
            ["Tokens of prompts, a ticket\(estimated)", OutputFormat.fixed(inputTokensEach, 1)],
            ["Tokens of replies, a ticket\(estimated)", OutputFormat.fixed(outputTokensEach, 1)],
            [
                "Cost of 1,000 tickets",
                costPer1000.map { OutputFormat.fixed($0, 4) }
                    ?? "unknown: no price of \(options.modelName) given",
            ],
        ]
    }

    // MARK: - A field

    private func accuracy(_ field: FieldComparison) -> [Document.Block] {
        func row(_ name: String, _ score: FieldComparison.Score) -> [String] {
            [
                name, OutputFormat.figure(score.accuracy.value), OutputFormat.interval(score.accuracy),
                OutputFormat.figure(score.macroF1.value), OutputFormat.interval(score.macroF1),
            ]
        }
        let rows = field.field.answers.count.counted("ticket")
        let scores = Document.Table(
            caption: "\(field.field.name): \(rows), \(field.field.labels.count.counted("label"))",
            columns: [.text("Answered by"), "Accuracy", "95 % interval", "Macro-F1", "95 % interval"],
            rows: [
                row("engine", field.engine), row("LLM mode", field.mode),
                row("the model alone", field.chosen),
            ] + (field.commonest.map { [row("commonest label: \($0.label)", $0.score)] } ?? []) + [
                [
                    "whichever is right (ceiling)", OutputFormat.figure(field.ceiling.value),
                    OutputFormat.interval(field.ceiling),
                    OutputFormat.nothing, OutputFormat.nothing,
                ]
            ], isHeadline: true)
        return [.table(scores), .table(difference(field))]
    }

    private func difference(_ field: FieldComparison) -> Document.Table {
        let paired = field.paired
        let answers = field.field.answers.count
        let (onlyMode, onlyEngine) = (paired?.onlyFirst ?? 0, paired?.onlySecond ?? 0)
        return Document.Table(
            caption: "\(field.field.name): LLM mode against the engine",
            columns: [.text("Measure"), "Value", "95 % interval"],
            rows: [
                [
                    "Accuracy of LLM mode less the engine's", OutputFormat.signed(paired?.difference.value),
                    OutputFormat.interval(paired?.difference),
                ],
                [
                    "McNemar, exact p", paired.map { OutputFormat.pValue($0.exact) } ?? OutputFormat.nothing,
                    OutputFormat.nothing,
                ],
                [
                    "McNemar, mid-p", paired.map { OutputFormat.pValue($0.midP) } ?? OutputFormat.nothing,
                    OutputFormat.nothing,
                ],
                ["Tickets both have right", "\(field.bothRight)", OutputFormat.nothing],
                ["Tickets only LLM mode has right", "\(onlyMode)", OutputFormat.nothing],
                ["Tickets only the engine has right", "\(onlyEngine)", OutputFormat.nothing],
                [
                    "Tickets neither has right", "\(answers - field.bothRight - onlyMode - onlyEngine)",
                    OutputFormat.nothing,
                ],
                [
                    "Share in which both agree", OutputFormat.figure(field.agreement.value),
                    OutputFormat.interval(field.agreement),
                ],
                [
                    "Accuracy where they do", OutputFormat.figure(field.accuracyWhereAgreed.value),
                    OutputFormat.interval(field.accuracyWhereAgreed),
                ],
                [
                    "Share of the model's answers that were no label",
                    OutputFormat.figure(field.invalidRate.value),
                    OutputFormat.interval(field.invalidRate),
                ],
                [
                    "Tickets to which the model gave no label", "\(field.field.unlabelledAnswers)",
                    OutputFormat.nothing,
                ],
                [
                    "Tickets for which the server failed", "\(field.field.failed)", OutputFormat.nothing,
                ],
            ], isHeadline: true)
    }

    private func deferral(_ field: FieldComparison) -> [Document.Block] {
        let points = field.deferral.points
        let accuracies = points.map(\.accuracy)
        let engine = accuracies.first ?? 0
        let low = points.map { engine + ($0.gain.low ?? 0) }
        let high = points.map { engine + ($0.gain.high ?? 0) }
        let (bottom, top) = Self.span(low + high + [field.ceiling.value ?? engine])
        return [
            .heading(3, "Sending the least sure tickets to the model"),
            .text(verdict(field)),
            .plot(
                Plot(
                    title: "Accuracy of \(field.field.name) over the share sent to the model",
                    x: .init(name: "share of tickets sent to the model, least sure first", low: 0, high: 1),
                    y: .init(name: "accuracy", low: bottom, high: top),
                    series: [
                        .init(
                            name: "95 % band of the gain over the engine", style: .band(upper: high),
                            points: zip(points, low).map { ($0.share, $1) }),
                        .init(
                            name: "the engine alone", style: .reference, points: [(0, engine), (1, engine)]),
                        .init(
                            name: "engine and model together", style: .line,
                            points: points.map { ($0.share, $0.accuracy) }),
                    ])),
            .table(
                Document.Table(
                    caption:
                        "The least sure share of tickets answered by LLM mode, the rest by the engine; all tickets, so "
                        + "that the best line flatters itself",
                    columns: [
                        .text("Sent to the model"), "Tickets", "Probability below", "Accuracy", "Gain",
                        "95 % interval",
                    ],
                    rows: points.enumerated().filter { $0.offset % 2 == 0 }.map { _, point in
                        [
                            OutputFormat.percent(point.share), "\(point.rows)",
                            point.threshold.map { OutputFormat.fixed(Double($0), 4) } ?? "all",
                            OutputFormat.figure(point.accuracy), OutputFormat.signed(point.gain.value),
                            OutputFormat.interval(point.gain),
                        ]
                    })),
        ]
    }

    /// Round ends of an axis of five steps that holds all values.
    private static func span(_ values: [Double]) -> (low: Double, high: Double) {
        let (least, most) = (max(0, values.min() ?? 0), min(1, values.max() ?? 1))
        for step in [0.01, 0.02, 0.05, 0.1] {
            let low = (least / step).rounded(.down) * step
            if low + 5 * step >= most { return (low, low + 5 * step) }
        }
        return (0, 1)
    }

    private func agreement(_ field: FieldComparison) -> [Document.Block] {
        [
            .heading(3, "Where the two differ"),
            .table(
                .matrix(
                    field.confusion, caption: "\(field.field.name): the engine beside LLM mode",
                    means: "a row for each label of the engine, a column for each of LLM mode",
                    corner: "engine ↓ LLM mode →")),
        ]
    }

    private func labels(_ field: FieldComparison) -> [Document.Block] {
        let engine = Dictionary(field.engineLabels.map { ($0.label, $0) }) { first, _ in first }
        let mode = Dictionary(field.modeLabels.map { ($0.label, $0) }) { first, _ in first }
        let names = field.field.labels.filter { engine[$0] != nil || mode[$0] != nil }
        return [
            .table(
                Document.Table(
                    caption: "Labels of \(field.field.name)",
                    columns: [
                        .text("Label"), "Support", "Engine's recall", "LLM mode's recall", "Engine's F1",
                        "LLM mode's F1",
                    ],
                    rows: names.map { name in
                        [
                            name, "\(engine[name]?.support ?? mode[name]?.support ?? 0)",
                            OutputFormat.figure(engine[name]?.recall),
                            OutputFormat.figure(mode[name]?.recall),
                            OutputFormat.figure(engine[name]?.f1), OutputFormat.figure(mode[name]?.f1),
                        ]
                    }, isLong: names.count > 25))
        ]
    }
}

extension OutputFormat {
    /// A share with its interval, such as "0.912 (0.871 to 0.945)".
    static func share(_ estimate: Estimate) -> String { "\(figure(estimate.value)) (\(interval(estimate)))" }

    /// A difference with its sign.
    static func signed(_ value: Double?) -> String {
        guard let value, value.isFinite else { return nothing }
        let text = fixed(value, 3)
        return value > 0 && text != "0.000" ? "+\(text)" : text
    }

    /// A time in the unit that suits it.
    static func seconds(_ value: Double) -> String {
        switch value {
        case ..<0.001: "\(fixed(value * 1_000_000, 0)) µs"
        case ..<1: "\(fixed(value * 1000, value < 0.01 ? 2 : value < 0.1 ? 1 : 0)) ms"
        default: "\(fixed(value, 2)) s"
        }
    }

    static func seconds(_ estimate: Estimate) -> String {
        guard let value = estimate.value else { return nothing }
        guard let low = estimate.low, let high = estimate.high else { return seconds(value) }
        return "\(seconds(value)) (\(seconds(low)) to \(seconds(high)))"
    }

    /// A ratio with three or more digits.
    static func ratio(_ value: Double?) -> String {
        guard let value, value.isFinite else { return nothing }
        return fixed(value, value < 10 ? 2 : value < 100 ? 1 : 0)
    }
}
