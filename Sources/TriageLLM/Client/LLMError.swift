package import TriageData

/// A call of the language model that gave no answer, or a setting that cannot be used.
///
/// Errors repeat no text of the ticket or the server.
package enum LLMError: Error, Equatable {
    case disabled
    case badSetting(name: String, problem: String)
    /// A record of answers that cannot be counted.
    case badRecord(path: String, problem: String)
    /// A run ended because this many tickets in a row got no answer, the last for this reason.
    case unanswered(count: Int, reason: String)
    /// A file of the settings cannot be read or written.
    case data(DataError)
    case unreachable(host: String, reason: String)
    case timedOut(seconds: Double)
    case badStatus(Int)
    /// An answer that does not follow the protocol.
    case badAnswer(problem: String)
    /// An answer larger than allowed.
    case tooLarge(limit: Int)
    /// A redirect, which is never followed.
    case redirected
    /// The breaker lets no call through.
    case breakerOpen
    /// As many calls as allowed are under way or wait.
    case overloaded
    case overBudget(window: BudgetWindow)
    case cancelled
}

extension LLMError {
    /// A short word for metrics, spans and answers.
    package var code: String {
        switch self {
        case .disabled: "disabled"
        case .badSetting, .data: "configuration"
        case .badRecord: "bad_record"
        case .unanswered(_, let reason): reason
        case .unreachable: "unreachable"
        case .timedOut: "timeout"
        case .badStatus(let status): "http_\(status)"
        case .badAnswer: "bad_answer"
        case .tooLarge: "too_large"
        case .redirected: "redirected"
        case .breakerOpen: "breaker_open"
        case .overloaded: "overloaded"
        case .overBudget(let window): "over_\(window.rawValue)_budget"
        case .cancelled: "cancelled"
        }
    }

    /// Whether the same call may succeed a moment later.
    var isTransient: Bool {
        switch self {
        case .unreachable: true
        case .badStatus(let status): status == 408 || status == 429 || (500...599).contains(status)
        default: false
        }
    }

    /// Whether the server caused it, so that the breaker counts it.
    var isServersFault: Bool {
        switch self {
        case .unreachable, .timedOut, .badStatus, .badAnswer, .tooLarge, .redirected: true
        default: false
        }
    }
}

extension LLMError: DescribedError {
    package var description: String {
        switch self {
        case .disabled:
            "no language model is configured; set llm.url to a server and llm.model to a model"
        case .badSetting(let name, let problem), .badRecord(let name, let problem): "\(name): \(problem)"
        case .unanswered(let count, let reason):
            "\(count) tickets in a row have no answer (\(reason)); see the server's log, correct the cause, and run "
                + "again to continue"
        case .data(let error): error.description
        case .unreachable(let host, let reason):
            "the language model at \(host) cannot be reached (\(reason)); check that it runs and the address"
        case .timedOut(let seconds):
            "the language model gave no whole answer within \(seconds) s; raise llm.timeout, or use a smaller model"
        case .badStatus(let status):
            "the language model's server answered with status \(status); see its log for the reason"
        case .badAnswer(let problem):
            "the language model's server answered with \(problem); check that it supports the chat-completions protocol"
        case .tooLarge(let limit):
            "the language model's answer is larger than \(limit) bytes; check the address"
        case .redirected:
            "the language model's server redirects elsewhere, which is never followed; name the final address"
        case .breakerOpen:
            "the language model failed several times in a row and is left alone for a moment"
        case .overloaded: "too many calls of the language model are under way; try again later"
        case .overBudget(let window):
            "the \(window.rawValue) budget of the language model is used up; raise it, or wait for the next window"
        case .cancelled: "the call was given up"
        }
    }
}
