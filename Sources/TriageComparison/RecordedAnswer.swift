internal import TriageData
package import TriageDrafts
internal import TriageEngine
internal import TriageLLM
internal import TriageModel
internal import TriageTickets

/// What a language model answered for one ticket, as it is kept; no text of the ticket is in it.
package struct RecordedAnswer: Sendable, Equatable {
    /// The ticket's place in the data.
    package var row: Int
    package var id: String?
    /// SHA-256 of the masked text.
    package var text: String
    /// The model's labels by field; all of them the bundle's.
    package var labels: [String: String]
    /// The values of a field in the model's answers, one entry an answer: labels as it spelt them; of anything else, the
    /// words that are neither in the ticket nor in a label; nil where an answer left the field out.
    package var said: [String: [String?]]
    /// How often an answer in a field was no label of the bundle.
    package var invalid: [String: Int]
    package var repeated: Int
    /// Requests sent again after a fault of the server.
    package var retries: Int
    package var replies: Int
    /// Why no answer came, as a short code; nil when one did.
    package var failure: String?
    package var usage: TokenUsage
    /// The time that the model took, waiting and failed tries included, in microseconds.
    package var modelMicroseconds: Int
    /// The time of the engine's decision, in microseconds.
    package var engineMicroseconds: Int

    init(
        _ decision: LLMDecision, to question: ComparisonRun.Question, labels known: [String],
        microseconds: Int
    ) {
        row = question.row
        id = question.ticket.id
        text = question.text
        labels = decision.labels
        invalid = decision.invalid
        repeated = decision.retries
        retries = decision.replies.reduce(0) { $0 + $1.retries }
        replies = decision.replies.count
        failure = decision.failure?.code
        usage = decision.usage
        modelMicroseconds = microseconds
        engineMicroseconds = question.engineMicroseconds
        let words = RedactedLabel(ticket: question.ticket, labels: known)
        said = [:]
        for field in Set(decision.labels.keys).union(decision.invalid.keys) {
            said[field] = decision.values(of: field).map { $0.map(words.shown) }
        }
    }

    // MARK: - A line

    func write(to json: inout JSONWriter) {
        json.object { json in
            json.integer("row", row)
            json.string("id", id)
            json.string("text", text)
            json.value("labels", .object(labels.mapValues(JSONValue.string)))
            json.value(
                "said", .object(said.mapValues { .array($0.map { $0.map(JSONValue.string) ?? .null }) }))
            json.value("invalid", .object(invalid.mapValues { .integer(Int64($0)) }))
            for (name, count) in [
                ("replies", replies), ("repeated", repeated), ("retries", retries),
                ("input_tokens", usage.input),
                ("output_tokens", usage.output), ("model_us", modelMicroseconds),
                ("engine_us", engineMicroseconds),
            ] {
                json.key(named: name)
                json.integer(count)
            }
            json.bool("tokens_estimated", usage.isEstimated)
            json.string("failure", failure)
        }
        json.newline()
    }

    /// Nil when the line is not an answer.
    init?(_ line: JSONValue) {
        func count(_ value: JSONValue?) -> Int? {
            guard case .integer(let number)? = value, number >= 0 else { return nil }
            return Int(number)
        }
        guard let row = count(line["row"]), let text = line["text"]?.text,
            let labels = line["labels"]?.members,
            let said = line["said"]?.members, let invalid = line["invalid"]?.members,
            let replies = count(line["replies"]), let repeated = count(line["repeated"]),
            let retries = count(line["retries"]), let input = count(line["input_tokens"]),
            let output = count(line["output_tokens"]), let model = count(line["model_us"]),
            let engine = count(line["engine_us"]), case .bool(let isEstimated)? = line["tokens_estimated"]
        else { return nil }
        self.row = row
        id = line["id"]?.text
        self.text = text
        self.labels = Dictionary(labels.compactMap { name, value in value.text.map { (name, $0) } }) { $1 }
        self.said = Dictionary(said.map { ($0.name, ($0.value.elements ?? []).map(\.text)) }) { $1 }
        self.invalid = Dictionary(invalid.compactMap { name, value in count(value).map { (name, $0) } }) {
            $1
        }
        (self.replies, self.repeated, self.retries) = (replies, repeated, retries)
        failure = line["failure"]?.text
        usage = TokenUsage(input: input, output: output, isEstimated: isEstimated)
        (modelMicroseconds, engineMicroseconds) = (model, engine)
    }
}

/// Shows what a model said in a label's place without anything that the ticket said.
private struct RedactedLabel {
    private let known: Set<String>
    private let secret: Set<String>

    private static let maximumLength = 60

    init(ticket: TicketText, labels: [String]) {
        known = Set(labels.map { $0.lowercased() })
        let text = [ticket.unmasked.subject, ticket.unmasked.body].map { String(decoding: $0, as: UTF8.self) }
        secret = Set(text.flatMap(RedactedLabel.words)).subtracting(labels.flatMap(RedactedLabel.words))
    }

    func shown(_ said: String) -> String {
        let said = said.trimmed
        guard !known.contains(said.lowercased()) else { return said }
        let words = said.prefix(400).split { $0.isWhitespace }.map { word in
            RedactedLabel.words(String(word)).contains(where: secret.contains) ? "…" : String(word)
        }
        return String(words.joined(separator: " ").prefix(RedactedLabel.maximumLength))
    }

    private static func words(_ text: String) -> [String] {
        text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }
}
