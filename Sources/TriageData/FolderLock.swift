#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Keeps a file that is replaced whole from being changed by two programs at once.
///
/// The lock is on the file's folder, for the file itself is another one after each change.
package struct FolderLock: Sendable {
    private let descriptor: Int32

    /// Waits until no other holder has the folder of `path`.
    package init(holding path: String) throws(DataError) {
        let folder = AtomicOutput.parent(of: path)
        descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unwritable(path, errno: errno) }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else {
                let code = errno
                close(descriptor)
                throw .unwritable(path, errno: code)
            }
        }
    }

    /// Lets others have it.
    package func release() { close(descriptor) }
}
