#if Service
internal import CPostgres
internal import Glibc

/// A connection to PostgreSQL through libpq, used by one thread at a time.
///
/// Every wait ends at a deadline, or when a signal is sent. After an error of the connection it is broken and must be
/// released.
final class PostgresConnection {
    private let handle: OpaquePointer
    private let server: String
    private(set) var isBroken = false

    /// How long a statement may wait, and what ends the wait earlier.
    struct Limit: Sendable {
        var end: ContinuousClock.Instant
        /// The whole time, for the error.
        var time: Duration
        var signal: CancellationSignal?

        init(_ time: Duration, from start: ContinuousClock.Instant = .now, signal: CancellationSignal? = nil)
        {
            (end, self.time, self.signal) = (start + time, time, signal)
        }

        var error: VectorError { .timedOut(milliseconds: Int(time / .milliseconds(1))) }
    }

    /// Connects and logs in with keywords of libpq and their values; `server` is the address as errors show it.
    init(_ parameters: [(name: String, value: String)], server: String, _ limit: Limit) throws(VectorError) {
        self.server = server
        guard triage_pq_load() != 0 else { throw .libraryMissing(name: "libpq.so.5", package: "libpq5") }
        let texts = parameters.flatMap { [strdup($0.name), strdup($0.value)] }
        defer { texts.forEach { free($0) } }
        let names = stride(from: 0, to: texts.count, by: 2).map { UnsafePointer(texts[$0]) } + [nil]
        let values = stride(from: 1, to: texts.count, by: 2).map { UnsafePointer(texts[$0]) } + [nil]
        guard let handle = triage_pq_start(names, values) else {
            throw .unreachable(server: server, reason: "no memory for a connection")
        }
        self.handle = handle
        var step = TRIAGE_PQ_WRITING
        while true {
            switch step {
            case TRIAGE_PQ_DONE: return
            case TRIAGE_PQ_READING: try wait(for: POLLIN, limit)
            case TRIAGE_PQ_WRITING: try wait(for: POLLOUT, limit)
            default: throw PostgresConnection.refusal(String(cString: triage_pq_error(handle)), server)
            }
            step = Int(triage_pq_poll(handle))
        }
    }

    deinit { triage_pq_finish(handle) }

    // MARK: - Statements

    /// Runs a statement and returns its rows.
    @discardableResult
    func run(
        _ statement: String, _ values: [PostgresValue] = [], _ limit: Limit
    ) throws(VectorError) -> PostgresRows {
        try send(statement, values)
        try flush(limit)
        return try results(limit)
    }

    /// Sends rows in binary form to a `COPY … FROM STDIN` statement; `next` returns bytes until nil.
    func copy(
        _ statement: String, _ limit: Limit, next: () -> [UInt8]?
    ) throws(VectorError) {
        try send(statement, [])
        try flush(limit)
        guard let begun = try result(limit) else { throw broken(.badAnswer(problem: "no answer to COPY")) }
        let kind = Int(triage_pq_kind(begun))
        let state = PostgresConnection.state(begun)
        triage_pq_clear(begun)
        guard kind == TRIAGE_PQ_COPY else {
            try drain(limit)
            throw PostgresConnection.error(state, limit)
        }
        while let bytes = next() { try put(bytes, limit) }
        while true {
            let queued = triage_pq_put_end(handle)
            guard queued >= 0 else { throw lost() }
            if queued > 0 { break }
            try wait(for: POLLOUT, limit)
        }
        try flush(limit)
        _ = try results(limit)
    }

    private func put(_ bytes: [UInt8], _ limit: Limit) throws(VectorError) {
        while true {
            let queued = bytes.withUnsafeBufferPointer { buffer in
                buffer.withMemoryRebound(to: CChar.self) {
                    triage_pq_put(handle, $0.baseAddress, Int32($0.count))
                }
            }
            guard queued >= 0 else { throw lost() }
            // What the server does not take yet would pile up in memory.
            try flush(limit)
            if queued > 0 { return }
            try wait(for: POLLOUT, limit)
        }
    }

    private func send(_ statement: String, _ values: [PostgresValue]) throws(VectorError) {
        guard !isBroken else { throw lost() }
        var types: [UInt32] = []
        var lengths: [Int32] = []
        var bytes: [UInt8] = []
        var starts: [Int?] = []
        for value in values {
            types.append(value.type)
            starts.append(value.bytes == nil ? nil : bytes.count)
            lengths.append(Int32(value.bytes?.count ?? 0))
            bytes += value.bytes ?? []
        }
        let isQueued = bytes.withUnsafeBytes { buffer in
            let base = buffer.bindMemory(to: CChar.self).baseAddress
            // An empty list has no address, and a null pointer would be the null value.
            let pointers = starts.map { start -> UnsafePointer<CChar>? in
                start.flatMap { start in base.map { $0 + start } ?? UnsafePointer(bitPattern: 1) }
            }
            return triage_pq_send(handle, statement, Int32(values.count), types, pointers, lengths)
        }
        guard isQueued != 0 else { throw lost() }
    }

    private func flush(_ limit: Limit) throws(VectorError) {
        while true {
            let left = triage_pq_flush(handle)
            guard left >= 0 else { throw lost() }
            guard left > 0 else { return }
            try wait(for: POLLIN | POLLOUT, limit)
            guard triage_pq_consume(handle) != 0 else { throw lost() }
        }
    }

    /// The next result, when it has arrived.
    private func result(_ limit: Limit) throws(VectorError) -> OpaquePointer? {
        while triage_pq_is_busy(handle) != 0 {
            try wait(for: POLLIN, limit)
            guard triage_pq_consume(handle) != 0 else { throw lost() }
        }
        return triage_pq_next(handle)
    }

    private func results(_ limit: Limit) throws(VectorError) -> PostgresRows {
        var rows = PostgresRows()
        var failure: VectorError?
        while let result = try result(limit) {
            switch Int(triage_pq_kind(result)) {
            case TRIAGE_PQ_COMMAND: triage_pq_clear(result)
            case TRIAGE_PQ_ROWS: rows = PostgresRows(result)
            default:
                let state = PostgresConnection.state(result)
                triage_pq_clear(result)
                // Without a code the connection itself is gone.
                if state.isEmpty { throw lost() }
                let error = PostgresConnection.error(state, limit)
                failure = failure ?? error
                if PostgresConnection.endsConnection(state) { throw lost() }
            }
        }
        if let failure { throw failure }
        return rows
    }

    private func drain(_ limit: Limit) throws(VectorError) {
        while let rest = try result(limit) { triage_pq_clear(rest) }
    }

    /// Waits until the socket is ready.
    private func wait(for events: Int32, _ limit: Limit) throws(VectorError) {
        while true {
            let left = ContinuousClock.now.duration(to: limit.end) / .milliseconds(1)
            guard left > 0 else { throw broken(limit.error) }
            var descriptors = [
                pollfd(fd: triage_pq_socket(handle), events: Int16(events), revents: 0),
                pollfd(fd: limit.signal?.descriptor ?? -1, events: Int16(POLLIN), revents: 0),
            ]
            let ready = poll(&descriptors, 2, Int32(min(left.rounded(.up), 60_000)))
            if descriptors[1].revents != 0 { throw broken(.cancelled) }
            if ready > 0 { return }
            if ready < 0, errno != EINTR { throw lost() }
        }
    }

    // MARK: - Errors

    private func lost() -> VectorError {
        broken(.unreachable(server: server, reason: "the connection broke"))
    }

    private func broken(_ error: VectorError) -> VectorError {
        isBroken = true
        return error
    }

    private static func state(_ result: OpaquePointer) -> String {
        triage_pq_state(result).map { String(cString: $0) } ?? ""
    }

    /// Classes of SQLSTATE: 53 insufficient resources, 57 operator intervention, 28 authorization.
    private static func error(_ state: String, _ limit: Limit) -> VectorError {
        if state.hasPrefix("53") { return .full(state: state) }
        if state == "57014" { return limit.error }
        if state == "58P01" || state == "0A000" || state == "42704" { return .noExtension }
        return .rejected(state: state)
    }

    /// The server is shutting down or ended the session.
    private static func endsConnection(_ state: String) -> Bool { state.hasPrefix("57P") }

    /// Why a connection failed, from the phrases that libpq and the server are known to use.
    static func refusal(_ message: String, _ server: String) -> VectorError {
        let admitted = [
            ("password authentication failed", "wrong password or user"),
            ("no password supplied", "the server wants a password"),
            ("no pg_hba.conf entry", "the server's pg_hba.conf has no entry for this user and address"),
            ("does not exist", "no such database or user"),
            ("permission denied", "no right to connect"),
            ("authentication", "another way to authenticate"),
        ]
        let reached = [
            ("Connection refused", "connection refused"), ("could not translate host name", "unknown host"),
            ("No such file", "no such socket"),
            ("certificate verify failed", "its certificate is not trusted"),
            ("does not match host name", "its certificate is for another host"),
            ("root certificate file", "no certificates to check its own against; set search.ca"),
            ("does not support SSL", "it has no TLS; set search.tls to off where the network may read along"),
            ("starting up", "it is starting up"), ("shutting down", "it is shutting down"),
            ("recovery mode", "it is recovering"), ("timeout", "no answer in time"),
        ]
        if message.contains("too many") || message.contains("remaining connection slots") {
            return .full(state: "53300")
        }
        if let found = reached.first(where: { message.contains($0.0) }) {
            return .unreachable(server: server, reason: found.1)
        }
        if let found = admitted.first(where: { message.contains($0.0) }) {
            return .notAdmitted(server: server, reason: found.1)
        }
        return .unreachable(server: server, reason: "the connection failed")
    }
}
#endif
