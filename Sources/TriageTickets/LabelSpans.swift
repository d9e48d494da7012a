/// Labels that begin or end at a date: their first or last row is far from that of all rows.
///
/// Such a label was another one before, or is not in use any more.
package struct LabelSpans {
    /// A label of which a part of the time has no row.
    package struct Span: Sendable, Equatable {
        package let label: Int
        /// What happens to it when, behind its name.
        package let words: String
    }

    /// By label, in the order of their numbers.
    package let found: [Span]

    private static let minimumRows = 20

    /// Rows with the number of their label and their time in ISO 8601, in any order.
    ///
    /// With fewer than 100 rows nothing is found.
    package init(_ rows: [(label: Int, time: String)]) {
        guard rows.count >= 5 * LabelSpans.minimumRows else {
            found = []
            return
        }
        let order = rows.sorted { ($0.time, $0.label) < ($1.time, $1.label) }
        var spans: [Int: (first: Int, last: Int, rows: Int)] = [:]
        for (place, row) in order.enumerated() {
            let span = spans[row.label] ?? (place, place, 0)
            spans[row.label] = (span.first, place, span.rows + 1)
        }
        // A label spread evenly leaves a third of the time free of its rows with a chance of (2/3)^20 = 0.03 %.
        let third = order.count / 3
        found = spans.keys.sorted().compactMap { label in
            guard let span = spans[label], span.rows >= LabelSpans.minimumRows else { return nil }
            if span.first > third {
                let day = order[span.first].time.prefix(10)
                return Span(label: label, words: "begins at \(day); was it another label before?")
            }
            guard span.last < order.count - third else { return nil }
            return Span(
                label: label, words: "ends at \(order[span.last].time.prefix(10)); is it still in use?")
        }
    }
}
