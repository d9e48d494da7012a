package import TriageData
package import TriageEngine
package import TriageModel

/// Decisions as rows of a spreadsheet: one a ticket, in order, also for a ticket that could not be read.
package struct DecisionSheet {
    private static let words = 5

    private let fields: [String]
    private let hasLabelSets: Bool

    package init(model: ModelBundle, hasLabelSets: Bool) {
        fields = model.heads.map(\.manifest.field)
        self.hasLabelSets = hasLabelSets
    }

    package var header: [UInt8] {
        let answers = fields.flatMap { field in
            [field, "\(field) probability", "\(field) level", "\(field) reason"]
                + (hasLabelSets ? ["\(field) label set"] : [])
        }
        let issue = ["article id", "article title", "known probability", "next action"]
        let rest = fields.map { "\($0) words" } + ["summary", "notes", "error"]
        return CSVWriter.header(["id"] + answers + issue + rest)
    }

    package func row(_ decision: Decision) -> [UInt8] {
        let article = decision.matches.first
        var cells: [CSVWriter.Cell] = [.text(decision.id)] + fields.flatMap { answer($0, in: decision) }
        cells += [
            .text(article?.id), .text(article?.title), .decimal(decision.knownProbability),
            .text(decision.nextAction),
        ]
        cells += fields.map { .text(words(for: $0, in: decision)) }
        return CSVWriter.row(cells + [.text(decision.summary), .text(decision.notes), .text(nil)])
    }

    /// The row of a ticket that could not be read.
    package func row(_ bad: BadRow) -> [UInt8] {
        let answers = fields.count * (hasLabelSets ? 6 : 5)
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

    private func words(for field: String, in decision: Decision) -> String {
        decision.words(for: field, DecisionSheet.words).joined(separator: ", ")
    }
}
