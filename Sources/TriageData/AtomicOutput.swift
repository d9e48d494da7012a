#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Writing so that a reader, a crash or a full disk never meets half a result.
public enum AtomicOutput {
    /// Writes `bytes` to `path`: a temporary file beside it, fsync, rename.
    public static func write(_ bytes: [UInt8], to path: String) throws(DataError) {
        let temporary = "\(path).tmp-\(getpid())"
        do throws(DataError) {
            try writeDurably(bytes, to: temporary, naming: path)
            guard rename(temporary, path) == 0 else {
                throw DataError.unwritable(path: path, reason: systemReason())
            }
        } catch {
            unlink(temporary)
            throw error
        }
        syncFolder(of: path)
    }

    /// Writes a folder of files; an existing one is replaced in one step and kept as `directory.previous`.
    public static func write(_ files: [(name: String, bytes: [UInt8])], toFolder directory: String)
        throws(DataError)
    {
        let target = trimmingSlashes(directory)
        let temporary = "\(target).tmp-\(getpid())"
        try makeFolders(parent(of: target))
        removeFolder(temporary)
        do throws(DataError) {
            guard mkdir(temporary, 0o755) == 0 else {
                throw DataError.unwritable(path: target, reason: systemReason())
            }
            for file in files {
                try writeDurably(
                    file.bytes, to: "\(temporary)/\(file.name)", naming: "\(target)/\(file.name)")
            }
            try replaceFolder(target, by: temporary)
        } catch {
            removeFolder(temporary)
            throw error
        }
        syncFolder(of: target)
    }

    private static func replaceFolder(_ target: String, by temporary: String) throws(DataError) {
        var status = stat()
        if lstat(target, &status) != 0 {
            guard rename(temporary, target) == 0 else {
                throw .unwritable(path: target, reason: systemReason())
            }
            return
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw .unwritable(path: target, reason: "a file of that name is in the way")
        }
        let previous = "\(target).previous"
        removeFolder(previous)
        guard rename(target, previous) == 0 else { throw .unwritable(path: target, reason: systemReason()) }
        guard rename(temporary, target) == 0 else {
            let reason = systemReason()
            rename(previous, target)
            throw .unwritable(path: target, reason: reason)
        }
    }

    private static func writeDurably(_ bytes: [UInt8], to path: String, naming: String) throws(DataError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .unwritable(path: naming, reason: systemReason()) }
        defer { close(descriptor) }
        try writeAll(bytes, to: descriptor, naming: naming)
        guard fsync(descriptor) == 0 else { throw .unwritable(path: naming, reason: systemReason()) }
    }

    /// Writes all of `bytes` to an open descriptor.
    static func writeAll(_ bytes: [UInt8], to descriptor: Int32, naming: String) throws(DataError) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(descriptor, buffer.baseAddress.map { $0 + written }, buffer.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .unwritable(path: naming, reason: systemReason()) }
            written += count
        }
    }

    // MARK: - Folders

    private static func makeFolders(_ path: String) throws(DataError) {
        guard !path.isEmpty, path != "/", path != "." else { return }
        var status = stat()
        if stat(path, &status) == 0 { return }
        try makeFolders(parent(of: path))
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else {
            throw .unwritable(path: path, reason: systemReason())
        }
    }

    /// Removes a flat folder of our own making; anything unexpected in it is left alone.
    private static func removeFolder(_ path: String) {
        guard let folder = opendir(path) else { return }
        defer { closedir(folder) }
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { unlink("\(path)/\(name)") }
        }
        rmdir(path)
    }

    private static func trimmingSlashes(_ path: String) -> String {
        var path = path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        return path
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func syncFolder(of path: String) {
        let descriptor = open(parent(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}
