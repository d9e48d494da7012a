internal import TriageDrafts
internal import TriageData

/// The bytes of the chat-completions protocol, both ways; nothing in an answer is trusted.
enum ChatCodec {
    static func body(_ request: ChatRequest, model: String, isStream: Bool, withSchema: Bool) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.string("model", model)
            json.array("messages", request.messages) { json, message in
                json.object { json in
                    json.string("role", message.role.rawValue)
                    json.string("content", message.content)
                }
            }
            json.number("temperature", request.temperature)
            json.integer("seed", request.seed)
            json.integer("max_tokens", request.maximumTokens)
            json.bool("stream", isStream)
            if isStream {
                json.object("stream_options") { json in
                    json.bool("include_usage", true)
                }
            }
            if withSchema, let schema = request.schema { write(schema, to: &json) }
        }
        return json.bytes
    }

    private static func write(_ schema: ChatRequest.Schema, to json: inout JSONWriter) {
        json.object("response_format") { json in
            json.string("type", "json_schema")
            json.object("json_schema") { json in
                json.string("name", schema.name)
                json.bool("strict", true)
                json.value("schema", schema.schema)
            }
        }
    }

    /// The parts of an answer that have arrived.
    struct Answer {
        var text = ""
        var model: String?
        var finishReason: String?
        var usage: TokenUsage?
    }

    static func answer(_ bytes: [UInt8]) throws(LLMError) -> Answer {
        let value = try object(bytes)
        let choice = try firstChoice(value)
        guard let message = choice["message"] else { throw .badAnswer(problem: "a choice without a message") }
        var answer = Answer()
        try note(value, choice, in: &answer)
        try answer.text = text(of: message) ?? ""
        try check(answer)
        return answer
    }

    /// Adds one event of a streamed answer; the result is the text it brings.
    static func add(event bytes: [UInt8], to answer: inout Answer) throws(LLMError) -> String? {
        let value = try object(bytes)
        // The last event of some servers has the usage and no choice.
        if let choices = value["choices"]?.elements, choices.isEmpty, value["usage"] != nil {
            answer.usage = usage(value) ?? answer.usage
            return nil
        }
        let choice = try firstChoice(value)
        try note(value, choice, in: &answer)
        guard let delta = choice["delta"], let piece = try text(of: delta) else { return nil }
        answer.text += piece
        return piece
    }

    /// A stream must have said why it ended, and something before.
    static func check(_ answer: Answer) throws(LLMError) {
        if answer.finishReason == "tool_calls" || answer.finishReason == "function_call" {
            throw .badAnswer(problem: "a tool call, and no tool is offered")
        }
        guard answer.text.contains(where: { !$0.isWhitespace }) else {
            throw .badAnswer(problem: "an empty message")
        }
    }

    private static func object(_ bytes: [UInt8]) throws(LLMError) -> JSONValue {
        guard let value = JSONValue(parsing: bytes) else {
            throw .badAnswer(problem: "something that is not JSON")
        }
        guard case .object = value else { throw .badAnswer(problem: "JSON that is not an object") }
        if let error = value["error"], error != .null {
            throw .badAnswer(problem: "an error in place of an answer")
        }
        return value
    }

    private static func firstChoice(_ value: JSONValue) throws(LLMError) -> JSONValue {
        guard let choice = value["choices"]?.elements?.first else { throw .badAnswer(problem: "no choices") }
        return choice
    }

    private static func note(
        _ value: JSONValue, _ choice: JSONValue, in answer: inout Answer
    ) throws(LLMError) {
        if case .string(let model)? = value["model"] { answer.model = String(model.prefix(100)) }
        if case .string(let reason)? = choice["finish_reason"] {
            answer.finishReason = String(reason.prefix(40))
        }
        answer.usage = usage(value) ?? answer.usage
    }

    /// The text of a message or of a piece of one; tool calls are refused, whatever else stands beside them.
    private static func text(of message: JSONValue) throws(LLMError) -> String? {
        for name in ["tool_calls", "function_call"] {
            guard let call = message[name], call != .null, call != .array([]) else { continue }
            throw .badAnswer(problem: "a tool call, and no tool is offered")
        }
        switch message["content"] {
        case .string(let text): return text
        case nil, .null: return nil
        default: throw .badAnswer(problem: "a message that is not text")
        }
    }

    private static func usage(_ value: JSONValue) -> TokenUsage? {
        guard case .integer(let input)? = value["usage"]?["prompt_tokens"],
            case .integer(let output)? = value["usage"]?["completion_tokens"],
            (0...100_000_000).contains(input), (0...100_000_000).contains(output)
        else { return nil }
        return TokenUsage(input: Int(input), output: Int(output))
    }
}
