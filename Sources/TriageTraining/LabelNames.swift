import TriageModel

/// The names of labels as texts: one more row for each label with few rows, where cross-validation prefers it.
///
/// "card_arrival" and "CardArrival" are read as "card arrival". Names add no feature: those that no ticket has are
/// ignored.
struct LabelNames: Sendable {
    /// The rows, labelled in one field each.
    private(set) var examples: [TrainingExample] = []
    /// For each field the row of the matrix that each label's name is, and its label.
    private(set) var rows: [[Row]]

    struct Row: Sendable {
        var row: Int
        var label: Int
    }

    /// A label with more rows than this needs no name.
    static let maximumRows = 20

    init(_ set: TrainingSet) {
        rows = Array(repeating: [], count: set.fields.count)
        for (field, labels) in set.labelSets.enumerated() where !set.hasTags[field] {
            var counts = [Int](repeating: 0, count: labels.count)
            for example in set.examples {
                if let label = example.labels[field] { counts[label] += 1 }
            }
            for (label, name) in labels.enumerated() where counts[label] <= LabelNames.maximumRows {
                let text = LabelNames.text(of: name)
                guard !text.isEmpty else { continue }
                rows[field].append(Row(row: set.examples.count + examples.count, label: label))
                examples.append(
                    TrainingExample(subject: [], body: Array(text.utf8), labels: [], origin: ""))
            }
        }
    }

    /// The words of a label, with spaces between them; empty when it has no letter.
    static func text(of label: String) -> String {
        var text = ""
        var isLower = false
        for character in label {
            guard character.isLetter || character.isNumber else {
                if !text.isEmpty, text.last != " " { text.append(" ") }
                isLower = false
                continue
            }
            if isLower, character.isUppercase { text.append(" ") }
            text.append(character)
            isLower = character.isLowercase
        }
        if text.last == " " { text.removeLast() }
        return text.contains(where: \.isLetter) ? text : ""
    }
}
