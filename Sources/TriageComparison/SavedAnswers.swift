internal import TriageData
internal import TriageLLM

/// The file of `scripts/answer_prompts.py`: the header of the prompts with the model's name, then a reply a line.
///
/// A line has `question` (the request's name), `response` (the server's body as text) or `failure` (a code), `seconds`
/// and `retries`. Of several lines for one question the last counts; what a crash cut off is left out.
struct SavedAnswers {
    let header: RecordHeader
    let replies: [String: SavedReply]

    private static let maximumBytes = 1 << 30

    /// Reads a file.
    ///
    /// - Throws: `LLMError.badRecord` with the line that is not such a line, `.data` when it cannot be read.
    init(_ path: String) throws(LLMError) {
        let bytes: [UInt8]
        do throws(DataError) { bytes = try FileInput.bytes(of: path, limit: SavedAnswers.maximumBytes) } catch
        {
            throw .data(error)
        }
        let end = bytes.lastIndex(of: 0x0A) ?? 0
        var lines = bytes[..<end].split(separator: 0x0A, omittingEmptySubsequences: false)[...]
        let first = lines.popFirst().flatMap { JSONValue(parsing: $0) }
        guard let first, let header = RecordHeader(first, of: .replies) else {
            throw SavedAnswers.problem(path, of: first)
        }
        var replies: [String: SavedReply] = [:]
        for (place, line) in lines.enumerated() where !line.isEmpty {
            guard let value = JSONValue(parsing: line), let (name, reply) = SavedAnswers.reply(value) else {
                throw .badRecord(
                    path: path,
                    problem:
                        "line \(place + 2) is not an answer as scripts/answer_prompts.py writes it; take it away"
                )
            }
            replies[name] = reply
        }
        (self.header, self.replies) = (header, replies)
    }

    private static func problem(_ path: String, of first: JSONValue?) -> LLMError {
        let problem =
            if let first, RecordHeader(first, of: .prompts) != nil {
                "these are prompts without answers; let scripts/answer_prompts.py answer them, and give its output"
            } else if let first, RecordHeader(first) != nil {
                "these answers were recorded here; count them with --replay"
            } else {
                "line 1 is not the header that scripts/answer_prompts.py writes; give the file that it wrote"
            }
        return .badRecord(path: path, problem: problem)
    }

    private static func reply(_ line: JSONValue) -> (String, SavedReply)? {
        guard case .string(let name)? = line["question"], let seconds = line["seconds"]?.double,
            (0...1e9).contains(seconds), case .integer(let retries)? = line["retries"],
            (0...1_000_000).contains(retries)
        else { return nil }
        func saved(_ result: Result<[UInt8], LLMError>) -> (String, SavedReply) {
            (name, SavedReply(result, seconds: seconds, retries: Int(retries)))
        }
        if case .string(let body)? = line["response"] { return saved(.success(Array(body.utf8))) }
        guard case .string(let code)? = line["failure"], let error = LLMError(savedCode: code) else {
            return nil
        }
        return saved(.failure(error))
    }
}

extension LLMError {
    /// The failures that a reply may have, by their codes.
    fileprivate init?(savedCode code: String) {
        switch code {
        case "timeout": self = .timedOut(seconds: 0)
        case "bad_answer": self = .badAnswer(problem: "something that is not text")
        case "too_large": self = .tooLarge(limit: 0)
        case "redirected": self = .redirected
        default:
            guard code.hasPrefix("http_"), let status = Int(code.dropFirst(5)), (100...599).contains(status)
            else { return nil }
            self = .badStatus(status)
        }
    }
}
