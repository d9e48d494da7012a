internal import HTTPTypes
internal import Hummingbird
internal import TriageData

/// An operation of the service: path, access, request and answers.
///
/// Router and OpenAPI document are made from one list of operations, so they cannot differ.
struct Operation: Sendable {
    typealias Handler = @Sendable (Request, ServiceContext) async throws -> Response

    var method: HTTPRequest.Method
    /// Such as `/v1/tickets/{id}`.
    var path: String
    /// One line.
    var summary: String
    /// The scope a key needs; nil for none.
    var scope: Scope?
    /// A second scope that allows it too.
    var otherScope: Scope?
    var parameters: [Parameter] = []
    var body: Content?
    var answers: [Answer]
    /// Errors as `{"detail"}`, like the original service, instead of problem documents.
    var keepsOriginalErrors = false
    /// A page, for which a browser asks its user for the key.
    var isPage = false
    /// Body and answer are streams of any length, without a time limit as long as data flows.
    var isStreamed = false
    var handler: Handler

    /// A query or path parameter.
    struct Parameter: Sendable {
        var name: String
        var place = "query"
        var summary: String
        var schema: JSONSchema
        var isRequired = false
    }

    struct Content: Sendable {
        var type = "application/json"
        var schema: JSONSchema
        /// In JSON.
        var example: String?
        var isRequired = true
    }

    struct Answer: Sendable {
        var status: HTTPResponse.Status
        var summary: String
        var content: Content?
        /// A second media type.
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
    static func ok(_ schema: JSONSchema, _ summary: String) -> Self {
        Self(status: .ok, summary: summary, content: .init(schema: schema))
    }

    /// The answer of a page, which shows a problem as HTML where a browser asks for that.
    fileprivate var orPage: Self {
        var answer = self
        if content?.type == "application/problem+json" {
            answer.otherwise = .init(type: "text/html", schema: JSONSchema(type: "string"))
        }
        return answer
    }

    static func problem(_ status: HTTPResponse.Status, _ summary: String) -> Self {
        Self(
            status: status, summary: summary,
            content: .init(type: "application/problem+json", schema: "Problem"))
    }

    /// The answer of operations whose store is unavailable.
    static let storeProblem = problem(
        .serviceUnavailable,
        "The store cannot be used at the moment; `Retry-After` gives the seconds to wait.")

    /// Errors of operations that read a JSON body.
    static let bodyProblems: [Self] = [
        .problem(.badRequest, "The body is not JSON."),
        .problem(.contentTooLarge, "The body is too large."),
        .problem(.unprocessableContent, "The body is JSON, but it or the query does not fit the schema."),
    ]
}

extension Operation {
    /// The operation's answers and those common to its kind, sorted by status.
    var allAnswers: [Answer] {
        let common = commonAnswers.filter { answer in !answers.contains { $0.status == answer.status } }
        let all = (answers + common).sorted { $0.status.code < $1.status.code }
        return isPage ? all.map(\.orPage) : all
    }

    /// Whether another query parameter than its own is an error: not on the original agent's paths, nor for pages and probes,
    /// whose callers add some of their own.
    private var checksQuery: Bool { path.hasPrefix("/v1/") }

    /// The handler, which first checks the names of the query's parameters.
    var checkedHandler: Handler {
        guard checksQuery else { return handler }
        let known = parameters.filter { $0.place == "query" }.map(\.name)
        return { [handler] request, context in
            let names = request.uri.queryParameters.map { String($0.key) }
            guard Set(known).isSuperset(of: names) else {
                let expected = SpellingSuggestion.expectation(of: "parameters", names, among: known)
                throw Problem.invalid("The query does not fit: expected \(expected).")
            }
            return try await handler(request, context)
        }
    }

    /// Whether the request may change something; such requests of other sites' pages are rejected.
    private var isWriting: Bool { ![.get, .head, .options].contains(method) }

    private var commonAnswers: [Answer] {
        var common: [Answer] = []
        if scope != nil {
            common.append(.problem(.unauthorized, "The request has no valid key."))
        }
        if let refusals { common.append(.problem(.forbidden, refusals)) }
        if body != nil {
            common.append(
                .problem(
                    .unsupportedMediaType,
                    "The body has a Content-Encoding such as gzip; send it without one."))
        }
        common.append(
            .problem(.misdirectedRequest, "No key is required, and the Host is not a name of this service."))
        if !AccessMiddleware.unlimited.contains(path) {
            common.append(
                .problem(
                    .tooManyRequests,
                    "The caller's rate limit is used up; `Retry-After` gives the seconds to wait."))
        }
        if checksQuery {
            common.append(.problem(.unprocessableContent, "The query has a parameter that does not exist."))
        }
        if keepsOriginalErrors { common = common.map { LegacyAgentController.fault($0.status, $0.summary) } }
        return common + [unavailable]
    }

    /// Why the service may forbid the operation; nil when it never does.
    private var refusals: String? {
        let reasons = [
            scopeNames.map { "the key lacks the scope \($0)" },
            isWriting ? "a page of another site sent the request" : nil,
        ].compactMap { $0 }
        guard let first = reasons.first else { return nil }
        return ([first.prefix(1).uppercased() + first.dropFirst()] + reasons.dropFirst()).joined(
            separator: ", or ")
            + "."
    }

    /// The scopes of which a key needs one, in words; nil for none.
    var scopeNames: String? {
        scope.map { [$0, otherScope].compactMap { $0?.rawValue }.joined(separator: " or ") }
    }

    /// At the connection limit every path answers with a problem document.
    private var unavailable: Answer {
        let summary =
            "Too many connections are open, or the store cannot write; `Retry-After` gives the seconds to wait."
        let problem = Answer.problem(.serviceUnavailable, summary)
        guard keepsOriginalErrors else { return problem }
        var answer = LegacyAgentController.fault(.serviceUnavailable, summary)
        answer.otherwise = problem.content
        return answer
    }
}

/// Finds a path's methods and the form of its errors, which the router does not return.
struct RouteTable: Sendable {
    private let routes: [(segments: [Substring], operation: Operation)]

    init(_ operations: [Operation]) {
        routes = operations.map { ($0.path.split(separator: "/"), $0) }
    }

    /// The methods of a path; none for an unknown path.
    func methods(at path: String) -> [HTTPRequest.Method] { operations(at: path).map(\.method) }

    /// Whether errors at the path have the original service's form.
    func keepsOriginalErrors(at path: String) -> Bool {
        operations(at: path).contains(where: \.keepsOriginalErrors)
    }

    /// Whether the path is a page, which shows its errors.
    func isPage(at path: String) -> Bool { operations(at: path).contains(where: \.isPage) }

    private func operations(at path: String) -> [Operation] {
        let segments = path.split(separator: "/")
        return routes.filter { route in
            route.segments.count == segments.count
                && zip(route.segments, segments).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
        }.map(\.operation)
    }
}

/// A heading of the documentation; a tag in the OpenAPI document.
enum OperationGroup: String, CaseIterable {
    case original = "Original agent"
    case decisions = "Decisions"
    case queue = "Queue"
    case records = "Records and corrections"
    case knowledge = "Knowledge and models"
    case administration = "Administration"
    case health = "Health and metrics"
    case pages = "Pages and documents"

    var summary: String {
        switch self {
        case .original: "The paths, fields and errors of the agent that this service replaces."
        case .decisions: "Decide tickets now: one, many, with explanations, or with a drafted reply."
        case .queue: "Queue tickets now and read their decisions later."
        case .records: "Stored decisions and their corrections, as lists, counts and events."
        case .knowledge: "Search the knowledge base; list the models with their fields and labels."
        case .administration: "Reload the service, compare bundles, and requeue tickets."
        case .health: "Probes, and metrics for Prometheus."
        case .pages: "Pages for people, and this documentation."
        }
    }

    init(path: String) {
        self = Self.prefixes.first { path == $0.path || path.hasPrefix($0.path + "/") }?.group ?? .decisions
    }

    /// Longer paths come before their prefixes.
    private static let prefixes: [(path: String, group: OperationGroup)] = [
        ("/v1/admin", .administration), ("/v1/tickets", .queue), ("/v1/decisions", .records),
        ("/v1/requesters", .records),
        ("/v1/feedback", .records), ("/v1/events", .records), ("/v1/stats", .records),
        ("/v1/similar", .records),
        ("/v1/articles", .knowledge), ("/v1/search", .knowledge), ("/v1/models", .knowledge),
        ("/v1", .decisions),
        ("/health", .health), ("/ready", .health), ("/metrics", .health), ("/ui", .pages), ("/docs", .pages),
        ("/openapi.json", .pages), ("/triage", .original), ("/", .original),
    ]
}

extension Operation {
    var group: OperationGroup { OperationGroup(path: path) }
}
