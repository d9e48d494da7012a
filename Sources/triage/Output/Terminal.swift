@preconcurrency import Foundation
@preconcurrency import Glibc
import Synchronization
import TriageData

/// What the screen can do, and lines on it that rewrite themselves.
enum Terminal {
    static var outputIsScreen: Bool { isatty(1) == 1 }
    static var errorIsScreen: Bool { isatty(2) == 1 }

    /// Whether standard output is a screen that wants colour: no NO_COLOR, no dumb terminal.
    static var outputIsColour: Bool {
        let environment = ProcessInfo.processInfo.environment
        return outputIsScreen && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
    }

    /// Where a service's lines go; nil for standard error.
    private static let log = Mutex<(@Sendable ([UInt8]) -> Void)?>(nil)

    /// From now on lines go to a service's log, so that a reader who does not read them cannot hold up the process.
    static func write(to sink: @escaping @Sendable ([UInt8]) -> Void) { log.withLock { $0 = sink } }

    /// Writes a line to standard error.
    static func say(_ text: String) {
        let line = text.shown + "\n"
        guard let sink = log.withLock({ $0 }) else { return write(line) }
        sink(Array(line.utf8))
    }

    /// Writes lines of the program's own to standard error.
    static func sayLines(_ text: String) { write(text + "\n") }

    /// Replaces the current line of standard error, where that is a screen and no service runs.
    static func status(_ text: String) {
        guard errorIsScreen, log.withLock({ $0 == nil }) else { return }
        write("\r\u{1B}[K\(text)")
    }

    /// Writes to standard error, and lets it go when nobody takes it: a message must not become a crash.
    private static func write(_ text: String) { try? OpenFile.standardError.write(Array(text.utf8)) }

    /// Whether all that was printed has reached standard output.
    static func flush() -> Bool { fflush(stdout) == 0 && ferror(stdout) == 0 }

    /// The screen's width in columns.
    static var width: Int {
        var size = winsize()
        guard ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 120 }
        return Int(size.ws_col)
    }
}

/// A bar with the time left, for work of over a second.
struct ProgressBar {
    private let start = ContinuousClock.now
    private let label: String

    init(_ label: String) { self.label = label }

    func show(_ stage: String, fraction: Double) {
        let elapsed = start.duration(to: .now) / .seconds(1)
        guard elapsed > 1 else { return }
        let filled = Int(max(0, min(1, fraction)) * 24)
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 24 - filled)
        let left = fraction > 0.02 ? "  \(ProgressBar.time(elapsed / fraction * (1 - fraction))) left" : ""
        Terminal.status("\(label) \(bar) \(Int(fraction * 100)) %  \(stage)\(left)")
    }

    func finish() { Terminal.status("") }

    private static func time(_ seconds: Double) -> String {
        let minutes = Int((seconds / 60).rounded())
        guard minutes > 1 else { return "\(Int(seconds.rounded())) s" }
        return minutes < 100 ? "\(minutes) min" : "\(minutes / 60) h \(minutes % 60) min"
    }
}
