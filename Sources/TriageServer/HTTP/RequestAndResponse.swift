internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import TriageData
internal import TriageTickets

/// The state of one request.
struct ServiceContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The peer's address; nil for a socket without one.
    let address: SocketAddress?
    /// The key's owner; nil without a key.
    var caller: Caller? { didSet { callerBox.caller = caller } }
    /// What a form of the caller's session sends back; nil for a caller without a session.
    var formToken: String? { didSet { callerBox.formToken = formToken } }
    let callerBox = CallerBox()
    /// Why the request has no caller although keys are required.
    var credentialError: CredentialError?
    /// `X-Request-Id` of the answer, also in logs and errors.
    var requestID = ""

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        address = source.channel.remoteAddress
    }

    /// The path's `{id}`, percent-decoded.
    func identifier() throws -> String {
        let text = try parameters.require("id")
        return Hexadecimal.percentDecoded(text) ?? text
    }
}

extension Request {
    /// - Throws: `Problem` with status 415 when the body has a Content-Encoding.
    func checkCoding() throws(Problem) {
        guard let coding = headers[.contentEncoding], coding.lowercased() != "identity" else { return }
        throw Problem(
            .unsupportedMediaType, "content_encoding", "Send the body without Content-Encoding.",
            headers: [.acceptEncoding: "identity"])
    }

    /// The whole body, without a byte order mark.
    ///
    /// - Throws: `Problem` with status 413 when it has more than `limit` bytes.
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

    /// - Throws: `Problem` with the place of an error in the JSON, never the text there.
    func object(upTo limit: Int) async throws -> [String: JSONValue] {
        let bytes = try await bytes(upTo: limit)
        let value: JSONValue
        do throws(JSONError) { value = try JSONValue(reading: bytes) } catch {
            throw Problem.badJSON("is not JSON: \(error.problem)")
        }
        guard case .object(let fields) = value else {
            throw Problem.badJSON("is JSON but not an object; send {\"body\": \"…\"}.")
        }
        return fields
    }

    /// - Throws: `Problem` that names the wrong member.
    func value<Value>(_ type: WireType<Value>, upTo limit: Int) async throws -> Value {
        let fields = try await object(upTo: limit)
        do throws(WireError) { return try type.read(.object(fields)) } catch {
            throw Problem.invalid("The body does not fit: \(error.problem).")
        }
    }

    /// The body as a ticket: `id`, `subject`, `requester`, and `body`, `text` or `description`.
    func ticket(upTo limit: Int) async throws -> Ticket {
        let fields = try await object(upTo: limit)
        let row = InputRow(line: 1, fields: fields)
        guard !ColumnChoice.contract(in: row).text.isEmpty else {
            throw Problem(
                .unprocessableContent, "invalid_field",
                "The ticket has no text: send it as body, text or description, with a subject where there is one."
            )
        }
        do throws(BadRow) { return try row.ticket() } catch {
            throw Problem(
                .unprocessableContent, error.code.rawValue, "The ticket cannot be read: \(error.message)")
        }
    }

    /// A query parameter.
    func query(_ name: String) -> String? { uri.queryParameters[name[...]].map(String.init) }

    /// A Boolean query parameter.
    func flag(_ name: String) throws(Problem) -> Bool {
        switch query(name) {
        case nil, "false", "0": return false
        case "true", "1", "": return true
        default: throw .invalid("\(name) must be true or false.")
        }
    }

    /// An integer query parameter.
    func integer(_ name: String, in range: ClosedRange<Int>, default fallback: Int) throws(Problem) -> Int {
        guard let text = query(name) else { return fallback }
        guard let number = Int(text), range.contains(number) else {
            throw .invalid("\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }
}

extension Ticket {
    /// The body of a request, of which `Request.ticket` reads one of several names of the text.
    static let wire = WireType<Ticket>.object(
        "Ticket",
        "A ticket with at least one of subject, body, text and description. The body is the first of body, text and description that has content."
    ) { object in
        object.optional("id", words, "The caller's own id; the decision repeats it as text.") { .some($0.id) }
        object.optional("subject", words, "The subject line.") { $0.subject }
        object.optional("body", words, "The text.") { $0.body }
        object.optional("text", words, "Another name for body.") { _ in nil }
        object.optional("description", words, "Another name for body.") { _ in nil }
        object.optional(
            "requester", words,
            "Who wrote it, such as a mail address; the store keeps only a keyed hash, by which it can forget the person."
        ) { $0.requester.map { .some($0) } }
        object.requireOne(of: ["body", "text", "description", "subject"])
    }

    /// Any value that reads as text.
    private static let words = WireType<String?>(
        JSONSchema().with("type", .array(["string", "number", "boolean", "null"].map { .string($0) }))
    ) { $1.string($0) }
}

extension Response {
    init(_ json: JSONWriter, status: HTTPResponse.Status = .ok, type: String = "application/json") {
        self.init(bytes: json.bytes, status: status, type: type)
    }

    init<Value>(_ value: Value, as type: WireType<Value>, status: HTTPResponse.Status = .ok) {
        self.init(type.json(value), status: status)
    }

    init(bytes: some Collection<UInt8>, status: HTTPResponse.Status = .ok, type: String) {
        self.init(
            status: status,
            headers: [.contentType: type, .xContentTypeOptions: "nosniff"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}

extension HTTPField.Name {
    static let requestID = HTTPField.Name(known: "X-Request-Id")
    /// The decision's id in the store.
    static let decisionID = HTTPField.Name(known: "Triage-Decision-Id")
    /// Lets a client repeat a request (draft-ietf-httpapi-idempotency-key-header).
    static let idempotencyKey = HTTPField.Name(known: "Idempotency-Key")

    init(known name: String) {
        guard let field = HTTPField.Name(name) else { preconditionFailure("\(name) is not a header's name") }
        self = field
    }
}
