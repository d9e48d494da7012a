public import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import Synchronization

/// A client of one Redis server: one connection, commands pipelined, and never a long wait.
///
/// Commands wait for the first connection. Once one has failed or broken, every command fails at once until a try in
/// the background brings a new one: a server that is gone costs its callers no time.
public final class RedisClient: Sendable {
    /// The server.
    public let address: RedisAddress
    private let options: RedisOptions
    private let loop: any EventLoop
    private let trust: NIOSSLContext?
    private let onChange: @Sendable (RedisError?) -> Void
    private let state = Mutex(State.idle)

    private enum State {
        case idle
        case connecting(EventLoopFuture<Connection>)
        case up(Connection)
        case down(RedisError)
        case closed
    }

    /// A channel that is logged in, and what speaks through it.
    private struct Connection: Sendable {
        var channel: any Channel
        var handler: NIOLoopBound<CommandHandler>

        func send(_ arguments: [[UInt8]], within time: Duration) -> EventLoopFuture<RedisReply> {
            let promise = channel.eventLoop.makePromise(of: RedisReply.self)
            channel.eventLoop.execute {
                handler.value.send(arguments, within: TimeAmount(time), promise)
            }
            return promise.futureResult
        }
    }

    /// A client that connects with its first command.
    ///
    /// - Parameters:
    ///   - address: The server.
    ///   - options: Times and limits.
    ///   - group: Where the connection lives.
    ///   - onChange: Told nil when a connection stands, and why when it is lost or does not come about; only the first
    ///     failure of several in a row is told.
    /// - Throws: `RedisError.badTrust` when TLS is asked for and the trusted certificates cannot be used.
    public init(
        _ address: RedisAddress, options: RedisOptions = RedisOptions(), group: any EventLoopGroup,
        onChange: @escaping @Sendable (RedisError?) -> Void = { _ in }
    ) throws(RedisError) {
        self.address = address
        self.options = options
        self.onChange = onChange
        loop = group.next()
        trust = address.usesTLS ? try Self.trust(options.trustFile) : nil
    }

    /// Whether a connection stands.
    public var isConnected: Bool {
        state.withLock { state in
            if case .up = state { true } else { false }
        }
    }

    /// Sends a command and waits for its reply.
    ///
    /// - Throws: `RedisError`; `replied` when the server answers with an error.
    public func command(_ arguments: [String]) async throws(RedisError) -> RedisReply {
        let bytes = arguments.map { Array($0.utf8) }
        do {
            let connection = try await connection()
            let reply = try await connection.send(bytes, within: options.commandTime).get()
            if case .error(let message) = reply { throw RedisError.replied(message) }
            return reply
        } catch {
            throw error as? RedisError ?? .disconnected(reason: "\(error)")
        }
    }

    /// Connects, when nothing was asked yet, without waiting.
    public func start() { _ = try? begin() }

    /// Ends the connection and all tries for good.
    public func close() async {
        let last = state.withLock { state in
            defer { state = .closed }
            return state
        }
        let connection: Connection? =
            switch last {
            case .up(let connection): connection
            case .connecting(let future): try? await future.get()
            case .idle, .down, .closed: nil
            }
        try? await connection?.channel.close()
    }
}

extension RedisClient {
    private func connection() async throws -> Connection {
        switch try begin() {
        case .left(let connection): connection
        case .right(let future): try await future.get()
        }
    }

    private enum Either {
        case left(Connection)
        case right(EventLoopFuture<Connection>)
    }

    /// The connection, or the first one's future; begins it when nothing did yet.
    private func begin() throws(RedisError) -> Either {
        let promise = loop.makePromise(of: Connection.self)
        let (answer, isFirst) = state.withLock { state -> (Result<Either, RedisError>, Bool) in
            switch state {
            case .up(let connection): return (.success(.left(connection)), false)
            case .connecting(let future): return (.success(.right(future)), false)
            case .down(let error): return (.failure(error), false)
            case .closed: return (.failure(.closed), false)
            case .idle:
                state = .connecting(promise.futureResult)
                return (.success(.right(promise.futureResult)), true)
            }
        }
        if isFirst { attempt(failures: 0, promise) } else { promise.fail(RedisError.closed) }
        return try answer.get()
    }

    /// Tries once, and again after a pause for as long as it fails.
    private func attempt(failures: Int, _ promise: EventLoopPromise<Connection>? = nil) {
        open().whenComplete { result in
            switch result {
            case .success(let connection):
                self.opened(connection, failures)
                promise?.succeed(connection)
            case .failure(let error):
                let reason = self.reason(error)
                self.lost(reason, failures: failures + 1)
                promise?.fail(reason)
            }
        }
    }

    private func opened(_ connection: Connection, _ failures: Int) {
        let isWanted = state.withLock { state in
            if case .closed = state { return false }
            state = .up(connection)
            return true
        }
        guard isWanted else { return connection.channel.close(promise: nil) }
        onChange(nil)
        let since = NIODeadline.now()
        connection.channel.closeFuture.whenComplete { _ in
            // A server that takes connections but answers nothing must not be tried ever faster.
            let isSteady = NIODeadline.now() - since > TimeAmount(self.options.longestPause)
            let reason = connection.handler.value.reason
            self.lost(reason, failures: isSteady ? 1 : failures + 1)
        }
    }

    private func lost(_ reason: RedisError, failures: Int) {
        let (goesOn, isNews) = state.withLock { state in
            defer { if case .closed = state {} else { state = .down(reason) } }
            return switch state {
            case .closed: (false, false)
            case .down: (true, false)
            case .idle, .connecting, .up: (true, true)
            }
        }
        if isNews { onChange(reason) }
        guard goesOn else { return }
        loop.scheduleTask(in: TimeAmount(options.pause(afterFailures: failures))) {
            let isClosed = self.state.withLock { state in
                if case .closed = state { true } else { false }
            }
            if !isClosed { self.attempt(failures: failures) }
        }
    }
}

// MARK: - Connecting

extension RedisClient {
    /// Opens a channel and logs in.
    private func open() -> EventLoopFuture<Connection> {
        let (address, limit, trust) = (address, options.pendingLimit, trust)
        return ClientBootstrap(group: loop)
            .connectTimeout(TimeAmount(options.connectTime))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let trust {
                        let name = try? SocketAddress(ipAddress: address.host, port: 0)
                        try channel.pipeline.syncOperations.addHandler(
                            NIOSSLClientHandler(
                                context: trust, serverHostname: name == nil ? address.host : nil))
                    }
                    try channel.pipeline.syncOperations.addHandler(CommandHandler(pendingLimit: limit))
                }
            }
            .connect(host: address.host, port: address.port)
            .flatMap { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = try channel.pipeline.syncOperations.handler(type: CommandHandler.self)
                    return Connection(
                        channel: channel, handler: NIOLoopBound(handler, eventLoop: channel.eventLoop))
                }
            }
            .flatMap { self.logIn($0) }
    }

    /// Sends who this is and which database, all at once; every reply must be good.
    private func logIn(_ connection: Connection) -> EventLoopFuture<Connection> {
        var commands: [[String]] = []
        if let password = address.password {
            commands.append(["AUTH"] + [address.username, password].compactMap { $0 })
        }
        if address.database != 0 { commands.append(["SELECT", String(address.database)]) }
        commands.append(["PING"])
        let replies = commands.map { command in
            connection.send(command.map { Array($0.utf8) }, within: options.connectTime)
        }
        let server = address.description
        return EventLoopFuture.whenAllSucceed(replies, on: loop).flatMapThrowing { replies in
            for case .error(let reply) in replies {
                throw RedisError.notAdmitted(server: server, reply: reply)
            }
            return connection
        }.flatMapErrorThrowing { error in
            connection.channel.close(promise: nil)
            throw error
        }
    }

    private func reason(_ error: any Error) -> RedisError {
        switch error {
        case RedisError.disconnected(let reason): .unreachable(server: address.description, reason: reason)
        case RedisError.timedOut(let milliseconds):
            .unreachable(server: address.description, reason: "no answer within \(milliseconds) ms")
        case let error as RedisError: error
        default: .unreachable(server: address.description, reason: "\(error)")
        }
    }

    private static func trust(_ file: String?) throws(RedisError) -> NIOSSLContext {
        do {
            var configuration = TLSConfiguration.makeClientConfiguration()
            configuration.minimumTLSVersion = .tlsv12
            if let file { configuration.trustRoots = .file(file) }
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw .badTrust(path: file ?? "the system's certificates", reason: "\(error)")
        }
    }
}
