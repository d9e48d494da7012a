import Foundation
import TriageData

#if canImport(Glibc)
@preconcurrency import Glibc
#endif

/// Lines out, to a file that appears when it is whole or to standard output, flushed as asked.
final class LineOutput {
    private let path: String?
    private let temporary: String
    private let descriptor: Int32

    init(path: String?) throws(DataError) {
        self.path = path == "-" ? nil : path
        temporary = "\(path ?? "").tmp-\(getpid())"
        guard self.path != nil else {
            descriptor = 1
            signal(SIGPIPE, SIG_IGN)
            return
        }
        descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw .unwritable(path: path ?? "", reason: String(cString: strerror(errno)))
        }
    }

    /// Writes all bytes.
    ///
    /// A reader that went away ends the program quietly, as `head` expects.
    func write(_ bytes: [UInt8]) throws(DataError) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress.map { $0 + written }, $0.count - written)
            }
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EPIPE, path == nil { exit(0) }
            guard count > 0 else {
                let reason = String(cString: strerror(errno))
                if path != nil { unlink(temporary) }
                throw .unwritable(path: path ?? "standard output", reason: reason)
            }
            written += count
        }
    }

    /// Puts the file in its place.
    func finish() throws(DataError) {
        guard let path else { return }
        let synced = fsync(descriptor) == 0
        close(descriptor)
        guard synced, rename(temporary, path) == 0 else {
            let reason = String(cString: strerror(errno))
            unlink(temporary)
            throw .unwritable(path: path, reason: reason)
        }
    }

    /// Takes an unfinished file away.
    func abandon() {
        guard path != nil else { return }
        close(descriptor)
        unlink(temporary)
    }
}
