package import TriageEngine
package import TriageModel

/// Decisions as a table that fits the screen, from 80 columns on: each field with its own level.
///
/// Fields that do not fit beside the others are on lines of their own below the ticket; a narrow screen leaves the
/// summary out.
package struct DecisionTable {
    private static let minimumWidth = 80
    /// From here on, a part of the width goes to the id.
    private static let wideScreen = 120
    /// The least width of an id, and the most, which a wide screen gives.
    private static let idWidths = 10...20
    private static let firstFieldWidth = 17
    private static let fieldWidth = 14
    private static let levelWidth = 7
    private static let issueWidths = 20...34
    private static let minimumSummaryWidth = 20

    private let width: Int
    private let idWidth: Int
    /// The fields with a column, those with a role first, the category's before the severity's.
    private let fields: [String]
    /// The fields below.
    private let others: [String]
    /// Of all columns; the last is the summary's when there is room for one.
    private let widths: [Int]

    package init(width: Int, model: ModelBundle) {
        self.width = max(width, DecisionTable.minimumWidth)
        let extra = max(0, self.width - DecisionTable.wideScreen) / 4
        idWidth = min(DecisionTable.idWidths.lowerBound + extra, DecisionTable.idWidths.upperBound)
        let filled = ["category", "severity"].compactMap { model.head(role: $0)?.manifest.field }
        let all = filled + model.heads.map(\.manifest.field).filter { !filled.contains($0) }
        var fixed = [idWidth]
        var rest = self.width - idWidth - 1
        var count = 0
        while count < all.count {
            let own = [
                count == 0 ? DecisionTable.firstFieldWidth : DecisionTable.fieldWidth,
                DecisionTable.levelWidth,
            ]
            let left = rest - own.reduce(0) { $0 + $1 + 1 }
            guard left >= DecisionTable.issueWidths.lowerBound else { break }
            (rest, count) = (left, count + 1)
            fixed += own
        }
        (fields, others) = (Array(all.prefix(count)), Array(all.dropFirst(count)))
        let summary = rest - DecisionTable.issueWidths.upperBound - 1
        widths =
            fixed + [min(rest, DecisionTable.issueWidths.upperBound)]
            + (summary >= DecisionTable.minimumSummaryWidth ? [summary] : [])
    }

    package var header: [UInt8] {
        row(["ID"] + fields.flatMap { [$0.uppercased(), "LEVEL"] } + ["KNOWN ISSUE", "SUMMARY"])
    }

    /// The ticket's line, and those of the fields without a column.
    package func line(_ decision: Decision) -> [UInt8] {
        let answers = zip(
            fields, [DecisionTable.firstFieldWidth] + fields.map { _ in DecisionTable.fieldWidth }
        )
        .flatMap { [answer($0, in: decision, width: $1), level($0, in: decision)] }
        let match = decision.matches.first.map { "\($0.id) \($0.title)" } ?? "–"
        return row([id(decision.id ?? "–")] + answers + [match, summary(of: decision)]) + below(decision)
    }

    /// An id that is too long keeps its end, in which ids differ.
    private func id(_ id: String) -> String {
        guard id.columns > idWidth else { return id }
        var end = Substring(id)
        while "…\(end)".columns > idWidth { end.removeFirst() }
        return "…\(end)"
    }

    private func prediction(_ field: String, in decision: Decision) -> Decision.Prediction? {
        decision.predictions.first { $0.field == field }
    }

    private func level(_ field: String, in decision: Decision) -> String {
        prediction(field, in: decision)?.level.rawValue ?? "–"
    }

    /// A field's label with the model's probability; a severity that a floor raised is not the model's.
    private func answer(_ field: String, in decision: Decision, width: Int) -> String {
        guard let prediction = prediction(field, in: decision) else { return "–" }
        if prediction.decided != prediction.label { return raised(decision, width) }
        if let tags = prediction.tags {
            return (tags.isEmpty ? "no tag" : tags.map(\.label).joined(separator: ", ")).fitted(to: width)
        }
        let percentage = " \(Int((prediction.probability * 100).rounded()))%"
        let room = width - percentage.count
        // Of a long path its last part says more than its first ones.
        let step = prediction.path?.last { $0.label == prediction.label }
        let label =
            prediction.label.columns > room
            ? step.map { "…\($0.name)" } ?? prediction.label : prediction.label
        return label.fitted(to: room) + percentage
    }

    /// The fields without a column, as many on a line as fit.
    private func below(_ decision: Decision) -> [UInt8] {
        let indent = String(repeating: " ", count: idWidth + 1)
        var lines: [String] = []
        for field in others {
            let name = field.fitted(to: DecisionTable.fieldWidth)
            let answer = answer(field, in: decision, width: DecisionTable.firstFieldWidth)
            let part = "\(name): \(answer) \(level(field, in: decision))"
            let longer = (lines.last ?? indent) + " · " + part
            if lines.isEmpty || longer.columns > width {
                lines.append(indent + part)
            } else {
                lines[lines.count - 1] = longer
            }
        }
        return Array(lines.map { $0 + "\n" }.joined().utf8)
    }

    /// The severity that a floor gives comes before the summary where the bundle has no such field.
    private func summary(of decision: Decision) -> String {
        guard decision.prediction(role: "severity") == nil, decision.severity != Decision.defaultSeverity
        else {
            return decision.summary
        }
        return "\(raised(decision, DecisionTable.fieldWidth)) \(decision.summary)"
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
