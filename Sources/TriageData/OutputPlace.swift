internal import Glibc
internal import SystemPackage

/// Where the bytes of one output file go: beside the target until it is whole, or straight into a device or a pipe.
///
/// An existing file keeps its permissions, so that a private one does not become public, and a link its target.
package struct OutputPlace: Sendable {
    /// The file that is written to before it is whole; nil for a device or a pipe.
    package let temporary: String?
    private let path: String
    private let target: String
    private let permissions: FilePermissions

    /// The place of a file called `path`; one that is new gets `permissions`.
    ///
    /// - Throws: `DataError.unwritable` when it is a folder.
    package init(_ path: String, permissions: UInt32 = 0o644) throws(DataError) {
        self.path = path
        guard let status = try? Stat(path) else {
            (target, temporary) = (path, "\(path).tmp-\(getpid())")
            self.permissions = FilePermissions(rawValue: permissions)
            return
        }
        guard status.type != .directory else {
            throw .unwritable(path: path, reason: "it is a folder", remedy: "name a file")
        }
        self.permissions = status.permissions.intersection(FilePermissions(rawValue: 0o777))
        guard status.type == .regular else {
            (target, temporary) = (path, nil)
            return
        }
        let resolved = realpath(path, nil)
        target = resolved.map { String(cString: $0) } ?? path
        free(resolved)
        temporary = "\(target).tmp-\(getpid())"
    }

    package func open() throws(DataError) -> OpenFile {
        do {
            guard let temporary else { return try OpenFile(target, .writeOnly) }
            let file = try OpenFile(
                temporary, .writeOnly, options: [.create, .truncate], permissions: permissions)
            file.setPermissions(permissions)
            return file
        } catch {
            throw .unwritable(path, errno: error)
        }
    }

    /// Puts the whole file in its place; the caller closes it.
    package func publish(_ file: OpenFile) throws(DataError) {
        guard let temporary else { return }
        do { try file.sync() } catch { throw .unwritable(path, errno: error) }
        guard rename(temporary, target) == 0 else { throw .unwritable(path, errno: .last) }
        AtomicOutput.syncFolder(of: target)
    }

    /// Takes an unfinished file away.
    package func discard() {
        if let temporary { unlink(temporary) }
    }
}
