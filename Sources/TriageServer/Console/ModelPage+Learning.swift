internal import TriageModel
internal import TriagePages

/// The learning curve of a field: what more labelled rows have brought.
extension ModelPage {
    private func head(_ field: String) -> ModelManifest.Head? { manifest.heads.first { $0.field == field } }

    func hasTags(_ field: String) -> Bool { head(field)?.tags != nil }

    func learning(_ field: ModelDesk.Field, _ words: ConsoleWords) -> HTML {
        guard !hasTags(field.name) else { return "" }
        guard let steps = head(field.name)?.learningCurve, steps.count > 1 else {
            return .tag("p", ["class": "quiet"], HTML(words.noLearningCurve))
        }
        let (half, whole) = (steps[steps.count - 2], steps[steps.count - 1])
        let name = "\(words.learningCurve): \(field.name)"
        let floor = (steps.map(\.accuracy).min() ?? 0) >= 0.5 ? 0.5 : 0
        let plot = Plot(
            title: name,
            x: .init(name: words.trainingRows, around: steps.map { Double($0.rows) }),
            y: .init(name: words.rightShare, low: floor, high: 1),
            series: [
                .init(
                    name: words.rightShare, style: .dots, points: steps.map { (Double($0.rows), $0.accuracy) }
                )
            ])
        let table = HTMLTable(
            caption: words.learningCaption(whole.measured),
            [
                .init(words.trainingRows, isNumber: true), .init(words.rightShare, isNumber: true),
                .init(words.interval, isNumber: true),
            ],
            steps.map { step in
                let interval = step.interval
                return [
                    "\(step.rows)", HTML(words.share(step.accuracy)),
                    "\(words.share(interval.lowerBound)) – \(words.share(interval.upperBound))",
                ]
            }, style: nil)
        return HTML([
            ConsoleChart.lines(plot, id: "learning-\(field.name)", words),
            .p(HTML(words.lastDoubling(half.rows, words.share(half.accuracy), words.share(whole.accuracy)))),
            ConsoleChart.folded(table, words),
        ])
    }
}
