#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Writing so that a reader, a crash or a full disk never meets half a result.
public enum AtomicOutput {
    /// Writes `bytes` to `path`: a temporary file beside it, fsync, rename.
    ///
    /// A link is followed; a device or a pipe is written to as it is.
    public static func write(_ bytes: [UInt8], to path: String) throws(DataError) {
        let place = try OutputPlace(path)
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

    /// Says before long work whether a folder could be written there.
    ///
    /// - Throws: `DataError.unwritable` when a file is in the way, no folder above may be written to, or what is there
    ///   has files but not the one called `marker`: then it is somebody else's, and replacing it would be a loss.
    public static func checkFolder(_ directory: String, holding marker: String) throws(DataError) {
        let target = trimmingSlashes(directory)
        if FileInput.exists(target) {
            guard FileInput.isFolder(target) else { throw inTheWay(target) }
            let isEmpty = try FileInput.names(inFolder: target).isEmpty
            guard isEmpty || FileInput.exists("\(target)/\(marker)") else {
                throw .unwritable(
                    path: target, reason: "the folder holds other files and no \(marker); name a new one")
            }
        }
        var above = parent(of: target)
        while !FileInput.exists(above), above != "/", above != "." { above = parent(of: above) }
        guard FileInput.isFolder(above) else { throw inTheWay(above) }
        guard access(above, W_OK | X_OK) == 0 else {
            throw .unwritable(path: above, reason: systemReason())
        }
    }

    private static func inTheWay(_ path: String) -> DataError {
        .unwritable(path: path, reason: "a file of that name is in the way")
    }

    private static func replaceFolder(_ target: String, by temporary: String) throws(DataError) {
        var status = stat()
        if lstat(target, &status) != 0 {
            guard rename(temporary, target) == 0 else {
                throw .unwritable(path: target, reason: systemReason())
            }
            return
        }
        guard FileInput.isFolder(target) else { throw inTheWay(target) }
        let previous = "\(target).previous"
        removeFolder(previous)
        if exchange(temporary, target) {
            // The new one is in its place already; that the old one cannot be kept is no reason to fail.
            if rename(temporary, previous) != 0 { removeFolder(temporary) }
            return
        }
        guard rename(target, previous) == 0 else { throw .unwritable(path: target, reason: systemReason()) }
        guard rename(temporary, target) == 0 else {
            let reason = systemReason()
            rename(previous, target)
            throw .unwritable(path: target, reason: reason)
        }
    }

    /// Swaps two folders in one step; false where the system or its file system cannot.
    private static func exchange(_ first: String, _ second: String) -> Bool {
        #if os(Linux)
        typealias Rename =
            @convention(c) (Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32) -> Int32
        guard let symbol = dlsym(nil, "renameat2") else { return false }
        let exchangeBoth: UInt32 = 2
        return unsafeBitCast(symbol, to: Rename.self)(AT_FDCWD, first, AT_FDCWD, second, exchangeBoth) == 0
        #else
        return false
        #endif
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

    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    static func syncFolder(of path: String) {
        let descriptor = open(parent(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}
