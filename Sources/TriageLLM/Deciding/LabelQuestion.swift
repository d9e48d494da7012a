internal import TriageData
package import TriageEngine
package import TriageTickets

/// A request that a model on another machine is to answer: `LLMDecider` finds its answer by its name.
package struct LabelQuestion: Sendable, Equatable {
    /// The fields in question.
    package var fields: [String]
    /// The request's `fingerprint` without a model's name.
    package var name: String
    /// The body of a chat-completions request; its model has no name yet.
    package var body: [UInt8]

    fileprivate init(_ prompt: LabelPrompt, _ fields: [String], round: Int) {
        self.fields = fields
        let request = prompt.request(asking: fields, round: round, isReproducible: true)
        name = request.fingerprint(model: "")
        body = ChatCodec.body(request, model: "", isStream: false, withSchema: true)
    }
}

extension LLMDecider {
    /// The question about a ticket, and the one to ask after it for each set of fields that have no label then.
    package typealias Questions = (first: LabelQuestion, repeats: [LabelQuestion])

    /// Each further field doubles the second questions.
    package static let maximumFieldsOfQuestions = 4

    /// What the model would be asked about a ticket; nil where there is nothing to ask.
    package func questions(
        about text: TicketText, _ engine: Decision, with snapshot: Snapshot
    ) -> Questions? {
        let names = questionedFields(engine)
        guard !names.isEmpty else { return nil }
        let prompt = LabelPrompt(text, fields: names, snapshot, options)
        let sets = (1..<(1 << names.count)).map { set in
            names.indices.filter { set & 1 << $0 != 0 }.map { names[$0] }
        }
        return (
            LabelQuestion(prompt, prompt.fields.map(\.name), round: 0),
            sets.map { LabelQuestion(prompt, $0, round: 1) }
        )
    }
}
