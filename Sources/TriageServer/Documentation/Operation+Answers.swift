internal import HTTPTypes

extension Operation {
    /// Its own answers, and those that the service gives before or around every operation of its kind, by status.
    var allAnswers: [Answer] {
        let common = commonAnswers.filter { answer in !answers.contains { $0.status == answer.status } }
        return (answers + common).sorted { $0.status.code < $1.status.code }
    }

    /// Whether a request may change something, so that pages of other sites are refused.
    private var isWriting: Bool { ![.get, .head, .options].contains(method) }

    private var commonAnswers: [Answer] {
        var common: [Answer] = []
        if scope != nil {
            common.append(.problem(.unauthorized, "Keys are required, and the request has no valid one."))
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
        if keepsOriginalErrors { common = common.map { LegacyAgentController.fault($0.status, $0.summary) } }
        return common + [unavailable]
    }

    /// Why the service may forbid the operation; nil where it never does.
    private var refusals: String? {
        let reasons = [
            scope.map { "the key lacks the scope \($0.rawValue)" },
            isWriting ? "a page of another site sent the request" : nil,
        ].compactMap { $0 }
        guard let first = reasons.first else { return nil }
        return ([first.prefix(1).uppercased() + first.dropFirst()] + reasons.dropFirst()).joined(
            separator: ", or ")
            + "."
    }

    /// A connection that is one too many gets a problem document on every path.
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
