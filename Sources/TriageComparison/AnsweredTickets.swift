internal import TriageDrafts
internal import TriageEngine
internal import TriageLLM
internal import TriageModel

/// Recorded answers beside the engine's, by field, and what they took.
///
/// The engine decides again here, and floors are applied to the recorded labels: equal records, data and bundles give
/// equal figures.
struct AnsweredTickets {
    private(set) var fields: [PairedField]
    private(set) var calls: [ModelCall] = []

    /// Counts the answers of tickets that have one, in the data's order.
    ///
    /// - Throws: `LLMError.badRecord` when the record has none.
    init(
        _ rows: ArraySlice<LabelledTickets.Row>, _ answers: [Int: RecordedAnswer], _ names: [String],
        _ snapshot: Snapshot
    ) throws(LLMError) {
        fields = names.compactMap { name in
            snapshot.model.head(field: name).map { PairedField(name: name, labels: $0.labels.names) }
        }
        var scratch = DecisionScratch()
        for row in rows.sorted(by: { $0.place < $1.place }) {
            guard let answer = answers[row.place], answer.text == row.text else { continue }
            calls.append(ModelCall(answer))
            let text = snapshot.prepare(row.ticket)
            let engine = snapshot.decide(text, &scratch)
            let mode =
                answer.labels.isEmpty ? engine : snapshot.adopting(answer.labels, in: engine, of: text)
            for place in fields.indices { add(row, answer, engine, mode, to: place) }
        }
        guard !calls.isEmpty else {
            throw LLMError.badRecord(
                path: "the record", problem: "it has no answer for these tickets; record some first")
        }
    }

    private mutating func add(
        _ row: LabelledTickets.Row, _ answer: RecordedAnswer, _ engine: Decision, _ mode: Decision,
        to place: Int
    ) {
        let name = fields[place].name
        func label(_ text: String?) -> Int? { text.flatMap { fields[place].labels.firstIndex(of: $0) } }
        let chosen = label(answer.labels[name])
        fields[place].invalid += answer.invalid[name, default: 0]
        fields[place].asked += answer.invalid[name, default: 0] + (chosen == nil ? 0 : 1)
        guard let gold = row.gold[place] else {
            fields[place].unlabelled += 1
            return
        }
        guard gold != LabelledTickets.unknown else {
            fields[place].unknown += 1
            return
        }
        guard let prediction = engine.predictions.first(where: { $0.field == name }),
            let own = label(prediction.label),
            let final = label(mode.predictions.first { $0.field == name }?.label)
        else { return }
        fields[place].answers.append(
            PairedField.Answer(
                row: row.place, gold: gold, engine: own, confidence: prediction.probability, chosen: chosen,
                mode: final, hasFailed: answer.failure != nil))
    }
}

extension ModelCall {
    fileprivate init(_ answer: RecordedAnswer) {
        self.init(
            engineSeconds: Double(answer.engineMicroseconds) / 1_000_000,
            modelSeconds: Double(answer.modelMicroseconds) / 1_000_000, replies: answer.replies,
            repeated: answer.repeated, retries: answer.retries, failure: answer.failure,
            inputTokens: answer.usage.input, outputTokens: answer.usage.output,
            isEstimated: answer.usage.isEstimated)
    }
}
