/// Puts an answer together from the bytes that arrive, whole or streamed.
struct AnswerReader {
    private let isStream: Bool
    private var body: [UInt8] = []
    private var events = ServerEvents()
    private var answer = ChatCodec.Answer()
    private var isDone = false

    init(isStream: Bool) { self.isStream = isStream }

    /// Takes bytes in; the result is the text that they complete, none when the answer is not streamed.
    mutating func take(_ bytes: [UInt8]) throws(LLMError) -> [String] {
        guard isStream else {
            body.append(contentsOf: bytes)
            return []
        }
        var pieces: [String] = []
        for event in events.take(bytes) {
            if let piece = try take(event: event) { pieces.append(piece) }
        }
        return pieces
    }

    /// The whole answer, and the last of a stream's text.
    mutating func finish() throws(LLMError) -> (answer: ChatCodec.Answer, rest: String?) {
        guard isStream else { return (try ChatCodec.answer(body), nil) }
        var rest: String?
        if let event = events.finish() { rest = try take(event: event) }
        guard isDone || answer.finishReason != nil else {
            throw .badAnswer(problem: "a stream that breaks off")
        }
        try ChatCodec.check(answer)
        return (answer, rest)
    }

    private mutating func take(event: [UInt8]) throws(LLMError) -> String? {
        guard !isDone else { return nil }
        guard event != Array("[DONE]".utf8) else {
            isDone = true
            return nil
        }
        let piece = try ChatCodec.add(event: event, to: &answer)
        return piece?.isEmpty ?? true ? nil : piece
    }
}
