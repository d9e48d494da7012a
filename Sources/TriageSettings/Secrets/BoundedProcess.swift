internal import Glibc

/// Runs a program and reads its standard output, within a time and a size.
///
/// The program has no standard input and no open file of this process, its standard error is discarded, and it is in a
/// process group of its own, which is killed when the program takes too long or prints too much.
enum BoundedProcess {
    /// How a program ended.
    enum Ending: Equatable, Sendable {
        case exited(code: Int)
        case killed(signal: Int)
        case tookTooLong
        case printedTooMuch
        /// It could not be started, with the system's error number.
        case didNotStart(Int32)
        /// Another part of the process read how it ended.
        case isUnknown
    }

    /// Runs the program at a path; `words` are its name and its arguments.
    static func run(
        _ path: String, _ words: [String], timeout: Duration, limit: Int
    ) -> (ending: Ending, output: [UInt8]) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return (.didNotStart(errno), []) }
        defer { close(ends[0]) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var process = pid_t()
        let code = spawn(path, words, writingTo: ends[1], &process)
        close(ends[1])
        guard code == 0 else { return (.didNotStart(code), []) }
        _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
        var reader = Reader(descriptor: ends[0], limit: limit)
        let end = ContinuousClock.now + timeout
        while true {
            // Asked before the pipe is read, so that what the program wrote before it ended is read too.
            var status: Int32 = 0
            let found = waitpid(process, &status, WNOHANG)
            reader.read()
            if reader.isFull {
                if found == 0 { kill(process) }
                return (.printedTooMuch, [])
            }
            if found == process { return (ending(status), reader.bytes) }
            if found < 0 { return (.isUnknown, []) }
            guard ContinuousClock.now < end else {
                kill(process)
                return (.tookTooLong, [])
            }
            reader.wait()
        }
    }

    private static func ending(_ status: Int32) -> Ending {
        let signal = Int(status & 0x7F)
        return signal == 0 ? .exited(code: Int(status >> 8 & 0xFF)) : .killed(signal: signal)
    }

    private static func kill(_ process: pid_t) {
        Glibc.kill(-process, SIGKILL)
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
    }

    /// `posix_spawn_file_actions_addclosefrom_np`, which glibc has since 2.34 and Swift does not import.
    private static let closeFrom = dlsym(nil, "posix_spawn_file_actions_addclosefrom_np")
        .map { unsafeBitCast($0, to: CloseFrom.self) }

    private typealias CloseFrom =
        @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32) -> Int32

    private static func spawn(
        _ path: String, _ words: [String], writingTo output: Int32, _ process: inout pid_t
    ) -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        // A program that goes on would hold the service's connections open.
        _ = closeFrom?(&actions, STDERR_FILENO + 1)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // The service blocks and ignores signals that a program expects to get.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        var reset = sigset_t()
        sigemptyset(&reset)
        for signal in [SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGCHLD] { sigaddset(&reset, signal) }
        posix_spawnattr_setsigdefault(&attributes, &reset)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        posix_spawnattr_setflags(&attributes, Int16(flags))
        var arguments = words.map { strdup($0) } + [nil]
        defer { arguments.forEach { free($0) } }
        return posix_spawn(&process, path, &actions, &attributes, &arguments, environ)
    }

    /// What a program wrote so far.
    private struct Reader {
        let descriptor: Int32
        let limit: Int
        var bytes: [UInt8] = []
        private var hasEnded = false

        init(descriptor: Int32, limit: Int) {
            self.descriptor = descriptor
            self.limit = limit
        }

        var isFull: Bool { bytes.count > limit }

        /// Reads what is there, without waiting.
        mutating func read() {
            var buffer = [UInt8](repeating: 0, count: 4096)
            while !isFull, !hasEnded {
                let count = Glibc.read(descriptor, &buffer, buffer.count)
                if count > 0 {
                    bytes += buffer[..<count]
                } else if count == 0 {
                    hasEnded = true
                } else if errno != EINTR {
                    return
                }
            }
        }

        /// Waits a moment, shorter when there is something to read.
        func wait() {
            guard !hasEnded else { return _ = poll(nil, 0, 1) }
            var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            poll(&wanted, 1, 20)
        }
    }
}
