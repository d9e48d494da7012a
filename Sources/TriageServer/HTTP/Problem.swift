internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import NIOHTTP1
internal import TriageData
internal import TriageStore

/// An error answer by RFC 9457, "Problem Details for HTTP APIs"; it never contains a ticket's text.
struct Problem: Error, Equatable {
    var status: HTTPResponse.Status
    /// A stable name of the kind of problem, for programs.
    var code: String
    /// What is wrong, and what to do.
    var detail: String
    /// Further header fields, such as `Retry-After`.
    var headers = HTTPFields()

    init(_ status: HTTPResponse.Status, _ code: String, _ detail: String, headers: HTTPFields = [:]) {
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = headers
        if status == .serviceUnavailable, headers[.retryAfter] == nil {
            self.headers[.retryAfter] = String(Self.retrySeconds)
        }
    }

    /// `Retry-After` where nothing better is known.
    private static let retrySeconds = 5

    static let wire = WireType<(problem: Problem, requestID: String)>.object("Problem", "RFC 9457.") {
        object in
        object.member("type", .text) { _ in "about:blank" }
        object.member("title", .text) { $0.problem.status.reasonPhrase }
        object.member("status", .integer) { $0.problem.status.code }
        object.member("detail", .text) { $0.problem.detail }
        object.member("code", .text) { $0.problem.code }
        object.member("request_id", .text) { $0.requestID }
    }

    func document(requestID: String) -> JSONWriter { Problem.wire.json((self, requestID)) }

    func response(requestID: String) -> Response {
        var response = Response(
            document(requestID: requestID), status: status, type: "application/problem+json")
        response.headers.append(contentsOf: headers)
        return response
    }
}

extension Problem {
    static func badJSON(_ reason: String) -> Problem {
        Problem(.badRequest, "invalid_json", "The body \(reason)")
    }

    static func invalid(_ detail: String) -> Problem { Problem(.unprocessableContent, "invalid", detail) }

    static func missing(_ detail: String) -> Problem { Problem(.notFound, "not_found", detail) }

    static func erased(_ kind: String) -> Problem {
        Problem(.gone, "erased", "The \(kind) was erased; only its ledger row is left.")
    }

    static func tooLarge(limit: Int) -> Problem {
        Problem(
            .contentTooLarge, "too_large",
            "The body is over \(limit) bytes; send less. Many tickets fit into /v1/triage/batch, where this limit is for "
                + "each line. The operator can raise limits.body.")
    }

    /// A page of another site sent a request that may change something.
    static let crossSite = "cross_site"

    /// Maps an error to an answer; one of unknown kind is not described.
    init(_ error: any Error, limit: Int) {
        switch error {
        case let problem as Problem: self = problem
        case let error as StoreError: self.init(error)
        case let error as HTTPError where error.status == .notFound:
            self = .missing("The service has no such path; /openapi.json lists all.")
        case let error as HTTPError where error.status == .contentTooLarge: self = .tooLarge(limit: limit)
        case let error as HTTPError: self.init(error.status, "http", error.status.reasonPhrase)
        case is HTTPParserError, is ChannelError, is IOError:
            self.init(.badRequest, "broken_body", "The body ended early or is not valid HTTP; send it again.")
        default:
            self.init(
                .internalServerError, "internal",
                "The service failed; its log has the error under this request_id.")
        }
    }
}

extension Problem {
    /// The vector database did not answer, for a reason in one word.
    static func noSearch(_ reason: String) -> Problem {
        Problem(
            .serviceUnavailable, "search_unavailable",
            "The vector database did not answer (\(reason)); try again later.")
    }

    /// The store failed through no fault of the request; the log has the reason.
    static let storeUnavailable = "store_unavailable"

    init(_ error: StoreError) {
        var headers = HTTPFields()
        if let seconds = error.retryAfter { headers[.retryAfter] = String(seconds) }
        switch error {
        case .notFound, .unknownRequester, .noField: self.init(.notFound, "not_found", error.description)
        case .conflict, .alreadyUndone: self.init(.conflict, "conflict", error.description)
        case .idempotencyConflict: self.init(.conflict, "idempotency_conflict", error.description)
        case .invalid: self.init(.unprocessableContent, "invalid", error.description)
        case .erased(let kind, _): self = .erased(kind)
        case .textExpired: self.init(.gone, "text_expired", error.description)
        case .full: self.init(.serviceUnavailable, "queue_full", error.description, headers: headers)
        case .busy, .listing:
            self.init(.serviceUnavailable, "store_busy", error.description, headers: headers)
        default:
            // The log has the paths, which are for the operator only.
            self.init(
                .serviceUnavailable, Problem.storeUnavailable,
                "The store cannot be used at the moment; try again later.",
                headers: headers)
        }
    }
}
