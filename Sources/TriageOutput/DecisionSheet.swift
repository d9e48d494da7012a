package import TriageData
package import TriageEngine
package import TriageModel

/// Decisions as rows of a spreadsheet: one a ticket, in order, also for a ticket that could not be read.
package struct DecisionSheet {
    private static let words = 5

    private let fields: [String]
    /// The columns of each field's path, one a depth; empty without a tree.
    private let depths: [[String]]
    private let hasLabelSets: Bool

    package init(model: ModelBundle, hasLabelSets: Bool) {
        fields = model.heads.map(\.manifest.field)
        depths = model.heads.map { head in
            guard let tree = head.tree else { return [] }
            return (0..<tree.depth).map { depth in
                let columns = head.manifest.tree?.columns ?? []
                let name = columns.indices.contains(depth) ? " (\(columns[depth]))" : ""
                return "\(head.manifest.field) depth \(depth + 1)\(name)"
            }
        }
        self.hasLabelSets = hasLabelSets
    }

    package var header: [UInt8] {
        let answers = zip(fields, depths).flatMap { field, depths in
            [field, "\(field) probability", "\(field) level", "\(field) reason"]
                + (hasLabelSets ? ["\(field) label set"] : []) + depths.flatMap { [$0, "\($0) probability"] }
        }
        let issue = ["article id", "article title", "known probability", "next action"]
        let rest = fields.map { "\($0) words" } + ["summary", "notes", "error"]
        return CSVWriter.header(["id"] + answers + issue + rest)
    }

    package func row(_ decision: Decision) -> [UInt8] {
        let article = decision.matches.first
        var cells: [CSVWriter.Cell] =
            [.text(decision.id)]
            + zip(fields, depths).flatMap { answer($0, in: decision) + path($0, $1.count, in: decision) }
        cells += [
            .text(article?.id), .text(article?.title), .decimal(decision.knownProbability),
            .text(decision.nextAction),
        ]
        cells += fields.map { .text(words(for: $0, in: decision)) }
        return CSVWriter.row(cells + [.text(decision.summary), .text(decision.notes), .text(nil)])
    }

    /// The row of a ticket that could not be read.
    package func row(_ bad: BadRow) -> [UInt8] {
        let answers = fields.count * (hasLabelSets ? 6 : 5) + 2 * depths.joined().count
        let empty = [CSVWriter.Cell](repeating: .text(nil), count: answers + 6)
        return CSVWriter.row([.text(bad.id)] + empty + [.text("line \(bad.line): \(bad.message)")])
    }

    /// A field's label, probability, level and reasons; the probability is the model's, and empty for a severity that a
    /// safety floor raised.
    private func answer(_ field: String, in decision: Decision) -> [CSVWriter.Cell] {
        guard let prediction = decision.predictions.first(where: { $0.field == field }) else {
            return [CSVWriter.Cell](repeating: .text(nil), count: hasLabelSets ? 5 : 4)
        }
        let isModels = prediction.decided == prediction.label
        let cells: [CSVWriter.Cell] = [
            .text(prediction.decided), .decimal(isModels ? prediction.probability : nil),
            .text(prediction.level.rawValue),
            .text(prediction.reasons.map(\.sentence).joined(separator: " ")),
        ]
        return cells + (hasLabelSets ? [.text(prediction.labelSet?.joined(separator: "; "))] : [])
    }

    /// The steps of a field's path that are sure, each with its probability.
    private func path(_ field: String, _ depths: Int, in decision: Decision) -> [CSVWriter.Cell] {
        guard depths > 0 else { return [] }
        let prediction = decision.predictions.first { $0.field == field }
        let steps = (prediction?.path ?? []).prefix(prediction?.depth ?? 0)
        let cells = steps.flatMap { [CSVWriter.Cell.text($0.name), .decimal($0.probability)] }
        return cells + [CSVWriter.Cell](repeating: .text(nil), count: 2 * depths - cells.count)
    }

    private func words(for field: String, in decision: Decision) -> String {
        decision.words(for: field, DecisionSheet.words).joined(separator: ", ")
    }
}
