internal import Dispatch
internal import Glibc
internal import Synchronization

/// Writes whole lines to a file descriptor, in order, without blocking the caller.
///
/// Lines wait in a buffer of fixed size, and a thread of its own writes them. While the buffer is full because the
/// descriptor's reader is slow, further lines are dropped and counted: a log must not stop the service.
package final class LogSink: Sendable {
    /// The process's standard error; it is flushed when the process exits.
    package static let standardError: LogSink = {
        atexit { LogSink.standardError.flush(within: LogSink.exitTimeout) }
        return LogSink(descriptor: STDERR_FILENO)
    }()
    package static let standardOutput = LogSink(descriptor: STDOUT_FILENO)

    /// The member of a line with the number of lines dropped before it.
    static let droppedName = "log_lines_dropped"
    /// How long the exit of the process waits for lines that are not yet written.
    static let exitTimeout = Duration.seconds(1)

    private let queue: LineQueue

    /// A sink that writes to `descriptor`, which must stay open; at most `capacity` bytes wait.
    package init(descriptor: Int32, capacity: Int = 4 << 20) {
        queue = LineQueue(descriptor: descriptor, capacity: capacity)
    }

    deinit {
        flush(within: Self.exitTimeout)
        queue.close()
    }

    package var droppedLines: Int { queue.droppedLines }

    /// Appends a line, which ends in a newline; drops and counts it when the buffer is full.
    package func write(_ line: [UInt8]) { queue.append(line, reporting: 0) }

    /// Appends a line that may report how many lines were dropped since the last report.
    func write(_ line: (_ dropped: Int) -> [UInt8]) {
        let unreported = queue.takeUnreported()
        queue.append(line(unreported), reporting: unreported)
    }

    /// Waits until all lines are written, at most for `time`.
    ///
    /// - Returns: Whether all were written.
    @discardableResult
    package func flush(within time: Duration) -> Bool {
        let end = ContinuousClock.now + time
        while !queue.isEmpty {
            guard ContinuousClock.now < end else { return false }
            usleep(1000)
        }
        return true
    }
}

/// The lines of one sink, and the thread that writes them.
private final class LineQueue: Sendable {
    private struct State {
        var waiting: [UInt8] = []
        var isWriting = false
        var hasThread = false
        var isClosed = false
        var dropped = 0
        /// Dropped lines that no written line has reported.
        var unreported = 0
    }

    private let descriptor: Int32
    private let capacity: Int
    private let state = Mutex(State())
    private let wake = DispatchSemaphore(value: 0)
    /// The bytes of one write; a longer line is written alone.
    private static let portion = 64 << 10

    init(descriptor: Int32, capacity: Int) {
        self.descriptor = descriptor
        self.capacity = capacity
    }

    var droppedLines: Int { state.withLock { $0.dropped } }

    var isEmpty: Bool { state.withLock { $0.waiting.isEmpty && !$0.isWriting } }

    func takeUnreported() -> Int {
        state.withLock { state in
            defer { state.unreported = 0 }
            return state.unreported
        }
    }

    /// Appends a line that reports a number of dropped ones.
    func append(_ bytes: [UInt8], reporting unreported: Int) {
        let isFirst = state.withLock { state -> Bool in
            guard state.waiting.count + bytes.count <= capacity else {
                state.dropped += 1
                state.unreported += unreported + 1
                return false
            }
            defer { state.waiting += bytes }
            if !state.hasThread { start(&state) }
            return state.waiting.isEmpty
        }
        if isFirst { wake.signal() }
    }

    func close() {
        state.withLock { $0.isClosed = true }
        wake.signal()
    }

    private func start(_ state: inout State) {
        state.hasThread = true
        let retained = Unmanaged.passRetained(self).toOpaque()
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { argument in
                if let argument { Unmanaged<LineQueue>.fromOpaque(argument).takeRetainedValue().run() }
                return nil
            }, retained)
        precondition(code == 0, "no thread for the log: \(code)")
        pthread_detach(thread)
    }

    private func run() {
        // Other threads handle signals; a pipe without a reader is an error of `write` here.
        var all = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, nil)
        while true {
            wake.wait()
            let (bytes, isClosed) = state.withLock { state in
                defer {
                    state.isWriting = !state.waiting.isEmpty
                    state.waiting = []
                }
                return (state.waiting, state.isClosed)
            }
            let lost = write(bytes)
            state.withLock { state in
                state.isWriting = false
                state.dropped += lost
                state.unreported += lost
            }
            if isClosed { return }
        }
    }

    /// Writes whole lines, many at a time.
    ///
    /// - Returns: How many lines the system did not accept.
    private func write(_ bytes: [UInt8]) -> Int {
        bytes.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let bound = rest.dropFirst(Self.portion).firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 }
                let end = rest.count <= Self.portion ? rest.endIndex : bound ?? rest.endIndex
                guard write(rest[..<end]) else { return rest.count { $0 == UInt8(ascii: "\n") } }
                rest = rest[end...]
            }
            return 0
        }
    }

    private func write(_ bytes: Slice<UnsafeRawBufferPointer>) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let count = systemWrite(descriptor, UnsafeRawBufferPointer(rebasing: rest))
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if count < 0, errno == EAGAIN {
                var wanted = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&wanted, 1, -1)
            } else if count == 0 || errno != EINTR {
                return false
            }
        }
        return true
    }
}

/// `write` of the C library; the queue's own methods have its name.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    write(descriptor, bytes.baseAddress, bytes.count)
}
