internal import HTTPTypes
internal import Synchronization
internal import Tracing
internal import TriageTelemetry

/// One request and its answer as logs, metrics and traces see them: no path, no query, no header, no body.
///
/// Ends once: when the answer is written, or when it is given up.
final class RequestRecord: Sendable {
    /// The route's template, such as `/v1/tickets/{id}`; `unmatched` where there is none.
    let route: String
    /// A method of HTTP's registry, else `_OTHER`.
    let method: String
    /// `http` or `https`.
    let scheme: String
    /// The id that the answer carries.
    let requestID: String
    /// Who called, once that is known.
    let caller: CallerBox
    /// The span of this request; nil where none is made.
    let span: RecordedSpan?
    private let start = ContinuousClock.now
    private let state = Mutex(State())
    private let observer: RequestObserver

    private struct State {
        var status = 0
        var bytes = 0
        var hasEnded = false
    }

    init(
        _ request: HTTPRequest, route: String?, requestID: String, caller: CallerBox, span: RecordedSpan?,
        observer: RequestObserver
    ) {
        self.route = route ?? "unmatched"
        method = Self.name(of: request.method)
        scheme = request.scheme == "https" ? "https" : "http"
        self.requestID = requestID
        self.caller = caller
        self.span = span
        self.observer = observer
        observer.begin(self)
    }

    deinit { end(isWhole: false) }

    /// The answer's status is known.
    func answer(_ status: Int) { state.withLock { $0.status = status } }

    /// Bytes of the answer's body are handed to the connection.
    func wrote(_ bytes: Int) { state.withLock { $0.bytes += bytes } }

    /// The answer is written, or given up; a second end does nothing.
    func end(isWhole: Bool) {
        let ended = state.withLock { state -> State? in
            defer { state.hasEnded = true }
            return state.hasEnded ? nil : state
        }
        guard let ended else { return }
        let duration = start.duration(to: .now)
        observer.end(
            self, Ending(status: ended.status, bytes: ended.bytes, duration: duration, isWhole: isWhole))
    }

    /// How an exchange ended.
    struct Ending {
        /// The answer's status; 0 where none was given.
        let status: Int
        /// Of the answer's body.
        let bytes: Int
        /// From the request's head to the answer's last byte.
        let duration: Duration
        /// Whether all of the answer was written.
        let isWhole: Bool
    }

    /// A method of HTTP's registry, else `_OTHER`: any other word is the caller's own.
    static func name(of method: HTTPRequest.Method) -> String {
        methods.contains(method.rawValue) ? method.rawValue : "_OTHER"
    }

    private static let methods: Set = [
        "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH",
    ]
}

/// Who calls and what failed, for the part that writes the log.
final class CallerBox: Sendable {
    private let id = Mutex<String?>(nil)
    private let error = Mutex<String?>(nil)

    /// The id of the caller's key.
    var keyID: String? {
        get { id.withLock { $0 } }
        set { id.withLock { $0 = newValue } }
    }

    /// What failed on this side, in words that a log may have.
    var failure: String? {
        get { error.withLock { $0 } }
        set { error.withLock { $0 = newValue } }
    }
}
