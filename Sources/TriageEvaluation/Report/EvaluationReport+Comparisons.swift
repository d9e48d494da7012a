extension EvaluationReport {
    /// What stands beside the model: baselines, duplicates, a second bundle, time, fewer rows.
    func comparisons(_ field: FieldReport) -> [Document.Block] {
        var blocks: [Document.Block] = []
        if !field.baselines.isEmpty { blocks.append(.table(baselines(field))) }
        if let duplicates = field.duplicates { blocks.append(.table(table(duplicates, field))) }
        if let comparison = field.comparison { blocks.append(.table(table(comparison))) }
        if let gap = field.timeGap { blocks.append(.table(table(gap))) }
        if !field.learningCurve.isEmpty { blocks += learning(field) }
        return blocks.isEmpty ? [] : [.heading(3, "Beside it")] + blocks
    }

    private func baselines(_ field: FieldReport) -> Document.Table {
        let model = [("this model", "", field.estimates)]
        let others = field.baselines.map { ($0.name, $0.explanation, $0.estimates) }
        return Document.Table(
            caption: "The model and simple ways to answer, on the same rows"
                + (field.unknownRows > 0 ? "; log-loss of those with a label that each knows" : ""),
            columns: [
                .text("Answered by"), "Accuracy", "95 % interval", "Macro-F1", "Log-loss", .text("How"),
            ],
            rows: (model + others).map { name, how, estimates in
                [
                    name, OutputFormat.figure(estimates[.accuracy]?.value),
                    OutputFormat.interval(estimates[.accuracy]),
                    OutputFormat.figure(estimates[.macroF1]?.value),
                    OutputFormat.figure(estimates[.logLoss]?.value), how,
                ]
            }, isHeadline: true)
    }

    private func table(_ score: DuplicateScore, _ field: FieldReport) -> Document.Table {
        func row(_ name: String, _ rows: Int, _ estimates: [Metric: Estimate]) -> [String] {
            [
                name, "\(rows)", OutputFormat.figure(estimates[.accuracy]?.value),
                OutputFormat.interval(estimates[.accuracy]),
                OutputFormat.figure(estimates[.macroF1]?.value),
            ]
        }
        let rest = row("without them", field.rows - score.rows, score.without)
        return Document.Table(
            caption: "\(score.rows) of \(field.rows) rows have a near-duplicate in the training file",
            columns: [.text("Counted"), "Rows", "Accuracy", "95 % interval", "Macro-F1"],
            rows: [row("all", field.rows, field.estimates)] + (score.rows > 0 ? [rest] : []), isHeadline: true
        )
    }

    private func table(_ comparison: PairedComparison) -> Document.Table {
        Document.Table(
            caption: "\(modelName) and \(otherName ?? "the other") on the same \(comparison.rows) rows",
            columns: [.text("Measure"), "Value", "95 % interval"],
            rows: [
                ["Accuracy of \(modelName)", OutputFormat.figure(comparison.accuracy), OutputFormat.nothing],
                [
                    "Accuracy of \(otherName ?? "the other")", OutputFormat.figure(comparison.otherAccuracy),
                    OutputFormat.nothing,
                ],
                [
                    "Difference (paired bootstrap)", OutputFormat.figure(comparison.difference.value),
                    OutputFormat.interval(comparison.difference),
                ],
                ["Rows only \(modelName) has right", "\(comparison.onlyFirst)", OutputFormat.nothing],
                ["Rows only the other has right", "\(comparison.onlySecond)", OutputFormat.nothing],
                ["McNemar, exact p", OutputFormat.pValue(comparison.exact), OutputFormat.nothing],
                ["McNemar, mid-p", OutputFormat.pValue(comparison.midP), OutputFormat.nothing],
            ], isHeadline: true)
    }

    private func table(_ gap: TimeGap) -> Document.Table {
        Document.Table(
            caption: "Trained on earlier rows and tested on later ones, against rows at random, as many; "
                + "gap \(OutputFormat.figure(gap.gap))",
            columns: [.text("Step"), "Training rows", "Test rows", "Accuracy in time", "Accuracy at random"],
            rows: gap.steps.enumerated().map { number, step in
                [
                    "\(number + 1)", "\(step.trainingRows)", "\(step.testRows)",
                    OutputFormat.figure(step.inTime),
                    OutputFormat.figure(step.atRandom),
                ]
            }, isHeadline: true)
    }

    private func learning(_ field: FieldReport) -> [Document.Block] {
        let points = field.learningCurve
        return [
            .plot(
                Document.Plot(
                    title: "Learning curve of \(field.name)",
                    x: .init(name: "training rows", around: points.map { Double($0.rows) }),
                    y: .init(name: "accuracy", low: 0, high: 1),
                    series: [
                        .init(
                            name: "accuracy", style: .dots,
                            points: points.map { (Double($0.rows), $0.estimates[.accuracy]?.value ?? 0) })
                    ])),
            .table(
                Document.Table(
                    caption: "Trained on part of the rows, documented settings",
                    columns: [.text("Training rows"), "Accuracy", "95 % interval", "Macro-F1"],
                    rows: points.map { point in
                        [
                            "\(point.rows)", OutputFormat.figure(point.estimates[.accuracy]?.value),
                            OutputFormat.interval(point.estimates[.accuracy]),
                            OutputFormat.figure(point.estimates[.macroF1]?.value),
                        ]
                    }, isHeadline: true)),
        ]
    }
}
