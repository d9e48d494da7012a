import ArgumentParser
import TriageData
import TriageTraining

extension TrainingSet {
    /// From so many labelled rows on, labels of which most are in one row alone are doubtful.
    private static let doubtfulRows = 10

    /// Questions label columns with nearly as many values as rows, which may be free text, a name or an id.
    ///
    /// - Throws: `ValidationError` for a column that is named like a ticket's id and whose values differ in each row.
    func questionLabels() throws {
        for (index, field) in fields.enumerated() {
            let rows = examples.count { $0.labels[index] != nil }
            let values = labelSets[index].count
            guard rows >= TrainingSet.doubtfulRows, values * 2 > rows else { continue }
            let counts = "column '\(field)' has \(values) values in \(rows) labelled rows"
            guard values < rows || KnownColumns.id.rank(field) == nil else {
                throw ValidationError("--label: \(counts), so it is an id; name a column with few values.")
            }
            Terminal.say(
                "triage: warning: \(counts): is it free text, a name or an id? A label needs several rows for each value"
            )
        }
    }
}
