import TriageEngine

/// Decisions as a table that fits the screen.
struct DecisionTable {
    /// At most two: the fields with a role, the category's first, then others in the bundle's order.
    private let fields: [String]
    private let severityField: String?
    private let summaryWidth: Int

    init(width: Int, model: ModelBundle) {
        let filled = ["category", "severity"].compactMap { model.head(role: $0)?.manifest.field }
        let others = model.heads.map(\.manifest.field).filter { !filled.contains($0) }
        fields = Array((filled + others).prefix(DecisionTable.fieldWidths.count))
        severityField = model.head(role: "severity")?.manifest.field
        let widths = [8, 8, 34] + DecisionTable.fieldWidths.prefix(fields.count)
        summaryWidth = max(20, width - widths.reduce(0) { $0 + $1 + 1 })
    }

    private static let fieldWidths = [17, 14]

    var header: [UInt8] {
        let names = columns("ID", fields.map { $0.uppercased() }, "LEVEL", "KNOWN ISSUE")
        return Array((names + "SUMMARY\n").utf8)
    }

    func line(_ decision: Decision) -> [UInt8] {
        let answers = zip(fields, DecisionTable.fieldWidths).map { answer($0, in: decision, width: $1) }
        let level = decision.predictions.map(\.level).min() ?? .review
        let match = decision.matches.first.map { "\($0.id) \($0.title)" } ?? "–"
        let head = columns(decision.id ?? "–", answers, level.rawValue, match)
        return Array((head + fit(summary(of: decision), summaryWidth) + "\n").utf8)
    }

    /// A field's label with the model's probability; a severity that a floor raised is not the model's.
    private func answer(_ field: String, in decision: Decision, width: Int) -> String {
        guard let prediction = decision.predictions.first(where: { $0.field == field }) else { return "–" }
        if field == severityField, decision.severity != prediction.label {
            return raised(decision, width)
        }
        return "\(prediction.label) \(Int((prediction.probability * 100).rounded()))%"
    }

    /// What a floor says of a bundle without a severity stands before the summary.
    private func summary(of decision: Decision) -> String {
        guard severityField == nil, decision.severity != Decision.defaultSeverity else {
            return decision.summary
        }
        return "\(raised(decision, summaryWidth / 2)) \(decision.summary)"
    }

    private func raised(_ decision: Decision, _ width: Int) -> String {
        fit(decision.severity, width - 2) + " ↑"
    }

    private func columns(_ id: String, _ answers: [String], _ level: String, _ match: String) -> String {
        let answers = zip(answers, DecisionTable.fieldWidths).map { ($0, $1) }
        return ([(id, 8)] + answers + [(level, 8), (match, 34)])
            .map { fit($0, $1).padded(to: $1) + " " }.joined()
    }

    /// As much as there is room for, with nothing in it that could steer the terminal.
    private func fit(_ text: String, _ width: Int) -> String {
        let head = text.unicodeScalars.prefix(8 * width).map { scalar in
            let isControl = scalar.properties.generalCategory == .control || scalar.properties.isBidiControl
            return isControl ? "\u{FFFD}" : Character(scalar)
        }
        let text = String(String.UnicodeScalarView(head.flatMap(\.unicodeScalars)))
        return text.count <= width ? text : text.prefix(width - 1) + "…"
    }
}

extension String {
    func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
