#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Where the bytes of one output file go: beside the target until it is whole, or straight into a device or a pipe.
///
/// An existing file keeps its permissions, so that a private one does not become public, and a link its target.
package struct OutputPlace: Sendable {
    /// The file that is written to before it is whole; nil for a device or a pipe.
    package let temporary: String?
    private let path: String
    private let target: String
    private let permissions: mode_t

    /// The place of a file called `path`; one that is new gets `permissions`.
    ///
    /// - Throws: `DataError.unwritable` when it is a folder.
    package init(_ path: String, permissions: UInt32 = 0o644) throws(DataError) {
        self.path = path
        var status = stat()
        guard stat(path, &status) == 0 else {
            (target, temporary, self.permissions) = (path, "\(path).tmp-\(getpid())", mode_t(permissions))
            return
        }
        guard status.st_mode & S_IFMT != S_IFDIR else {
            throw .unwritable(path: path, reason: "it is a folder", remedy: "name a file")
        }
        self.permissions = status.st_mode & 0o777
        guard status.st_mode & S_IFMT == S_IFREG else {
            (target, temporary) = (path, nil)
            return
        }
        let resolved = realpath(path, nil)
        target = resolved.map { String(cString: $0) } ?? path
        free(resolved)
        temporary = "\(target).tmp-\(getpid())"
    }

    /// Opens what is to be written to.
    package func open() throws(DataError) -> Int32 {
        let flags = O_WRONLY | O_CLOEXEC | (temporary == nil ? 0 : O_CREAT | O_TRUNC)
        let descriptor = systemOpen(temporary ?? target, flags, permissions)
        guard descriptor >= 0 else { throw .unwritable(path, errno: errno) }
        if temporary != nil { fchmod(descriptor, permissions) }
        return descriptor
    }

    /// Puts the whole file in its place; the descriptor stays the caller's to close.
    package func publish(_ descriptor: Int32) throws(DataError) {
        guard let temporary else { return }
        guard fsync(descriptor) == 0, rename(temporary, target) == 0 else {
            throw .unwritable(path, errno: errno)
        }
        AtomicOutput.syncFolder(of: target)
    }

    /// Takes an unfinished file away.
    package func discard() {
        if let temporary { unlink(temporary) }
    }
}

private func systemOpen(_ path: String, _ flags: Int32, _ permissions: mode_t) -> Int32 {
    open(path, flags, permissions)
}
