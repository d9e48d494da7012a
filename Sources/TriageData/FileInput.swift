#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Whole files and folders, read with errors that name them.
public enum FileInput {
    /// All bytes of a file; reading ends soon after `limit` of them.
    public static func bytes(of path: String, limit: Int = .max) throws(DataError) -> [UInt8] {
        let source = try ByteSource(path: path)
        var bytes: [UInt8] = []
        while bytes.count <= limit, let piece = try source.read() { bytes.append(contentsOf: piece) }
        return bytes
    }

    /// Whether there is a file or folder of that name.
    public static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Whether there is a folder of that name.
    public static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// The names in a folder, sorted by their bytes; hidden ones left out.
    public static func names(inFolder path: String) throws(DataError) -> [String] {
        guard let folder = opendir(path) else {
            throw errno == ENOENT ? .notFound(path: path) : .unreadable(path: path, reason: systemReason())
        }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
