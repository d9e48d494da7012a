internal import Synchronization

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif

/// A file descriptor that takes whole lines, one `write(2)` each.
///
/// The lock keeps long lines apart on a pipe, where the system promises that for 4 KB only. A line that the system
/// does not take is lost: a log must not stop the service.
public final class LogSink: Sendable {
    /// The process's standard error.
    public static let standardError = LogSink(descriptor: STDERR_FILENO)
    /// The process's standard output.
    public static let standardOutput = LogSink(descriptor: STDOUT_FILENO)

    private let descriptor: Int32
    private let turn = Mutex(())

    /// A sink that writes to `descriptor`, which stays open as long as the sink is used.
    public init(descriptor: Int32) { self.descriptor = descriptor }

    /// Writes `line`, which ends in a newline.
    func write(_ line: [UInt8]) {
        turn.withLock { _ in
            line.withUnsafeBytes { bytes in
                var rest = bytes[...]
                while !rest.isEmpty {
                    let count = systemWrite(descriptor, UnsafeRawBufferPointer(rebasing: rest))
                    if count > 0 {
                        rest = rest.dropFirst(count)
                    } else if count == 0 || errno != EINTR {
                        return
                    }
                }
            }
        }
    }
}

/// `write` of the C library; the sink's own method has its name.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    write(descriptor, bytes.baseAddress, bytes.count)
}
