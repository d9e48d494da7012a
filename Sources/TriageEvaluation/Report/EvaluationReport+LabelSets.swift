extension EvaluationReport {
    /// How label sets did, over all rows and label by label.
    func labelSets(_ field: FieldReport) -> [Document.Block] {
        guard let sets = field.labelSets else { return [] }
        let all = Document.Table(
            caption:
                "Label sets asked to hold the right label in \(OutputFormat.percent(labelSetCoverage)) of rows",
            columns: [.text("Measure"), "Value", "95 % interval"],
            rows: [
                [
                    "Share of sets with the right label", OutputFormat.figure(sets.coverage.value),
                    OutputFormat.interval(sets.coverage),
                ],
                ["Labels in a set, on average", OutputFormat.figure(sets.meanSize), OutputFormat.nothing],
                [
                    "Share of sets of one label", OutputFormat.figure(sets.single.value),
                    OutputFormat.interval(sets.single),
                ],
            ], isHeadline: true)
        guard !sets.labels.isEmpty else { return [.table(all)] }
        let byLabel = Document.Table(
            caption: "Label sets by gold label, of those with \(LabelSetScore.fewestRows) rows or more",
            columns: [.text("Label"), "Rows", "With the right label", "95 % interval", "Labels in a set"],
            rows: sets.labels.map { score in
                [
                    score.label, "\(score.rows)", OutputFormat.figure(score.coverage.value),
                    OutputFormat.interval(score.coverage), OutputFormat.figure(score.meanSize),
                ]
            }, isLong: sets.labels.count > 25)
        return [.table(all), .table(byLabel)]
    }
}
