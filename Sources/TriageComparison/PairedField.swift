internal import TriageEvaluation

/// The rows of one field with what the engine and a language model made of them.
package struct PairedField: Sendable {
    /// One row; labels are places in `labels`.
    package struct Answer: Sendable, Equatable {
        /// The row's place in the data.
        package var row: Int
        /// The label it has.
        package var gold: Int
        /// The engine's.
        package var engine: Int
        /// The engine's probability of its label.
        package var confidence: Float
        /// The label that the language model chose; nil when nothing usable came.
        package var chosen: Int?
        /// What LLM mode ends with: the model's label with safety floors applied, or the engine's without one.
        package var mode: Int
        /// Whether no answer came, because the server failed.
        package var hasFailed: Bool

        package init(
            row: Int, gold: Int, engine: Int, confidence: Float, chosen: Int?, mode: Int,
            hasFailed: Bool = false
        ) {
            (self.row, self.gold, self.engine) = (row, gold, engine)
            (self.confidence, self.chosen, self.mode) = (confidence, chosen, mode)
            self.hasFailed = hasFailed
        }

        /// How much better LLM mode is than the engine: −1, 0 or 1.
        var step: Int { (mode == gold ? 1 : 0) - (engine == gold ? 1 : 0) }
    }

    package let name: String
    /// The bundle's labels, in its order.
    package let labels: [String]
    package var answers: [Answer] = []
    /// Answers of the language model in this field, those to a second question among them.
    package var asked = 0
    /// Of these, answers that were no label.
    package var invalid = 0
    package var unlabelled = 0
    /// Rows with a label that the bundle does not have.
    package var unknown = 0

    package init(name: String, labels: [String]) {
        self.name = name
        self.labels = labels
    }

    /// Rows without a label of the model's in the end.
    var unanswered: Int { answers.count { $0.chosen == nil } }

    /// Of these, rows for which the server gave no answer.
    var failed: Int { answers.count { $0.chosen == nil && $0.hasFailed } }

    /// Rows whose answer has no label.
    var unlabelledAnswers: Int { unanswered - failed }

    static let noAnswer = "(no answer)"

    /// The engine's answers as a table that metrics are computed from.
    var engineField: ScoredField { scored { $0.engine } }

    /// The answers of LLM mode.
    var modeField: ScoredField { scored { $0.mode } }

    /// The model's own answers; none counts as one more label, which is always wrong.
    var chosenField: ScoredField {
        scored(unanswered > 0 ? [PairedField.noAnswer] : []) { $0.chosen ?? labels.count }
    }

    /// The model's own answers to the rows that it gave a label.
    var answeredField: ScoredField {
        var field = ScoredField(name: name, labels: labels)
        for answer in answers {
            if let chosen = answer.chosen { add(answer, gold: answer.gold, predicted: chosen, to: &field) }
        }
        return field
    }

    /// The answers of LLM mode beside the engine's, which stand in gold's place.
    var agreement: ScoredField {
        var field = ScoredField(name: name, labels: labels)
        for answer in answers { add(answer, gold: answer.engine, predicted: answer.mode, to: &field) }
        return field
    }

    private func scored(_ further: [String] = [], _ predicted: (Answer) -> Int) -> ScoredField {
        var field = ScoredField(name: name, labels: labels + further)
        for answer in answers { add(answer, gold: answer.gold, predicted: predicted(answer), to: &field) }
        return field
    }

    private func add(_ answer: Answer, gold: Int, predicted: Int, to field: inout ScoredField) {
        var probabilities = [Float](repeating: 0, count: field.labels.count)
        probabilities[predicted] = 1
        field.add(row: answer.row, gold: labels[gold], probabilities: probabilities)
    }
}
