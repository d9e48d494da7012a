#if Service
internal import NIOPosix
internal import Synchronization

/// Connections to one PostgreSQL, each used by one question at a time.
///
/// A connection is made when a question needs one; the password is read then, so that a rotated one takes effect.
final class PostgresPool: Sendable {
    typealias Limit = PostgresConnection.Limit

    struct Options: Sendable {
        var address: PostgresAddress
        /// Read at each new connection; nil for none.
        var password: @Sendable () -> String?
        var usesTLS: Bool
        /// A PEM file of authorities to trust instead of the system's.
        var authorities: String?
        var connectTime: Duration
        /// After this time the server gives a statement up too.
        var statementTime: Duration
        var connections: Int
        /// Questions that may wait for a connection; more are refused.
        var queue = 64
    }

    /// A connection that no thread uses now.
    private struct Idle: @unchecked Sendable {
        let connection: PostgresConnection
    }

    private struct State {
        var idle: [Idle] = []
        var underWay = 0
        var isClosed = false
    }

    private let options: Options
    private let threads: NIOThreadPool
    private let state = Mutex(State())

    init(_ options: Options) {
        self.options = options
        threads = NIOThreadPool(numberOfThreads: options.connections)
        threads.start()
    }

    deinit { threads.shutdownGracefully { _ in } }

    /// The address as errors show it.
    var server: String { "\(options.address)" }

    /// Does `work` with a connection on a thread that may wait, within `time`.
    ///
    /// A connection that the server closed while it was idle is replaced once; a statement that changes something must not
    /// rely on that.
    func run<Value: Sendable>(
        within time: Duration,
        _ work: @escaping @Sendable (PostgresConnection, Limit) throws(VectorError) -> Value
    ) async throws(VectorError) -> Value {
        try enter()
        let signal = CancellationSignal()
        let limit = Limit(time, signal: signal)
        defer { state.withLock { $0.underWay -= 1 } }
        let result: Result<Value, VectorError>
        do {
            result = try await withTaskCancellationHandler {
                try await threads.runIfActive { self.attempt(limit, work) }
            } onCancel: {
                signal.send()
            }
        } catch {
            throw .cancelled
        }
        return try result.get()
    }

    private func enter() throws(VectorError) {
        let refusal = state.withLock { state -> VectorError? in
            if state.isClosed { return .cancelled }
            if state.underWay >= options.connections + options.queue { return .overloaded }
            state.underWay += 1
            return nil
        }
        if let refusal { throw refusal }
    }

    private func attempt<Value>(
        _ limit: Limit, _ work: (PostgresConnection, Limit) throws(VectorError) -> Value
    ) -> Result<Value, VectorError> {
        do throws(VectorError) {
            if let idle = state.withLock({ $0.idle.popLast() })?.connection {
                do throws(VectorError) { return .success(try use(idle, limit, work)) } catch {
                    guard case .unreachable = error, idle.isBroken else { throw error }
                    // Others of that time are as old.
                    state.withLock { $0.idle = [] }
                }
            }
            return .success(try use(connect(limit), limit, work))
        } catch {
            return .failure(error)
        }
    }

    /// Keeps the connection for the next question, unless it broke.
    private func use<Value>(
        _ connection: PostgresConnection, _ limit: Limit,
        _ work: (PostgresConnection, Limit) throws(VectorError) -> Value
    ) throws(VectorError) -> Value {
        defer {
            if !connection.isBroken {
                let idle = Idle(connection: connection)
                state.withLock { if !$0.isClosed { $0.idle.append(idle) } }
            }
        }
        return try work(connection, limit)
    }

    private func connect(_ limit: Limit) throws(VectorError) -> PostgresConnection {
        let address = options.address
        var parameters = [
            ("host", address.host), ("port", String(address.port)), ("user", address.user),
            ("dbname", address.database), ("application_name", "triage"), ("client_encoding", "UTF8"),
            // An empty value keeps the environment from naming another address.
            ("hostaddr", ""), ("gssencmode", "disable"),
            ("sslmode", options.usesTLS ? "verify-full" : "disable"),
        ]
        if let password = options.password() { parameters.append(("password", password)) }
        if options.usesTLS {
            parameters.append(("sslrootcert", options.authorities ?? PostgresPool.systemAuthorities))
            parameters.append(("ssl_min_protocol_version", "TLSv1.2"))
        }
        var connecting = Limit(options.connectTime, signal: limit.signal)
        connecting.end = min(connecting.end, limit.end)
        do throws(VectorError) {
            let connection = try PostgresConnection(parameters, server: server, connecting)
            try connection.run(PostgresPool.session, [.text(statementTime)], connecting)
            return connection
        } catch .timedOut {
            throw .unreachable(server: server, reason: "no answer in time")
        }
    }

    /// The server's own limit is behind the client's, whose error is the clearer one.
    private var statementTime: String {
        String(Int((options.statementTime * 2 + .seconds(1)) / .milliseconds(1)))
    }

    /// Limits of a session: statements end when their time is over, and when the client has gone.
    private static let session = """
        SELECT set_config('statement_timeout', $1, false), set_config('hnsw.ef_search', '600', false),
            CASE WHEN current_setting('server_version_num')::int >= 140000
            THEN set_config('client_connection_check_interval', '1s', false) END
        """

    /// Debian's and others' file of the system's authorities: libpq has no default of its own.
    private static let systemAuthorities = "/etc/ssl/certs/ca-certificates.crt"

    /// Closes idle connections; the others close after their question.
    func close() {
        let idle = state.withLock { state in
            defer { (state.idle, state.isClosed) = ([], true) }
            return state.idle
        }
        _ = idle
    }
}
#endif
