internal import TriageData
internal import TriageTickets

/// Columns that give a label away: each of their values goes with one label.
enum ColumnLeaks {
    /// The share of rows in which a column alone gives the label, from which it is a warning.
    static let threshold = 0.99
    private static let minimumRows = 50

    /// Warnings about the labels of a file, a line each.
    static func warnings(in inspection: Inspection) -> [String] {
        var lines: [String] = []
        for name in inspection.choice.text where KnownColumns.isAnswer(name) {
            lines.append(
                "text column \"\(inspection.title(name))\" holds what is written after the decision; a model that reads it looks good "
                    + "and knows nothing of new tickets")
        }
        for label in inspection.labels {
            guard let profile = inspection.profile(label), !profile.rows.isEmpty else { continue }
            lines += dates(of: profile, inspection)
            for other in inspection.roles.values where other != label {
                guard let column = inspection.profile(other), column.looksLikeLabel, !column.rows.isEmpty,
                    let share = share(of: profile.rows, by: column.rows), share >= threshold
                else { continue }
                lines.append(
                    "column \"\(inspection.title(other))\" alone gives \"\(inspection.title(label))\" in \(percent(share)) of the rows: it is another "
                        + "name of it, or was filled in with it; keep it out of the text")
            }
        }
        return lines
    }

    /// Labels that begin or end at a date.
    private static func dates(of profile: ColumnProfile, _ inspection: Inspection) -> [String] {
        guard !profile.isList else { return [] }
        let rows = zip(profile.rows, inspection.times).compactMap { label, time in
            time.flatMap { label >= 0 ? (label: Int(label), time: $0) : nil }
        }
        let values = profile.values
        return LabelSpans(rows).found.map {
            "\(inspection.title(profile.name)): label \"\(inspection.title(values[$0.label]))\" \($0.words)"
        }
    }

    private static func percent(_ share: Double) -> String { "\((share * 1000).rounded(.down) / 10) %" }

    /// The share of rows whose label is the commonest of their column's value; nil for too few rows.
    ///
    /// A column with a value of its own for nearly each row proves nothing, nor does one whose commonest label is as good.
    static func share(of labels: [Int32], by column: [Int32]) -> Double? {
        var counts: [Int64: Int] = [:]
        var totals: [Int32: Int] = [:]
        var rows = 0
        for (label, value) in zip(labels, column) where label >= 0 && value >= 0 {
            counts[Int64(value) << 32 | Int64(label), default: 0] += 1
            totals[label, default: 0] += 1
            rows += 1
        }
        var best: [Int64: Int] = [:]
        for (key, count) in counts { best[key >> 32] = max(best[key >> 32] ?? 0, count) }
        guard rows >= minimumRows, totals.count > 1, best.count * 5 <= rows,
            let commonest = totals.values.max(), Double(commonest) < 0.95 * Double(rows)
        else { return nil }
        return Double(best.values.reduce(0, +)) / Double(rows)
    }
}
