internal import TriageData

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif

/// What the one writer of a store holds: an advisory lock on a file that says who it is.
///
/// The system lets it go when the process ends, however it ends.
final class StoreLock: Sendable {
    private let descriptor: Int32
    /// Whether the last writer was killed, crashed, or lost its power: it has left its id.
    let followsCrash: Bool

    /// - Throws: `StoreError.locked` with the other's process id.
    init(_ folder: StoreFolder) throws(StoreError) {
        let descriptor = open(folder.lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            if errno == EROFS || errno == EACCES { throw .readOnly(path: folder.path) }
            throw .data(.unwritable(folder.lock, errno: errno))
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let owner = StoreLock.owner(descriptor)
            close(descriptor)
            throw .locked(path: folder.path, pid: owner)
        }
        self.descriptor = descriptor
        followsCrash = lseek(descriptor, 0, SEEK_END) > 0
        ftruncate(descriptor, 0)
        let text = Array("\(getpid())\n".utf8)
        _ = pwrite(descriptor, text, text.count, 0)
    }

    /// The file that is locked.
    var identity: FileIdentity? { FileIdentity(descriptor: descriptor) }

    /// Says that the writer has ended well: what it wrote is whole.
    func leave() { ftruncate(descriptor, 0) }

    deinit { close(descriptor) }

    private static func owner(_ descriptor: Int32) -> Int32? {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        let digits = bytes.prefix(max(0, count)).prefix { (0x30...0x39).contains($0) }
        return Int32(String(decoding: digits, as: UTF8.self))
    }
}
