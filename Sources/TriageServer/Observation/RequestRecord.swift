internal import HTTPTypes
internal import Synchronization
internal import Tracing
internal import TriageTelemetry

/// What logs, metrics and traces record of one request: no path, no query, no header, no body.
///
/// It ends once: when the answer is written or abandoned.
final class RequestRecord: Sendable {
    /// Such as `/v1/tickets/{id}`; `unmatched` for an unknown path.
    let route: String
    /// A method of HTTP's registry, else `_OTHER`.
    let method: String
    let scheme: String
    /// `X-Request-Id` of the answer.
    let requestID: String
    let caller: CallerBox
    /// Nil without tracing.
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

    func setStatus(_ status: Int) { state.withLock { $0.status = status } }

    /// Counts bytes of the answer's body.
    func addBytes(_ bytes: Int) { state.withLock { $0.bytes += bytes } }

    /// Ends the record; a second call does nothing.
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

    struct Ending {
        /// The answer's status; 0 without an answer.
        let status: Int
        /// Size of the answer's body.
        let bytes: Int
        /// From the request's head to the answer's last byte.
        let duration: Duration
        let isWhole: Bool
    }

    /// A method of HTTP's registry; other words may be a caller's text.
    static func name(of method: HTTPRequest.Method) -> String {
        methods.contains(method.rawValue) ? method.rawValue : "_OTHER"
    }

    private static let methods: Set = [
        "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH",
    ]
}

/// The caller's key and the failure, set while the request is answered and read when its log line is written.
final class CallerBox: Sendable {
    private let owner = Mutex<(caller: Caller?, formToken: String?)>((nil, nil))
    private let error = Mutex<String?>(nil)

    var keyID: String? { caller?.keyID }

    var caller: Caller? {
        get { owner.withLock { $0.caller } }
        set { owner.withLock { $0.caller = newValue } }
    }

    /// That of the caller's session; nil without one.
    var formToken: String? {
        get { owner.withLock { $0.formToken } }
        set { owner.withLock { $0.formToken = newValue } }
    }

    /// What failed in the service, without the caller's data.
    var failure: String? {
        get { error.withLock { $0 } }
        set { error.withLock { $0 = newValue } }
    }
}

/// The id of a request: the caller's if it is safe to log, else a new one.
enum RequestID {
    /// At most 64 letters, digits, dots, dashes and underscores: other text must not be logged.
    static func validated(_ given: String?) -> String? {
        guard let given, (1...64).contains(given.utf8.count) else { return nil }
        let isSafe = given.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
                UInt8(ascii: "_"):
                true
            default: false
            }
        }
        return isSafe ? given : nil
    }

    /// 32 hexadecimal digits: 16 for the process, 16 that count.
    static func generate() -> String {
        process + hexadecimal(next.wrappingAdd(1, ordering: .relaxed).newValue)
    }

    private static let process = hexadecimal(UInt64.random(in: 0...UInt64.max))
    private static let next = Atomic<UInt64>(0)

    private static func hexadecimal(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}
