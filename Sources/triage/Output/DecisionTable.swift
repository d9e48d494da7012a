import TriageEngine

/// Decisions as a table that fits the screen, from 80 columns on; a narrow one leaves the summary out.
struct DecisionTable {
    private static let narrowest = 80
    /// ID, category, severity and level.
    private static let fixed = [8, 17, 14, 8]
    private static let widestIssue = 34
    private static let leastSummary = 20

    private let issueWidth: Int
    /// Nil when there is no room.
    private let summaryWidth: Int?

    init(width: Int) {
        let rest = max(width, DecisionTable.narrowest) - DecisionTable.fixed.reduce(0) { $0 + $1 + 1 }
        let summary = rest - DecisionTable.widestIssue - 1
        summaryWidth = summary >= DecisionTable.leastSummary ? summary : nil
        issueWidth = min(rest, DecisionTable.widestIssue)
    }

    var header: [UInt8] { row(["ID", "CATEGORY", "SEVERITY", "LEVEL", "KNOWN ISSUE", "SUMMARY"]) }

    func line(_ decision: Decision) -> [UInt8] {
        func answer(_ label: String, _ field: String) -> String {
            guard let prediction = decision.predictions.first(where: { $0.field == field }) else {
                return label
            }
            return
                "\(label) \(Int((prediction.probability * 100).rounded()))%\(prediction.label == label ? "" : " ↑")"
        }
        let level = decision.predictions.map(\.level).min() ?? .review
        let match = decision.matches.first.map { "\($0.id) \($0.title)" } ?? "–"
        return row([
            decision.id ?? "–", answer(decision.category, "category"), answer(decision.severity, "severity"),
            level.rawValue, match, decision.summary,
        ])
    }

    private func row(_ cells: [String]) -> [UInt8] {
        let widths = DecisionTable.fixed + [issueWidth] + (summaryWidth.map { [$0] } ?? [])
        var fitted = zip(cells, widths).map { $0.fitted(to: $1).padded(to: $1) }
        // Nothing follows the last cell.
        fitted[fitted.count - 1] = cells[widths.count - 1].fitted(to: widths[widths.count - 1])
        return Array((fitted.joined(separator: " ") + "\n").utf8)
    }
}
