package import TriageEngine
package import TriageModel

/// Decisions as a table that fits the screen, from 80 columns on; a narrow one leaves the summary out.
package struct DecisionTable {
    private static let minimumWidth = 80
    private static let idWidth = 8
    private static let fieldWidths = [17, 14]
    private static let levelWidth = 8
    private static let maximumIssueWidth = 34
    private static let minimumSummaryWidth = 20

    /// At most two: the fields with a role, the category's first, then others in the bundle's order.
    private let fields: [String]
    /// The last is the summary's when there is room for one.
    private let widths: [Int]

    package init(width: Int, model: ModelBundle) {
        let filled = ["category", "severity"].compactMap { model.head(role: $0)?.manifest.field }
        let others = model.heads.map(\.manifest.field).filter { !filled.contains($0) }
        fields = Array((filled + others).prefix(DecisionTable.fieldWidths.count))
        let fixed =
            [DecisionTable.idWidth] + DecisionTable.fieldWidths.prefix(fields.count)
            + [DecisionTable.levelWidth]
        let rest = max(width, DecisionTable.minimumWidth) - fixed.reduce(0) { $0 + $1 + 1 }
        let summary = rest - DecisionTable.maximumIssueWidth - 1
        widths =
            fixed + [min(rest, DecisionTable.maximumIssueWidth)]
            + (summary >= DecisionTable.minimumSummaryWidth ? [summary] : [])
    }

    package var header: [UInt8] {
        row(["ID"] + fields.map { $0.uppercased() } + ["LEVEL", "KNOWN ISSUE", "SUMMARY"])
    }

    package func line(_ decision: Decision) -> [UInt8] {
        let answers = zip(fields, DecisionTable.fieldWidths).map { answer($0, in: decision, width: $1) }
        let level = decision.predictions.map(\.level).min() ?? .review
        let match = decision.matches.first.map { "\($0.id) \($0.title)" } ?? "–"
        return row([decision.id ?? "–"] + answers + [level.rawValue, match, summary(of: decision)])
    }

    /// A field's label with the model's probability; a severity that a floor raised is not the model's.
    private func answer(_ field: String, in decision: Decision, width: Int) -> String {
        guard let prediction = decision.predictions.first(where: { $0.field == field }) else { return "–" }
        if prediction.decided != prediction.label { return raised(decision, width) }
        let percentage = " \(Int((prediction.probability * 100).rounded()))%"
        return prediction.label.fitted(to: width - percentage.count) + percentage
    }

    /// The severity that a floor gives comes before the summary where the bundle has no such field.
    private func summary(of decision: Decision) -> String {
        guard decision.prediction(role: "severity") == nil, decision.severity != Decision.defaultSeverity
        else {
            return decision.summary
        }
        return "\(raised(decision, DecisionTable.fieldWidths[1])) \(decision.summary)"
    }

    private func raised(_ decision: Decision, _ width: Int) -> String {
        decision.severity.fitted(to: width - 2) + " ↑"
    }

    private func row(_ cells: [String]) -> [UInt8] {
        var fitted = zip(cells, widths).map { $0.fitted(to: $1).padded(to: $1) }
        // Nothing follows the last cell.
        fitted[fitted.count - 1] = cells[widths.count - 1].fitted(to: widths[widths.count - 1])
        return Array((fitted.joined(separator: " ") + "\n").utf8)
    }
}
