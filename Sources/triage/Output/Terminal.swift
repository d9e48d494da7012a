import Foundation

#if canImport(Glibc)
@preconcurrency import Glibc
#endif

/// What the screen can do, and lines on it that rewrite themselves.
enum Terminal {
    static var outputIsScreen: Bool { isatty(1) == 1 }
    static var errorIsScreen: Bool { isatty(2) == 1 }

    /// Writes a line to standard error.
    static func say(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }

    /// Replaces the current line of standard error; nothing when that is no screen.
    static func status(_ text: String) {
        guard errorIsScreen else { return }
        FileHandle.standardError.write(Data("\r\u{1B}[K\(text)".utf8))
    }

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
        let left = fraction > 0.02 ? String(format: "  %.0f s left", elapsed / fraction * (1 - fraction)) : ""
        Terminal.status("\(label) \(bar) \(Int(fraction * 100)) %  \(stage)\(left)")
    }

    func finish() { Terminal.status("") }
}
