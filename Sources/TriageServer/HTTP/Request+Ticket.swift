internal import Hummingbird
internal import NIOCore
internal import TriageData
internal import TriageTickets

extension Request {
    /// - Throws: `Problem` with status 415 when the body is compressed or encoded in another way.
    func checkCoding() throws(Problem) {
        guard let coding = headers[.contentEncoding], coding.lowercased() != "identity" else { return }
        throw Problem(
            .unsupportedMediaType, "content_encoding", "Send the body as it is, without Content-Encoding.",
            headers: [.acceptEncoding: "identity"])
    }

    /// The whole body, without the byte order mark of UTF-8.
    ///
    /// - Throws: `Problem` with status 413 when it is larger than `limit` bytes, or is announced to be.
    func bytes(upTo limit: Int) async throws -> [UInt8] {
        try checkCoding()
        if let length = headers[.contentLength].flatMap({ Int($0) }), length > limit {
            throw Problem.tooLarge(limit: limit)
        }
        do {
            var buffer = try await body.collect(upTo: limit)
            let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
            if buffer.readableBytesView.starts(with: mark) { buffer.moveReaderIndex(forwardBy: mark.count) }
            return buffer.readBytes(length: buffer.readableBytes) ?? []
        } catch is NIOTooManyBytesError {
            throw Problem.tooLarge(limit: limit)
        }
    }

    /// The body as one JSON object.
    ///
    /// - Throws: `Problem` that says where the JSON goes wrong, never what stands there.
    func object(upTo limit: Int) async throws -> [String: JSONValue] {
        let bytes = try await bytes(upTo: limit)
        let value: JSONValue
        do throws(JSONError) { value = try JSONValue(reading: bytes) } catch {
            throw Problem.badJSON("is no JSON: \(error.problem)")
        }
        guard case .object(let fields) = value else {
            throw Problem.badJSON("is JSON, but no object; send {\"body\": \"…\"}.")
        }
        return fields
    }

    /// The body as a value of a type.
    ///
    /// - Throws: `Problem` that names the member which does not fit.
    func value<Value>(_ type: WireType<Value>, upTo limit: Int) async throws -> Value {
        let fields = try await object(upTo: limit)
        do throws(WireError) { return try type.read(.object(fields)) } catch {
            throw Problem.invalid("The body does not fit: \(error.problem).")
        }
    }

    /// The body as a ticket: `subject`, and `body`, `text` or `description`; `id` is echoed.
    func ticket(upTo limit: Int) async throws -> Ticket {
        let fields = try await object(upTo: limit)
        switch fields["id"] {
        case .array, .object:
            throw Problem(.unprocessableContent, "invalid_field", "The ticket's id is text or a number.")
        default: break
        }
        guard TextColumns().isThere(in: fields) else {
            throw Problem(
                .unprocessableContent, "invalid_field",
                "The ticket has no text: send it as body, text or description, with a subject where there is one."
            )
        }
        let row = Row(line: 1, fields: fields)
        do throws(BadRow) { return try TextColumns().ticket(in: row) } catch {
            throw Problem(
                .unprocessableContent, error.code.rawValue, "The ticket cannot be read: \(error.message)")
        }
    }

    /// A query parameter that is there once.
    func query(_ name: String) -> String? { uri.queryParameters[name[...]].map(String.init) }

    /// A query parameter that is a truth value.
    func flag(_ name: String) throws(Problem) -> Bool {
        switch query(name) {
        case nil, "false", "0": return false
        case "true", "1", "": return true
        default: throw .invalid("\(name) is true or false.")
        }
    }

    /// A query parameter that is a whole number in a range.
    func integer(_ name: String, in range: ClosedRange<Int>, default fallback: Int) throws(Problem) -> Int {
        guard let text = query(name) else { return fallback }
        guard let number = Int(text), range.contains(number) else {
            throw .invalid("\(name) is a whole number from \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }
}

extension Ticket {
    /// The body of a request, of which `Request.ticket` reads one of several names of the text.
    static let wire = WireType<Ticket>.object(
        "Ticket",
        "A ticket with at least one of subject, body, text and description. The body is body, else text, else description."
    ) { object in
        object.optional("id", words, "The caller's own id; the decision repeats it as text.") { .some($0.id) }
        object.optional("subject", words, "The subject line.") { $0.subject }
        object.optional("body", words, "The text.") { $0.body }
        object.optional("text", words, "Another name for body.") { _ in nil }
        object.optional("description", words, "Another name for body.") { _ in nil }
        object.requireOne(of: ["body", "text", "description", "subject"])
    }

    /// Any value that reads as text.
    private static let words = WireType<String?>(
        JSONSchema().with("type", .array(["string", "number", "boolean", "null"].map { .string($0) }))
    ) { $1.string($0) }
}
