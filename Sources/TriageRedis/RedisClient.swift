package import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import Synchronization

/// A client of one Redis server: one connection, commands pipelined, and never a long wait.
///
/// Commands wait for the first connection. Once one has failed or broken, every command fails at once until a try in
/// the background brings a new one: a server that is gone costs its callers no time.
package final class RedisClient: Sendable {
    private let options: RedisOptions
    private let loop: any EventLoop
    private let onChange: @Sendable (RedisError?) -> Void
    private let held: Mutex<Held>

    private struct Held {
        var state = State.idle
        var target: Target
        /// Counts the targets: what is still under way for an earlier one changes nothing.
        var generation = 0
    }

    /// Where a connection goes, and whom it trusts there.
    private struct Target: Sendable {
        var address: RedisAddress
        var trust: NIOSSLContext?

        init(_ address: RedisAddress, _ trustFile: String?) throws(RedisError) {
            self.address = address
            trust = address.usesTLS ? try RedisClient.trust(trustFile) : nil
        }
    }

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
    package init(
        _ address: RedisAddress, options: RedisOptions = RedisOptions(), group: any EventLoopGroup,
        onChange: @escaping @Sendable (RedisError?) -> Void = { _ in }
    ) throws(RedisError) {
        held = Mutex(Held(target: try Target(address, options.trustFile)))
        self.options = options
        self.onChange = onChange
        loop = group.next()
    }

    /// The server.
    package var address: RedisAddress { held.withLock { $0.target.address } }

    /// Whether a connection stands.
    package var isConnected: Bool {
        held.withLock { held in
            if case .up = held.state { true } else { false }
        }
    }

    /// Sends a command and waits for its reply.
    ///
    /// - Throws: `RedisError`; `replied` when the server answers with an error.
    package func command(_ arguments: [String]) async throws(RedisError) -> RedisReply {
        try await command(arguments.map { Array($0.utf8) })
    }

    /// The same with arguments that may hold any byte.
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

    /// Connects, when nothing was asked yet, without waiting.
    package func start() { _ = try? begin() }

    /// Goes over to another address, or to the same with another password: connects there, and only then leaves the
    /// old connection, whose commands under way are still answered.
    ///
    /// - Throws: `RedisError` when no connection comes about; the old one stays then.
    package func move(to address: RedisAddress) async throws(RedisError) {
        let target = try Target(address, options.trustFile)
        let connection: Connection
        do { connection = try await open(target).get() } catch { throw reason(error, target) }
        let (old, generation) = held.withLock { held in
            let old = held.state
            if case .closed = old { return (old, held.generation) }
            held = Held(state: .up(connection), target: target, generation: held.generation + 1)
            return (old, held.generation)
        }
        if case .closed = old {
            connection.channel.close(promise: nil)
            throw .closed
        }
        stands(connection, failures: 0, generation)
        guard case .up(let former) = old else { return }
        loop.scheduleTask(in: TimeAmount(options.commandTime)) { former.channel.close(promise: nil) }
    }

    /// Ends the connection and all tries for good.
    package func close() async {
        let last = held.withLock { held in
            defer { held.state = .closed }
            return held.state
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
        let (answer, first) = held.withLock { held -> (Result<Either, RedisError>, (Target, Int)?) in
            switch held.state {
            case .up(let connection): return (.success(.left(connection)), nil)
            case .connecting(let future): return (.success(.right(future)), nil)
            case .down(let error): return (.failure(error), nil)
            case .closed: return (.failure(.closed), nil)
            case .idle:
                held.state = .connecting(promise.futureResult)
                return (.success(.right(promise.futureResult)), (held.target, held.generation))
            }
        }
        if let (target, generation) = first {
            attempt(target, failures: 0, generation, promise)
        } else {
            promise.fail(RedisError.closed)
        }
        return try answer.get()
    }

    /// Tries once, and again after a pause for as long as it fails.
    private func attempt(
        _ target: Target, failures: Int, _ generation: Int, _ promise: EventLoopPromise<Connection>? = nil
    ) {
        open(target).whenComplete { result in
            switch result {
            case .success(let connection):
                if self.opened(connection, failures, generation) {
                    promise?.succeed(connection)
                } else {
                    promise?.fail(RedisError.disconnected(reason: "it is not wanted any more"))
                }
            case .failure(let error):
                let reason = self.reason(error, target)
                self.lost(reason, failures: failures + 1, generation)
                promise?.fail(reason)
            }
        }
    }

    /// Takes a connection into use, unless the client was closed or went elsewhere meanwhile.
    private func opened(_ connection: Connection, _ failures: Int, _ generation: Int) -> Bool {
        let isWanted = held.withLock { held in
            if case .closed = held.state { return false }
            guard held.generation == generation else { return false }
            held.state = .up(connection)
            return true
        }
        if isWanted {
            stands(connection, failures: failures, generation)
        } else {
            connection.channel.close(promise: nil)
        }
        return isWanted
    }

    /// Tells of a connection, and sees to its end.
    private func stands(_ connection: Connection, failures: Int, _ generation: Int) {
        onChange(nil)
        let since = NIODeadline.now()
        connection.channel.closeFuture.whenComplete { _ in
            // A server that takes connections but answers nothing must not be tried ever faster.
            let isSteady = NIODeadline.now() - since > TimeAmount(self.options.longestPause)
            let reason = connection.handler.value.reason
            self.lost(reason, failures: isSteady ? 1 : failures + 1, generation)
        }
    }

    private func lost(_ reason: RedisError, failures: Int, _ generation: Int) {
        let (retries, isFirstFailure) = held.withLock { held in
            guard held.generation == generation else { return (false, false) }
            defer { if case .closed = held.state {} else { held.state = .down(reason) } }
            return switch held.state {
            case .closed: (false, false)
            case .down: (true, false)
            case .idle, .connecting, .up: (true, true)
            }
        }
        if isFirstFailure { onChange(reason) }
        guard retries else { return }
        loop.scheduleTask(in: TimeAmount(options.pause(afterFailures: failures))) {
            let target = self.held.withLock { held -> Target? in
                if case .closed = held.state { return nil }
                return held.generation == generation ? held.target : nil
            }
            if let target { self.attempt(target, failures: failures, generation) }
        }
    }
}

// MARK: - Connecting

extension RedisClient {
    /// Opens a channel and logs in.
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

    /// Sends who this is and which database, all at once; every reply must be good.
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
