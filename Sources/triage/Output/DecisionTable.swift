import TriageEngine

/// Decisions as a table that fits the screen.
struct DecisionTable {
    private let summaryWidth: Int

    init(width: Int) { summaryWidth = max(20, width - 86) }

    var header: [UInt8] {
        let names = columns("ID", "CATEGORY", "SEVERITY", "LEVEL", "KNOWN ISSUE")
        return Array((names + "SUMMARY\n").utf8)
    }

    mutating func line(_ decision: Decision) -> [UInt8] {
        func answer(_ label: String, _ field: String) -> String {
            guard let prediction = decision.predictions.first(where: { $0.field == field }) else {
                return label
            }
            return
                "\(label) \(Int((prediction.probability * 100).rounded()))%\(prediction.label == label ? "" : " ↑")"
        }
        let level = decision.predictions.map(\.level).min() ?? .review
        let match = decision.matches.first.map { "\($0.id) \($0.title)" } ?? "–"
        let head = columns(
            decision.id ?? "–", answer(decision.category, "category"), answer(decision.severity, "severity"),
            level.rawValue, match)
        return Array((head + fit(decision.summary, summaryWidth) + "\n").utf8)
    }

    private func columns(
        _ id: String, _ category: String, _ severity: String, _ level: String, _ match: String
    ) -> String {
        [(id, 8), (category, 17), (severity, 14), (level, 8), (match, 34)]
            .map { fit($0, $1).padded(to: $1) + " " }.joined()
    }

    /// As much as there is room for, with nothing in it that could steer the terminal.
    private func fit(_ text: String, _ width: Int) -> String {
        let text = Terminal.safe(String(String.UnicodeScalarView(text.unicodeScalars.prefix(8 * width))))
        return text.count <= width ? text : text.prefix(width - 1) + "…"
    }
}

extension String {
    func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
