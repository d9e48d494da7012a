internal import TriageData
internal import TriagePages

extension BacktestReport {
    /// The report as blocks in the order in which every format shows them.
    package func document() -> Document {
        var document = Document(title: "Backtest of \(dataFiles.joined(separator: ", "))")
        document.blocks = opening()
        document.blocks += wholeTickets()
        for field in fields { document.blocks += blocks(field) }
        document.blocks += routingBlocks() + missedBlocks()
        document.blocks += [.heading(2, "How the figures are made")] + notes.map { .text($0) }
        return document
    }

    // MARK: - What a lead reads first

    private func opening() -> [Document.Block] {
        var sentences = [
            "\(decided.counted("ticket")) from \(firstDay) to \(lastDay), each decided by the model of its day: "
                + "\(models.counted("model")), the first trained on the \(trainedBefore.counted("ticket")) before."
        ]
        let whole = whole
        let saved = whole.minutes(costs)
        sentences.append(
            "Of 100 tickets \(share(whole.automatic, whole.rows)) would have needed no person, and "
                + "\(share(whole.wrong, whole.rows)) of these would have been wrong. At \(minutes(costs.reviewMinutes)) for triage by "
                + "hand and \(minutes(costs.errorMinutes)) for a wrong answer that \(saved < 0 ? "costs" : "saves") "
                + "\(hours(abs(saved))).")
        sentences += fields.map { field in
            "\(field.name): right in \(OutputFormat.percent(field.whole.accuracy.value)) of later tickets"
                + (field.atRandom.map {
                    ", and in \(OutputFormat.percent($0)) of tickets held out at random: "
                        + gap($0 - (field.whole.accuracy.value ?? 0))
                } ?? "") + "."
        }
        sentences += fields.flatMap { field in
            field.events.map {
                "\($0.month): \(field.name): \($0.sentence) (\($0.tickets.counted("ticket")))."
            }
        }
        if let critical {
            let tickets = "\(critical.tickets.counted("ticket")) with \(critical.label)"
            sentences.append(
                missed.isEmpty
                    ? "\(critical.field): none of \(tickets) was given a milder severity."
                    : "\(critical.field): \(missed.count) of \(tickets) \(missed.count == 1 ? "was" : "were") given a milder "
                        + "severity, as listed below.")
        }
        if let routing { sentences.append(sentence(routing)) }
        if undated > 0 {
            sentences.append("\(undated.counted("ticket")) without a date that can be read were left out.")
        }
        return sentences.map { .text($0, isHeadline: true) }
    }

    private func share(_ part: Int, _ whole: Int) -> String {
        whole > 0 ? OutputFormat.fixed(100 * Double(part) / Double(whole), 1) : OutputFormat.nothing
    }

    private func interval(_ share: Estimate) -> String {
        guard let low = share.low, let high = share.high else { return OutputFormat.nothing }
        return "\(OutputFormat.fixed(100 * low, 1)) to \(OutputFormat.fixed(100 * high, 1)) %"
    }

    private func minutes(_ value: Double) -> String {
        "\(OutputFormat.fixed(value, value.rounded() == value ? 0 : 1)) minutes"
    }

    private func hours(_ minutes: Double) -> String { "\(OutputFormat.fixed(minutes / 60, 1)) hours" }

    private func gap(_ difference: Double) -> String {
        let points = OutputFormat.fixed(100 * abs(difference), 1)
        guard points != OutputFormat.fixed(0, 1) else { return "a random split shows the same" }
        return "what a random split shows is \(points) points " + (difference > 0 ? "too high" : "too low")
    }

    private func sentence(_ routing: Routing) -> String {
        "\(routing.field): history reassigned \(routing.reassigned.counted("ticket")) (column \(routing.column)); level auto sends "
            + "\(routing.avoided) of them right at once, and \(routing.caused.counted("ticket")) wrong that history did not reassign."
    }

    // MARK: - Tables by month

    private static let columns: [Document.Column] = [
        .text("Month"), "Tickets", "Automatic", "95 % interval", "Of these right", "95 % interval",
        "Right at any level",
    ]

    private func row(_ name: String, _ tally: Tally) -> [String] {
        [
            name, "\(tally.rows)", OutputFormat.percent(tally.automaticShare.value),
            interval(tally.automaticShare), OutputFormat.percent(tally.precision.value),
            interval(tally.precision), OutputFormat.percent(tally.accuracy.value),
        ]
    }

    private func wholeTickets() -> [Document.Block] {
        let rows = tickets.map { row($0.name, $0.tally) + [hours($0.tally.minutes(costs))] }
        let total = row("all", whole) + [hours(whole.minutes(costs))]
        return [
            .heading(2, "Whole tickets"),
            .text("A ticket needs no person where the answer in every field has level auto."),
            .table(
                Document.Table(
                    caption: "Tickets that need no person, by month",
                    columns: BacktestReport.columns + ["Saved"],
                    rows: rows + [total], isHeadline: true)),
        ]
    }

    private func blocks(_ field: Field) -> [Document.Block] {
        var blocks: [Document.Block] = [
            .heading(2, "Field \(field.name)"),
            .table(
                Document.Table(
                    caption: "Level auto of \(field.name) by month (target \(field.target))",
                    columns: BacktestReport.columns,
                    rows: field.months.map { row($0.name, $0.tally) } + [row("all", field.whole)])),
        ]
        if field.months.count > 1 { blocks.append(.plot(plot(field))) }
        guard !field.events.isEmpty else {
            return blocks + [.text("No new label and no change of labels was found.")]
        }
        return blocks + [
            .table(
                Document.Table(
                    caption: "New labels and changes of labels in \(field.name)",
                    columns: [.text("Month"), .text("From"), .text("Change"), "Tickets"],
                    rows: field.events.map { [$0.month, $0.day, $0.sentence, "\($0.tickets)"] }))
        ]
    }

    private func plot(_ field: Field) -> Plot {
        func points(_ share: (Tally) -> Estimate) -> [(x: Double, y: Double)] {
            field.months.enumerated().compactMap { number, month in
                share(month.tally).value.map { (Double(number + 1), $0) }
            }
        }
        return Plot(
            title: "\(field.name) by month",
            x: .init(
                name: "month of the backtest", low: 0, high: Double((field.months.count + 4) / 5 * 5),
                isShare: false),
            y: .init(name: "share", low: 0, high: 1),
            series: [
                .init(name: "automatic", style: .dots, points: points(\.automaticShare)),
                .init(name: "right at any level", style: .line, points: points(\.accuracy)),
            ])
    }

    private func routingBlocks() -> [Document.Block] {
        guard let routing else { return [] }
        return [
            .heading(2, "Reassigned tickets"),
            .text(
                sentence(routing)
                    + " At any level the first answer is right for \(routing.right) of the reassigned tickets."
            ),
            .table(
                Document.Table(
                    caption: "Reassignments by month",
                    columns: [
                        .text("Month"), "Reassigned by history", "Right at once by auto",
                        "Wrong by auto alone",
                    ],
                    rows: routing.months.map {
                        ["\($0.name)", "\($0.reassigned)", "\($0.avoided)", "\($0.caused)"]
                    })),
        ]
    }

    private func missedBlocks() -> [Document.Block] {
        guard let critical else { return [] }
        guard !missed.isEmpty else {
            return [
                .heading(2, "Missed tickets with \(critical.label)"),
                .text("None of \(critical.tickets.counted("ticket")) was given a milder severity."),
            ]
        }
        return [
            .heading(2, "Missed tickets with \(critical.label)"),
            .table(
                Document.Table(
                    caption: "Tickets with \(critical.label) that were given a milder severity",
                    columns: [
                        .text("Day"), .text("Ticket"), .text("Answer"), "Probability", .text("Level"),
                        .text("Text, masked"),
                    ],
                    rows: missed.map {
                        [
                            $0.day, $0.id ?? OutputFormat.nothing, $0.answer,
                            OutputFormat.figure(Double($0.probability)), $0.level, $0.excerpt,
                        ]
                    }, isLong: missed.count > 50)),
        ]
    }

    private var notes: [String] {
        [
            "Each model is trained on all tickets before its first day, as train does. Its settings are those that were "
                + "searched for the first one, and it begins with the weights of the one before.",
            "Intervals of shares are Wilson's. Minutes saved are answers of level auto times the minutes by hand, less wrong "
                + "ones times the minutes of a wrong answer.",
            "A label is new, or no longer used, where its rate changes tenfold. Tickets moved or a label was renamed where the "
                + "model of the day gives another label than people do from some day on. Both need a likelihood ratio that "
                + "chance alone reaches about once in 20,000 places.",
            "Paragraphs that repeat as boilerplate were found in all tickets at once, without a look at their labels.",
        ]
    }
}
