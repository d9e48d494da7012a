internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import TriageData

extension Response {
    /// What a writer holds, as JSON.
    init(_ json: JSONWriter, status: HTTPResponse.Status = .ok, type: String = "application/json") {
        self.init(bytes: json.bytes, status: status, type: type)
    }

    /// A value, as its description writes it.
    init<Value>(_ value: Value, as type: WireType<Value>, status: HTTPResponse.Status = .ok) {
        self.init(type.json(value), status: status)
    }

    /// Bytes of a media type.
    init(bytes: some Collection<UInt8>, status: HTTPResponse.Status = .ok, type: String) {
        self.init(
            status: status,
            headers: [.contentType: type, .xContentTypeOptions: "nosniff"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}

extension HTTPField.Name {
    /// The id of a request, given by the caller or made here.
    static let requestID = HTTPField.Name(known: "X-Request-Id")
    /// The id under which the store has a decision.
    static let decisionID = HTTPField.Name(known: "Triage-Decision-Id")
    /// A name under which a request may be sent again without happening twice (IETF draft-ietf-httpapi-idempotency-key-header).
    static let idempotencyKey = HTTPField.Name(known: "Idempotency-Key")

    /// A name that is one by its spelling.
    init(known name: String) {
        guard let field = HTTPField.Name(name) else { preconditionFailure("\(name) is no header's name") }
        self = field
    }
}
