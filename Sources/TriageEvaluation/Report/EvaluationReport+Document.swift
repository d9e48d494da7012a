internal import TriagePages

extension EvaluationReport {
    /// The report as blocks in the order in which every format shows them.
    package func document() -> Document {
        var document = Document(title: "Evaluation of \(modelName)", blocks: opening())
        var sentences = [
            "\(rows.counted("labelled row")) of \(dataFiles.joined(separator: ", "))"
        ]
        if badRows > 0 { sentences.append("\(badRows) more could not be read") }
        if let seenRows, seenRows.seen == nil {
            sentences.append(
                "the model keeps no hashes of its training rows, so rows that it was trained on cannot be found"
            )
        }
        document.blocks.append(
            .text(
                sentences.joined(separator: "; ")
                    + ". \(identity) Intervals hold 95 % of "
                    + "\(Bootstrap.resamples(rows: rows)) bootstrap resamples of the rows; those of shares in small "
                    + "groups are Wilson's."))
        for field in fields {
            document.blocks.append(.heading(2, "Field \(field.name)"))
            document.blocks += headline(field) + tree(field)
            document.blocks += trust(field) + scope(field) + labelSets(field)
            document.blocks += comparisons(field)
            document.blocks += labels(field)
            document.blocks += buckets(field)
            document.blocks += confusions(field)
        }
        for field in tagFields { document.blocks += blocks(field) }
        document.blocks +=
            [.heading(2, "How the figures are made")] + EvaluationReport.notes.map { .text($0) }
        return document
    }

    /// What was measured.
    private var identity: String {
        modelSHA256.isEmpty
            ? "Each row was decided by a model that was trained without it."
            : "Model \(modelName) (SHA-256 \(modelSHA256.prefix(12))…)."
    }

    private static let notes = [
        "A gold label that the model does not know counts as wrong, also in calibration and coverage; log-loss and "
            + "Brier score, which need its probability, leave such rows out. Macro-F1 is the mean over gold and "
            + "predicted labels. Log-loss is natural, probabilities below 0.000001 count as that. The Brier score "
            + "is the sum over labels, 0 to 2.",
        "ECE: 15 bins of equal mass by the best label's probability, rows of equal probability together. Its band: "
            + "outcomes drawn 1000 times as if every probability were true (Bröcker and Smith, 2007). An ECE below "
            + "the upper end cannot be told from perfect calibration on so many rows. The bootstrap interval of an ECE "
            + "leans upward, since resampling adds to the noise in each bin.",
        "Every split of training rows keeps near-duplicates (MinHash, Jaccard about 0.6) on one side.",
    ]

    // MARK: - Headline

    private func headline(_ field: FieldReport) -> [Document.Block] {
        let isOrdinal = field.estimates[.absoluteError] != nil
        var rows = Metric.allCases.filter { isOrdinal || !$0.isOrdinal }.map { metric in
            let estimate = field.estimates[metric]
            let title = metric.title + (metric.needsKnownLabel ? knownRows(field) : "") + memoryMark
            return [title] + OutputFormat.cells(estimate)
        }
        rows.append(
            ["ECE of a perfectly calibrated model"] + OutputFormat.cells(field.reliability.expected))
        let counts =
            [
                field.rows.counted("row"), field.modelLabels.counted("label"),
            ] + (field.unlabelled > 0 ? ["\(field.unlabelled) more without a label left out"] : [])
        var blocks: [Document.Block] = [
            .table(.measures("\(field.name): \(counts.joined(separator: ", "))", rows))
        ]
        if let severityDecision, field.name == severityField {
            blocks.append(.text("By the playbook: \(severityDecision).", isHeadline: true))
        }
        blocks += calibration(field)
        if field.unknownRows > 0 {
            blocks.append(
                .text(
                    "\(field.unknownRows.counted("row")) with a label that the model does not know ("
                        + field.unknownLabels.joined(separator: ", ")
                        + ") count as wrong. Train on rows with these labels, or map them.",
                    isHeadline: true))
        }
        if field.rows < AutomationShare.minimumRows {
            blocks.append(
                .text(
                    "So few rows (\(field.rows)) say little: look at the intervals, and take one without width for "
                        + "chance, not for certainty.", isHeadline: true))
        }
        return blocks
    }

    /// How many rows a figure counts that leaves rows of unknown labels out; nothing when it counts all.
    func knownRows(_ field: FieldReport) -> String {
        field.unknownRows > 0 ? " of \((field.rows - field.unknownRows).counted("row"))" : ""
    }

    /// Whether the probabilities can be believed, in a sentence.
    private func calibration(_ field: FieldReport) -> [Document.Block] {
        guard let error = field.estimates[.calibrationError]?.value,
            let most = field.reliability.expected.high
        else { return [] }
        let comparison =
            error <= most
            ? "is within what chance gives a perfectly calibrated model"
            : "is more than chance gives a perfectly calibrated model"
        return [
            .text(
                "The calibration error of \(OutputFormat.figure(error)) \(comparison), up to \(OutputFormat.figure(most)).",
                isHeadline: true)
        ]
    }

    // MARK: - Trust

    private func trust(_ field: FieldReport) -> [Document.Block] {
        let curve = field.curve
        let points = curve.points.map { (x: curve.coverage($0), point: $0) }
        let bins = field.reliability.bins
        return [
            .heading(3, "How far answers can be trusted"),
            .table(bucketTable("Rows by level", "Level", field.levels, isHeadline: true)),
            .plot(
                Plot(
                    title: "Reliability of \(field.name): share right over probability",
                    x: .init(name: "mean probability of the best label", low: 0, high: 1),
                    y: .init(name: "share right", low: 0, high: 1),
                    series: [
                        .init(
                            name: "95 % band of a perfectly calibrated model",
                            style: .band(upper: bins.map(\.high)),
                            points: bins.map { ($0.meanConfidence, $0.low) }),
                        .init(name: "perfect", style: .reference, points: [(0, 0), (1, 1)]),
                        .init(
                            name: "this model", style: .dots,
                            points: bins.map { ($0.meanConfidence, $0.observed) }),
                    ])),
            .plot(
                Plot(
                    title: "Precision over coverage of \(field.name)",
                    x: .init(name: "share of rows answered, surest first", low: 0, high: 1),
                    y: .init(name: "precision", low: lowEdge(points.map(\.point.precision)), high: 1),
                    series: [
                        .init(
                            name: "precision", style: .line, points: points.map { ($0.x, $0.point.precision) }
                        )
                    ])),
            .plot(
                Plot(
                    title: "Risk over coverage of \(field.name)",
                    x: .init(name: "share of rows answered, surest first", low: 0, high: 1),
                    y: .init(name: "share wrong", low: 0, high: highEdge(points.map(\.point.risk))),
                    series: [.init(name: "risk", style: .line, points: points.map { ($0.x, $0.point.risk) })])
            ),
            .plot(costPlot(field, points)),
            .table(coverageTable(field)),
        ]
    }

    /// The highest of a few round numbers below all values, so that marks on the axis are round too.
    private func lowEdge(_ values: [Double]) -> Double {
        let least = values.min() ?? 0
        return [0.9, 0.8, 0.5].first { $0 <= least } ?? 0
    }

    /// The lowest of a few round numbers above all values.
    private func highEdge(_ values: [Double]) -> Double {
        let most = values.max() ?? 1
        return [0.1, 0.2, 0.5].first { $0 >= most } ?? 1
    }

    private func costPlot(
        _ field: FieldReport, _ points: [(x: Double, point: CoverageCurve.Point)]
    ) -> Plot {
        let saved = points.map { (x: $0.x, y: costs.saved($0.point, rows: field.curve.rows)) }
        return Plot(
            title: "Minutes saved in 100 tickets of \(field.name)",
            x: .init(name: "share of rows answered without review", low: 0, high: 1),
            y: .init(name: "minutes", around: saved.map(\.y)),
            series: [
                .init(name: "nothing saved", style: .reference, points: [(0, 0), (1, 0)]),
                .init(name: "minutes saved", style: .line, points: saved),
            ])
    }

    private func coverageTable(_ field: FieldReport) -> Document.Table {
        let shares = (1...10).map { Double($0) / 10 }
        let points = shares.compactMap { field.curve.point(covering: $0) }
        let distinct = points.indices.filter { $0 == 0 || points[$0] != points[$0 - 1] }.map { points[$0] }
        return Document.Table(
            caption:
                "Answering the surest rows only; \(OutputFormat.fixed(costs.reviewMinutes, 1)) minutes a ticket by hand, "
                + "\(OutputFormat.fixed(costs.errorMinutes, 1)) a wrong answer",
            columns: [
                .text("Coverage"), "Threshold", "Precision", "95 % interval", "Minutes saved in 100 tickets",
            ],
            rows: distinct.map { point in
                let precision = Proportion(part: point.correct, whole: point.covered).estimate
                return [
                    OutputFormat.percent(field.curve.coverage(point)),
                    OutputFormat.figure(Double(point.threshold), decimals: 4),
                    OutputFormat.figure(precision.value), OutputFormat.interval(precision),
                    OutputFormat.fixed(costs.saved(point, rows: field.curve.rows), 0),
                ]
            })
    }

    private func scope(_ field: FieldReport) -> [Document.Block] {
        guard let scope = field.scope else { return [] }
        var rows = [
            ("Area under the ROC curve", scope.area),
            ("Recall at the score that keeps 95 % of labelled rows", scope.recall),
            ("Decisions that say OUT_OF_SCOPE, rows outside", scope.rejectedOutside),
            ("Decisions that say OUT_OF_SCOPE, labelled rows", scope.rejectedInside),
        ]
        if let auto = scope.auto {
            rows += [
                ("Answers of level auto, of all rows", auto.coverage),
                ("Answers of level auto that are right, labelled rows alone", auto.precisionInside),
                ("Answers of level auto that are right, rows outside counted as wrong", auto.precision),
            ]
        }
        let caption =
            "\(scope.outside) rows that belong to none of the labels, beside \(scope.inside) labelled ones"
        return [.table(.measures(caption, rows.map { [$0.0] + OutputFormat.cells($0.1) }))]
    }

    // MARK: - Labels, buckets, confusions

    private func labels(_ field: FieldReport) -> [Document.Block] {
        let scores = field.confusion.scores
        let table = Document.Table(
            caption: "Labels of \(field.name)",
            columns: [.text("Label"), "Support", "Predicted", "Precision", "Recall", "F1"],
            rows: scores.map { score in
                [
                    score.label, "\(score.support)", "\(score.predicted)",
                ] + [score.precision, score.recall, score.f1].map { OutputFormat.figure($0) }
            }, isLong: scores.count > 25)
        return [
            .heading(3, "Label by label"), .table(table),
            .table(
                .matrix(
                    field.confusion, caption: "Confusion matrix of \(field.name)",
                    means: "a row for each gold label, a column for each predicted one",
                    corner: "gold ↓ predicted →")),
        ]
    }

    private func buckets(_ field: FieldReport) -> [Document.Block] {
        var blocks: [Document.Block] = [
            .heading(3, "Where it does well and where not"),
            .table(bucketTable("Rows by length", "Length", field.lengths)),
            .table(bucketTable("Rows by language", "Language", field.languages)),
        ]
        if let sourceColumn {
            blocks.append(.table(bucketTable("Rows by \(sourceColumn)", sourceColumn, field.sources)))
        }
        return blocks
    }

    private func bucketTable(
        _ caption: String, _ first: String, _ buckets: [Bucket], isHeadline: Bool = false
    ) -> Document.Table {
        Document.Table(
            caption: caption,
            columns: [.text(first), "Rows", "Accuracy", "95 % interval", "Mean probability"],
            rows: buckets.map { bucket in
                [bucket.name, "\(bucket.rows)"] + OutputFormat.cells(bucket.accuracy)
                    + [OutputFormat.figure(bucket.meanConfidence)]
            }, isHeadline: isHeadline)
    }

    private func confusions(_ field: FieldReport) -> [Document.Block] {
        let rows = zip(field.confusion.confusions, examples[field.name] ?? []).map { confusion, facts in
            [
                "\(field.confusion.labels[confusion.gold]) → \(field.confusion.labels[confusion.predicted])",
                "\(confusion.rows.count)",
                facts.map { fact in (fact.id.map { "\($0): " } ?? "") + fact.excerpt }.joined(
                    separator: "\n"),
            ]
        }
        guard !rows.isEmpty else { return [.text("No row was answered wrongly.")] }
        return [
            .heading(3, "Most frequent mistakes"),
            .table(
                Document.Table(
                    caption: "Gold → predicted, with up to three tickets each, identifiers masked",
                    columns: [.text("Mistake"), "Rows", .text("Tickets")], rows: rows)),
        ]
    }

    // MARK: - Comparisons and label sets

    /// What the model is compared with: baselines, duplicates, a second bundle, time, fewer rows.
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
                [name] + OutputFormat.cells(estimates[.accuracy])
                    + [estimates[.macroF1], estimates[.logLoss]].map { OutputFormat.figure($0?.value) } + [
                        how
                    ]
            }, isHeadline: true)
    }

    private func table(_ score: DuplicateScore, _ field: FieldReport) -> Document.Table {
        func row(_ name: String, _ rows: Int, _ estimates: [Metric: Estimate]) -> [String] {
            [name, "\(rows)"] + OutputFormat.cells(estimates[.accuracy])
                + [OutputFormat.figure(estimates[.macroF1]?.value)]
        }
        let rest = row("without them", field.rows - score.rows, score.without)
        return Document.Table(
            caption: "\(score.rows) of \(field.rows) rows have a near-duplicate in the training file",
            columns: [.text("Counted"), "Rows", "Accuracy", "95 % interval", "Macro-F1"],
            rows: [row("all", field.rows, field.estimates)] + (score.rows > 0 ? [rest] : []), isHeadline: true
        )
    }

    private func table(_ comparison: PairedComparison) -> Document.Table {
        let other = otherName ?? "the other"
        let automatic = comparison.automatic.map {
            [
                ("Level auto of \(modelName)", OutputFormat.percent($0.own)),
                ("Level auto of \(other)", OutputFormat.percent($0.other)),
            ]
        }
        let values =
            [
                ("Accuracy of \(modelName)", OutputFormat.figure(comparison.accuracy)),
                ("Accuracy of \(other)", OutputFormat.figure(comparison.otherAccuracy)),
                ("Difference (paired bootstrap)", OutputFormat.figure(comparison.difference.value)),
                ("Rows only \(modelName) has right", "\(comparison.onlyFirst)"),
                ("Rows only the other has right", "\(comparison.onlySecond)"),
                ("McNemar, exact p", OutputFormat.pValue(comparison.exact)),
                ("McNemar, mid-p", OutputFormat.pValue(comparison.midP)),
            ] + (automatic ?? [])
        var rows = values.map { [$0.0, $0.1, OutputFormat.nothing] }
        rows[2][2] = OutputFormat.interval(comparison.difference)
        return .measures("\(modelName) and \(other) on the same \(comparison.rows) rows", rows)
    }

    private func table(_ gap: TimeGap) -> Document.Table {
        Document.Table(
            caption: "Trained on earlier rows and tested on later ones, against rows at random, as many; "
                + "gap \(OutputFormat.figure(gap.gap))",
            columns: [.text("Step"), "Training rows", "Test rows", "Accuracy in time", "Accuracy at random"],
            rows: gap.steps.enumerated().map { number, step in
                ["\(number + 1)", "\(step.trainingRows)", "\(step.testRows)"]
                    + [step.inTime, step.atRandom].map { OutputFormat.figure($0) }
            }, isHeadline: true)
    }

    private func learning(_ field: FieldReport) -> [Document.Block] {
        let points = field.learningCurve
        return [
            .plot(
                Plot(
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
                        ["\(point.rows)"] + OutputFormat.cells(point.estimates[.accuracy])
                            + [OutputFormat.figure(point.estimates[.macroF1]?.value)]
                    }, isHeadline: true)),
        ] + [learningAdvice(field)].compactMap(\.self).map { .text($0, isHeadline: true) }
    }

    /// How label sets did, over all rows and label by label.
    func labelSets(_ field: FieldReport) -> [Document.Block] {
        guard let sets = field.labelSets else { return [] }
        let all = Document.Table.measures(
            "Label sets asked to hold the right label in \(OutputFormat.percent(labelSetCoverage)) of rows",
            [
                ["Share of sets with the right label"] + OutputFormat.cells(sets.coverage),
                ["Labels in a set, on average", OutputFormat.figure(sets.meanSize), OutputFormat.nothing],
                ["Share of sets of one label"] + OutputFormat.cells(sets.single),
            ])
        guard !sets.labels.isEmpty else { return [.table(all)] }
        let byLabel = Document.Table(
            caption: "Label sets by gold label, of those with \(LabelSetScore.minimumRows) rows or more",
            columns: [.text("Label"), "Rows", "With the right label", "95 % interval", "Labels in a set"],
            rows: sets.labels.map { score in
                [score.label, "\(score.rows)"] + OutputFormat.cells(score.coverage)
                    + [OutputFormat.figure(score.meanSize)]
            }, isLong: sets.labels.count > 25)
        return [.table(all), .table(byLabel)]
    }
}
