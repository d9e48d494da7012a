#if Service
package import TriageData

/// A vector database that cannot be used, or did not answer a question.
///
/// Errors repeat no text of a question, an article or the server.
package enum VectorError: Error, Equatable {
    /// The client library of a database is not on this machine.
    case libraryMissing(name: String, package: String)
    case badSetting(name: String, problem: String)
    case unreachable(server: String, reason: String)
    /// The server rejected user, password, key or certificate.
    case notAdmitted(server: String, reason: String)
    case timedOut(milliseconds: Int)
    case cancelled
    /// As many questions as allowed are under way or wait.
    case overloaded
    /// The breaker lets no question through.
    case breakerOpen
    /// The server has no room: disk, memory or connections, with its code.
    case full(state: String)
    /// The server rejected a statement or a request, with its code.
    case rejected(state: String)
    /// An answer that does not follow the protocol.
    case badAnswer(problem: String)
    /// A PostgreSQL without the extension pgvector.
    case noExtension
    /// The database has no knowledge base.
    case empty
    /// The articles were written by a version of triage with another format.
    case otherFormat(found: String)
    /// The articles were embedded with another matrix than the model's.
    case otherMatrix(found: String, wanted: String)
    /// Entries are missing or damaged.
    case damaged(what: String)
    case data(DataError)
}

extension VectorError {
    /// A short word for metrics, remarks and logs.
    package var code: String {
        switch self {
        case .libraryMissing: "library_missing"
        case .badSetting, .data: "configuration"
        case .unreachable: "unreachable"
        case .notAdmitted: "not_admitted"
        case .timedOut: "timeout"
        case .cancelled: "cancelled"
        case .overloaded: "overloaded"
        case .breakerOpen: "breaker_open"
        case .full: "full"
        case .rejected: "rejected"
        case .badAnswer: "bad_answer"
        case .noExtension: "no_extension"
        case .empty: "empty"
        case .otherFormat: "other_format"
        case .otherMatrix: "other_matrix"
        case .damaged: "damaged"
        }
    }

    /// All codes, for the catalog of metrics.
    package static let codes = [
        "bad_answer", "breaker_open", "cancelled", "configuration", "damaged", "empty", "full",
        "library_missing", "no_extension", "not_admitted", "other_format", "other_matrix", "overloaded",
        "rejected", "timeout", "unreachable",
    ]

    /// Whether the same question may be answered later although nobody writes the knowledge base again.
    var mayPass: Bool {
        switch self {
        case .unreachable, .notAdmitted, .timedOut, .cancelled, .overloaded, .breakerOpen, .full: true
        default: false
        }
    }

    /// Whether the server caused it, so that the breaker counts it.
    var isServersFault: Bool {
        switch self {
        case .unreachable, .notAdmitted, .timedOut, .full, .rejected, .badAnswer, .damaged: true
        default: false
        }
    }
}

extension VectorError: DescribedError {
    package var description: String {
        switch self {
        case .libraryMissing(let name, let package):
            "search.url: PostgreSQL's client library \(name) was not found; install it (Debian and Ubuntu: \(package))"
        case .badSetting(let name, let problem): "\(name): \(problem)"
        case .unreachable(let server, let reason):
            "search.url: \(server) cannot be reached (\(reason)); check that it runs, and the address"
        case .notAdmitted(let server, let reason):
            "search.url: \(server) rejected the login (\(reason)); check user and database in search.url, and search.password"
        case .timedOut(let milliseconds):
            "the vector database did not answer within \(milliseconds) ms; see search.timeout and the server's log"
        case .cancelled: "the question was cancelled"
        case .overloaded:
            "more questions wait for the vector database than it answers; raise search.connections"
        case .breakerOpen:
            "the vector database failed several times in a row; the next request goes out within seconds"
        case .full(let state):
            "the vector database has no room left (\(state)): disk, memory or connections; see the server's log"
        case .rejected("23505"):
            "another push writes the same version of the knowledge base; wait until it ends, then repeat this one"
        case .rejected(let state):
            "the vector database rejected a statement (\(state)); check the user's rights, and see the server's log"
        case .badAnswer(let problem):
            "the vector database answered with \(problem); check that search.url names the right kind of server"
        case .noExtension:
            "PostgreSQL has no extension vector; install pgvector 0.7 or newer there, and let a superuser run CREATE "
                + "EXTENSION vector"
        case .empty: "the vector database has no knowledge base; write one with triage kb push"
        case .otherFormat(let found):
            "the knowledge base in the vector database has the format \(found), which this version does not read; write it "
                + "again with triage kb push"
        case .otherMatrix(let found, let wanted):
            "the articles in the vector database were embedded with the matrix \(found), and the model has \(wanted); write "
                + "them again with triage kb push"
        case .damaged(let what):
            "the knowledge base in the vector database is not whole (\(what)); write it again with triage kb push --again"
        case .data(let error): error.description
        }
    }
}
#endif
