internal import HTTPTypes
internal import Hummingbird
internal import TriageData

/// One operation of the service: where it is, who may ask for it, what goes in and comes out.
///
/// The router and the OpenAPI document are made from the same list, so neither can know an operation that the other
/// does not.
struct Operation: Sendable {
    typealias Handler = @Sendable (Request, ServiceContext) async throws -> Response

    var method: HTTPRequest.Method
    /// The path, as `/v1/tickets/{id}`.
    var path: String
    /// One line that says what it does.
    var summary: String
    /// What a key must allow; nil for everybody.
    var scope: Scope?
    var parameters: [Parameter] = []
    var body: Content?
    var answers: [Answer]
    /// Errors of the original service, `{"detail"}`, instead of problem documents.
    var keepsOriginalErrors = false
    /// A page for a browser, which asks its user for the key.
    var isPage = false
    /// Body and answer are streams of any length, which no time limits as long as they flow.
    var isStreamed = false
    var handler: Handler

    /// A parameter in the query or the path.
    struct Parameter: Sendable {
        var name: String
        var place = "query"
        var summary: String
        var schema: JSONSchema
        var isRequired = false
    }

    /// Bytes of a media type, and the JSON Schema they keep.
    struct Content: Sendable {
        var type = "application/json"
        var schema: JSONSchema
        /// An example, as JSON.
        var example: String?
        /// Whether there must be one.
        var isRequired = true
    }

    /// What may come back.
    struct Answer: Sendable {
        var status: HTTPResponse.Status
        var summary: String
        var content: Content?
        /// Another media type that it may have.
        var otherwise: Content?
    }
}

extension Operation.Parameter {
    static func path(_ name: String, _ summary: String) -> Self {
        Self(
            name: name, place: "path", summary: summary,
            schema: WireType<String>.text(minimumLength: 1).schema, isRequired: true)
    }

    static func flag(_ name: String, _ summary: String) -> Self {
        Self(name: name, summary: summary, schema: WireType<Bool>.flag.schema.with("default", .bool(false)))
    }

    static func integer(_ name: String, _ summary: String, _ range: ClosedRange<Int>, default fallback: Int)
        -> Self
    {
        Self(
            name: name, summary: summary,
            schema: WireType<Int>.integer(minimum: range.lowerBound, maximum: range.upperBound).schema
                .with("default", .integer(Int64(fallback))))
    }
}

extension Operation.Answer {
    /// 200 with one of the components.
    static func ok(_ schema: JSONSchema, _ summary: String) -> Self {
        Self(status: .ok, summary: summary, content: .init(schema: schema))
    }

    /// A problem document.
    static func problem(_ status: HTTPResponse.Status, _ summary: String) -> Self {
        Self(
            status: status, summary: summary,
            content: .init(type: "application/problem+json", schema: "Problem"))
    }

    /// What operations that use the store may answer.
    static let storeProblem = problem(
        .serviceUnavailable,
        "The store cannot be used at the moment; `Retry-After` gives the seconds to wait.")

    /// What every operation that reads a JSON body may answer.
    static let bodyProblems: [Self] = [
        .problem(.badRequest, "The body is not JSON."),
        .problem(.contentTooLarge, "The body is too large."),
        .problem(.unprocessableContent, "The body is JSON, but it does not fit the schema."),
    ]
}
