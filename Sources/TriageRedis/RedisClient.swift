package import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import Synchronization

/// A client of one Redis server, with one connection and pipelined commands.
///
/// Commands wait for the first connection. While the connection is lost every command fails at once, and the client
/// reconnects in the background: an unreachable server costs its callers no time.
package final class RedisClient: Sendable {
    private let options: RedisOptions
    private let loop: any EventLoop
    private let onChange: @Sendable (RedisError?) -> Void
    private let state: Mutex<State>

    private struct State {
        var phase = Phase.idle
        var target: Target
        /// Counts the targets; an event of an earlier target's connection is ignored.
        var generation = 0
    }

    /// A server and the certificates trusted there.
    private struct Target: Sendable {
        var address: RedisAddress
        var trust: NIOSSLContext?

        init(_ address: RedisAddress, _ trustFile: String?) throws(RedisError) {
            self.address = address
            trust = address.usesTLS ? try RedisClient.trust(trustFile) : nil
        }
    }

    private enum Phase {
        case idle
        case connecting(EventLoopFuture<Connection>)
        case connected(Connection)
        case disconnected(RedisError)
        case closed
    }

    /// An authenticated channel and its command handler.
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
    /// `onChange` is called with nil when a connection is established, and with the error when one fails or is lost; of
    /// several failures in a row only with the first.
    ///
    /// - Throws: `RedisError.badTrust` when the address uses TLS and the trusted certificates cannot be used.
    package init(
        _ address: RedisAddress, options: RedisOptions = RedisOptions(), group: any EventLoopGroup,
        onChange: @escaping @Sendable (RedisError?) -> Void = { _ in }
    ) throws(RedisError) {
        state = Mutex(State(target: try Target(address, options.trustFile)))
        self.options = options
        self.onChange = onChange
        loop = group.next()
    }

    package var address: RedisAddress { state.withLock { $0.target.address } }

    package var isConnected: Bool {
        if case .connected = state.withLock({ $0.phase }) { true } else { false }
    }

    /// Sends a command and waits for its reply.
    ///
    /// - Throws: `RedisError.replied` when the server replies with an error.
    package func command(_ arguments: [String]) async throws(RedisError) -> RedisReply {
        try await command(arguments.map { Array($0.utf8) })
    }

    /// Sends a command whose arguments may hold any byte.
    package func command(_ arguments: [[UInt8]]) async throws(RedisError) -> RedisReply {
        do {
            let connection = try await connection()
            let reply = try await connection.send(arguments, within: options.commandTime).get()
            if case .error(let message) = reply { throw RedisError.replied(message) }
            return reply
        } catch {
            throw error as? RedisError ?? .disconnected(reason: RedisError.reason(error))
        }
    }

    /// Connects, unless a command did so before; does not wait.
    package func start() { _ = connect() }

    /// Connects to another address, or with another password, and then closes the old connection, whose pending
    /// commands still get their replies.
    ///
    /// - Throws: `RedisError` when the new connection fails; the old one stays in use.
    package func move(to address: RedisAddress) async throws(RedisError) {
        let target = try Target(address, options.trustFile)
        let connection: Connection
        do { connection = try await open(target).get() } catch { throw reason(error, target) }
        let (old, generation) = state.withLock { state in
            let old = state.phase
            if case .closed = old { return (old, state.generation) }
            state = State(phase: .connected(connection), target: target, generation: state.generation + 1)
            return (old, state.generation)
        }
        if case .closed = old {
            connection.channel.close(promise: nil)
            throw .closed
        }
        watch(connection, failures: 0, generation)
        guard case .connected(let previous) = old else { return }
        loop.scheduleTask(in: TimeAmount(options.commandTime)) { previous.channel.close(promise: nil) }
    }

    /// Closes the connection and stops reconnecting.
    package func close() async {
        let last = state.withLock { state in
            defer { state.phase = .closed }
            return state.phase
        }
        let connection: Connection? =
            switch last {
            case .connected(let connection): connection
            case .connecting(let future): try? await future.get()
            case .idle, .disconnected, .closed: nil
            }
        try? await connection?.channel.close()
    }
}

extension RedisClient {
    private func connection() async throws -> Connection {
        switch connect() {
        case .connected(let connection): return connection
        case .connecting(let future): return try await future.get()
        case .disconnected(let error): throw error
        case .idle, .closed: throw RedisError.closed
        }
    }

    /// Begins to connect, unless that happened before, and returns the phase.
    private func connect() -> Phase {
        let phase = state.withLock { $0.phase }
        guard case .idle = phase else { return phase }
        let promise = loop.makePromise(of: Connection.self)
        let first = state.withLock { state -> (target: Target, generation: Int)? in
            guard case .idle = state.phase else { return nil }
            state.phase = .connecting(promise.futureResult)
            return (state.target, state.generation)
        }
        guard let first else {
            promise.fail(RedisError.closed)
            return state.withLock { $0.phase }
        }
        attempt(first.target, failures: 0, first.generation, promise)
        return .connecting(promise.futureResult)
    }

    /// Tries to connect, and again after a pause for as long as that fails.
    private func attempt(
        _ target: Target, failures: Int, _ generation: Int, _ promise: EventLoopPromise<Connection>? = nil
    ) {
        open(target).whenComplete { result in
            switch result {
            case .success(let connection):
                if self.use(connection, failures, generation) {
                    promise?.succeed(connection)
                } else {
                    promise?.fail(RedisError.disconnected(reason: "the client was closed or moved"))
                }
            case .failure(let error):
                let reason = self.reason(error, target)
                self.reconnect(after: reason, failures: failures + 1, generation)
                promise?.fail(reason)
            }
        }
    }

    /// Uses a new connection; false when the client was closed or moved meanwhile.
    private func use(_ connection: Connection, _ failures: Int, _ generation: Int) -> Bool {
        let isCurrent = state.withLock { state in
            if case .closed = state.phase { return false }
            guard state.generation == generation else { return false }
            state.phase = .connected(connection)
            return true
        }
        if isCurrent {
            watch(connection, failures: failures, generation)
        } else {
            connection.channel.close(promise: nil)
        }
        return isCurrent
    }

    /// Reports a connection, and reconnects when it closes.
    private func watch(_ connection: Connection, failures: Int, _ generation: Int) {
        onChange(nil)
        let start = NIODeadline.now()
        connection.channel.closeFuture.whenComplete { _ in
            // A server that accepts connections but never replies must not be tried ever faster.
            let isStable = NIODeadline.now() - start > TimeAmount(self.options.maximumPause)
            let reason = connection.handler.value.reason
            self.reconnect(after: reason, failures: isStable ? 1 : failures + 1, generation)
        }
    }

    private func reconnect(after reason: RedisError, failures: Int, _ generation: Int) {
        let (retries, isFirstFailure) = state.withLock { state in
            guard state.generation == generation else { return (false, false) }
            defer { if case .closed = state.phase {} else { state.phase = .disconnected(reason) } }
            return switch state.phase {
            case .closed: (false, false)
            case .disconnected: (true, false)
            case .idle, .connecting, .connected: (true, true)
            }
        }
        if isFirstFailure { onChange(reason) }
        guard retries else { return }
        loop.scheduleTask(in: TimeAmount(options.pause(afterFailures: failures))) {
            let target = self.state.withLock { state -> Target? in
                if case .closed = state.phase { return nil }
                return state.generation == generation ? state.target : nil
            }
            if let target { self.attempt(target, failures: failures, generation) }
        }
    }
}

// MARK: - Connecting

extension RedisClient {
    /// Opens a channel and authenticates.
    private func open(_ target: Target) -> EventLoopFuture<Connection> {
        let (address, limit, trust) = (target.address, options.pendingLimit, target.trust)
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
            .flatMap { self.logIn($0, at: address) }
    }

    /// Authenticates and selects the database in one pipeline; fails when any reply is an error.
    private func logIn(_ connection: Connection, at address: RedisAddress) -> EventLoopFuture<Connection> {
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

    private func reason(_ error: any Error, _ target: Target) -> RedisError {
        let server = target.address.description
        return switch error {
        case RedisError.disconnected(let reason): .unreachable(server: server, reason: reason)
        case RedisError.timedOut(let milliseconds):
            .unreachable(server: server, reason: "no answer within \(milliseconds) ms")
        case let error as RedisError: error
        default: .unreachable(server: server, reason: RedisError.reason(error))
        }
    }

    private static func trust(_ file: String?) throws(RedisError) -> NIOSSLContext {
        do {
            var configuration = TLSConfiguration.makeClientConfiguration()
            configuration.minimumTLSVersion = .tlsv12
            if let file { configuration.trustRoots = .file(file) }
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw .badTrust(path: file ?? "the system's certificates")
        }
    }
}
