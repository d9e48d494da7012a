internal import Dispatch
internal import Glibc
internal import Synchronization
internal import TriageData

/// A secret that a command prints, such as a secret store's own program: run again when its last value is old.
///
/// No shell reads the command. A command that fails keeps the last good value, so that a store that is away for a while
/// stops nothing.
package final class SecretCommand: Sendable {
    /// The program's name, without its folder and its arguments.
    package let name: String
    private let path: String
    private let words: [String]
    private let limits: Limits
    private let state = Mutex(State())

    /// How long a command may take and how long its value counts as new.
    package struct Limits: Sendable {
        package var timeout = Duration.seconds(10)
        package var refresh = Duration.seconds(300)

        package init() {}
    }

    private struct State {
        var value: String?
        /// When the command is run again; nil before its first run.
        var due: ContinuousClock.Instant?
        var refresh: Duration?
        var isRunning = false
        var report: (@Sendable (SecretError) -> Void)?
    }

    /// How soon a command that failed is run again.
    private static let retry = Duration.seconds(30)

    /// Finds the command's program, and runs nothing.
    ///
    /// - Throws: `SecretError` when the text names no program.
    package init(_ text: String, limits: Limits = Limits()) throws(SecretError) {
        guard let words = CommandWords.split(text) else { throw .openQuote }
        guard let program = words.first, !program.isEmpty else { throw .noProgram }
        guard let path = SecretCommand.path(of: program) else { throw .noProgram }
        self.words = words
        self.path = path
        self.limits = limits
        name = String(program.split(separator: "/").last ?? "")
    }

    /// The value at this moment; empty while the command never printed one.
    ///
    /// The first call runs the command. A later call returns the last value at once, and runs the command beside the caller
    /// when that value is old.
    var current: String {
        let (value, isDue) = state.withLock { state -> (String?, Bool) in
            let isDue = state.due.map { $0 <= .now } ?? true
            guard isDue, state.value == nil || !state.isRunning else { return (state.value, false) }
            state.isRunning = true
            return (state.value, true)
        }
        guard isDue else { return value ?? "" }
        guard let value else { return (try? run()) ?? "" }
        DispatchQueue.global().async { [self] in
            do throws(SecretError) { _ = try run() } catch {
                state.withLock { $0.report }?(error)
            }
        }
        return value
    }

    /// Runs the command now, and keeps what it printed.
    ///
    /// - Throws: `SecretError` when it fails or prints no secret.
    @discardableResult
    package func run() throws(SecretError) -> String {
        do throws(SecretError) {
            let value = try read()
            state.withLock { state in
                state.value = value
                state.isRunning = false
                state.due = .now + (state.refresh ?? limits.refresh)
            }
            return value
        } catch {
            state.withLock { state in
                state.isRunning = false
                state.due = .now + min(state.refresh ?? limits.refresh, SecretCommand.retry)
            }
            throw error
        }
    }

    /// Sets the lifetime of a value, and the function that gets the errors of later runs.
    package func keepFresh(every refresh: Duration, report: (@Sendable (SecretError) -> Void)? = nil) {
        state.withLock { state in
            state.refresh = refresh
            if let report { state.report = report }
            if state.value != nil { state.due = .now + refresh }
        }
    }

    private func read() throws(SecretError) -> String {
        let (ending, output) = BoundedProcess.run(
            path, words, timeout: limits.timeout, limit: SecretSource.maximumBytes)
        switch ending {
        case .exited(code: 0): return try SecretSource.command(name).value(of: output)
        case .printedTooMuch: throw .tooLarge(.command(name))
        default: throw .failed(command: name, ending.description(limits.timeout))
        }
    }

    /// The path of an executable file, as `PATH` leads to it; nil when there is none.
    private static func path(of program: String) -> String? {
        func isProgram(_ path: String) -> Bool {
            var status = stat()
            return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
        }
        if program.contains("/") { return isProgram(program) ? program : nil }
        let folders = getenv("PATH").map { String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin"
        return folders.split(separator: ":").lazy.map { "\($0)/\(program)" }.first(where: isProgram)
    }
}

extension BoundedProcess.Ending {
    /// What happened, after "the command NAME".
    fileprivate func description(_ timeout: Duration) -> String {
        switch self {
        case .exited(let code): "ended with exit code \(code)"
        case .killed(let signal): "was ended by signal \(signal)"
        case .tookTooLong: "took longer than \(timeout.written ?? "") and was ended"
        case .printedTooMuch: "printed too much"
        case .didNotStart(let number): "could not be started (\(String(cString: strerror(number))))"
        case .isUnknown: "ended, and its exit code could not be read"
        }
    }
}
