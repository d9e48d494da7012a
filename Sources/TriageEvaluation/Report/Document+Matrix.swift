extension Document.Table {
    private static let mostLabels = 20

    /// A confusion matrix, tinted by the share of each row, at most twenty labels of it.
    package static func matrix(
        _ confusion: ConfusionMatrix, caption: String, means: String, corner: String
    ) -> Document.Table {
        let places = confusion.mostConfused(mostLabels)
        let part = places.count < confusion.scores.count
        let rows = places.map { gold in places.map { confusion[gold, $0] } }
        let tints = rows.map { counts in
            let sum = Double(max(counts.reduce(0, +), 1))
            return [0] + counts.map { Double($0) / sum }
        }
        return Document.Table(
            caption: caption + (part ? ": the \(places.count) labels with most mistakes" : "") + "; \(means)",
            columns: [.text(corner)] + places.map { Document.Column(confusion.labels[$0]) },
            rows: zip(places, rows).map { place, counts in
                [confusion.labels[place]] + counts.map { $0 == 0 ? "·" : "\($0)" }
            }, tints: tints)
    }
}
