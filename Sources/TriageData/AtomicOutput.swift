#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif

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
            let descriptor = try place.open()
            defer { close(descriptor) }
            try writeAll(bytes, to: descriptor, naming: path)
            try place.publish(descriptor)
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

    /// Writes all of `bytes` to an open descriptor.
    static func writeAll(_ bytes: [UInt8], to descriptor: Int32, naming: String) throws(DataError) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(descriptor, buffer.baseAddress.map { $0 + written }, buffer.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .unwritable(naming, errno: errno) }
            written += count
        }
    }

    package static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Makes a folder, and those it lies in, where they are missing.
    package static func makeFolders(_ path: String) throws(DataError) {
        guard !path.isEmpty, path != "/", path != ".", !FileInput.exists(path) else { return }
        try makeFolders(parent(of: path))
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw .unwritable(path, errno: errno) }
    }

    /// Has the system write the entries of the folder that a path lies in.
    package static func syncFolder(of path: String) {
        let descriptor = open(parent(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}
