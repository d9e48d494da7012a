internal import Glibc
internal import SystemPackage

/// Writing so that a reader, a crash or a full disk never meets half a result.
package enum AtomicOutput {
    /// Writes `bytes` to `path`: a temporary file beside it, fsync, rename.
    ///
    /// A link is followed; a device or a pipe is written to as it is. `permissions` are those of a file that is new.
    package static func write(
        _ bytes: [UInt8], to path: String, permissions: UInt32 = 0o644
    ) throws(DataError) {
        let place = try OutputPlace(path, permissions: permissions)
        do throws(DataError) {
            let file = try place.open()
            defer { file.close() }
            do { try file.write(bytes) } catch { throw .unwritable(path, errno: error) }
            try place.publish(file)
        } catch {
            place.discard()
            throw error
        }
    }

    /// Writes a folder of files, the last of which marks a whole one, as `OutputFolder` does.
    package static func write(_ files: [(name: String, bytes: [UInt8])], toFolder directory: String)
        throws(DataError)
    {
        try OutputFolder(directory, names: files.map(\.name)).write(files)
    }

    package static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Refuses a file whose folder is missing or cannot be written to.
    package static func checkFolder(of path: String) throws(DataError) {
        guard access(parent(of: path), W_OK | X_OK) == 0 else { throw .unwritable(path, errno: .last) }
    }

    /// Refuses a file that `write` could not replace, by trying the file that would be written beside it.
    package static func checkReplaceable(_ path: String) throws(DataError) {
        let place = try OutputPlace(path)
        defer { place.discard() }
        try place.open().close()
    }

    /// Makes a folder, and those it lies in, where they are missing.
    package static func makeFolders(_ path: String) throws(DataError) {
        guard !path.isEmpty, path != "/", path != ".", !FileInput.exists(path) else { return }
        try makeFolders(parent(of: path))
        guard mkdir(path, 0o755) == 0 || Errno.last == .fileExists else {
            throw .unwritable(path, errno: .last)
        }
    }

    /// Removes a file or an empty folder, if it is there.
    package static func remove(_ path: String) { _ = Glibc.remove(path) }

    /// Has the system write the entries of the folder that a path lies in.
    package static func syncFolder(of path: String) {
        guard let folder = try? OpenFile(parent(of: path), .readOnly, options: .directory) else { return }
        try? folder.sync()
        folder.close()
    }
}
