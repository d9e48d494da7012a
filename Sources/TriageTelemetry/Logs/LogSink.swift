internal import Dispatch
internal import Glibc
internal import Synchronization

/// A file descriptor that takes whole lines, in order, and never holds up who logs.
///
/// Lines wait in memory of a fixed size, and a thread of its own writes them. While the reader of the descriptor
/// stands still and that memory is full, further lines are dropped and counted: a log must not stop the service.
package final class LogSink: Sendable {
    /// The process's standard error; the end of the process waits a moment for its lines.
    package static let standardError: LogSink = {
        atexit { LogSink.standardError.flush(within: LogSink.patienceAtExit) }
        return LogSink(descriptor: STDERR_FILENO)
    }()
    /// The process's standard output.
    package static let standardOutput = LogSink(descriptor: STDOUT_FILENO)

    /// The member of a line that tells how many lines before it were dropped.
    static let droppedName = "log_lines_dropped"
    /// How long the end of the process waits for lines that are not written yet.
    static let patienceAtExit = Duration.seconds(1)

    private let queue: LineQueue

    /// A sink that writes to `descriptor`, which stays open as long as the sink is used.
    ///
    /// - Parameters:
    ///   - descriptor: where lines go.
    ///   - capacity: bytes of lines that may wait.
    package init(descriptor: Int32, capacity: Int = 4 << 20) {
        queue = LineQueue(descriptor: descriptor, capacity: capacity)
    }

    deinit {
        flush(within: Self.patienceAtExit)
        queue.close()
    }

    /// Lines that were dropped so far.
    package var droppedLines: Int { queue.droppedLines }

    /// Takes a line, which ends in a newline; drops and counts it where there is no room.
    package func write(_ line: [UInt8]) { queue.append(line, telling: 0) }

    /// Takes a line that can tell how many lines before it were dropped and not told of yet.
    func write(_ line: (_ dropped: Int) -> [UInt8]) {
        let untold = queue.takeUntold()
        queue.append(line(untold), telling: untold)
    }

    /// Waits until all lines are written, or the time is over.
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
        /// Dropped lines that no written line tells of yet.
        var untold = 0
    }

    private let descriptor: Int32
    private let capacity: Int
    private let state = Mutex(State())
    private let wake = DispatchSemaphore(value: 0)
    /// The most bytes of one write, but for a line that is longer.
    private static let portion = 64 << 10

    init(descriptor: Int32, capacity: Int) {
        self.descriptor = descriptor
        self.capacity = capacity
    }

    var droppedLines: Int { state.withLock { $0.dropped } }

    /// Whether nothing waits and nothing is being written.
    var isEmpty: Bool { state.withLock { $0.waiting.isEmpty && !$0.isWriting } }

    func takeUntold() -> Int {
        state.withLock { state in
            defer { state.untold = 0 }
            return state.untold
        }
    }

    /// Appends a line that tells of `untold` dropped ones.
    func append(_ bytes: [UInt8], telling untold: Int) {
        let isFirst = state.withLock { state -> Bool in
            guard state.waiting.count + bytes.count <= capacity else {
                state.dropped += 1
                state.untold += untold + 1
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
        // Signals are for other threads, and a pipe that nobody reads is an error here.
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
                state.untold += lost
            }
            if isClosed { return }
        }
    }

    /// Writes whole lines, many at a time.
    ///
    /// - Returns: How many lines the system did not take.
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
