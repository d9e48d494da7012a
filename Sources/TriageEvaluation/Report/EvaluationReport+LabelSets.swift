extension EvaluationReport {
    /// How label sets did, over all rows and label by label.
    func labelSets(_ field: FieldReport) -> [Document.Block] {
        guard let sets = field.labelSets else { return [] }
        let all = Document.Table(
            caption: "Label sets asked to hold the right label in \(Shown.percent(labelSetCoverage)) of rows",
            columns: [.text("Measure"), "Value", "95 % interval"],
            rows: [
                [
                    "Share of sets with the right label", Shown.figure(sets.coverage.value),
                    Shown.interval(sets.coverage),
                ],
                ["Labels in a set, on average", Shown.figure(sets.meanSize), Shown.nothing],
                [
                    "Share of sets of one label", Shown.figure(sets.single.value),
                    Shown.interval(sets.single),
                ],
            ], isHeadline: true)
        guard !sets.labels.isEmpty else { return [.table(all)] }
        let byLabel = Document.Table(
            caption: "Label sets by gold label, of those with \(LabelSetScore.fewestRows) rows or more",
            columns: [.text("Label"), "Rows", "With the right label", "95 % interval", "Labels in a set"],
            rows: sets.labels.map { score in
                [
                    score.label, "\(score.rows)", Shown.figure(score.coverage.value),
                    Shown.interval(score.coverage), Shown.figure(score.meanSize),
                ]
            }, isLong: sets.labels.count > 25)
        return [.table(all), .table(byLabel)]
    }
}
