#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Whole files and folders, read with errors that name them.
package enum FileInput {
    /// All bytes of a regular file; reading ends soon after `limit` of them.
    package static func bytes(of path: String, limit: Int = .max) throws(DataError) -> [UInt8] {
        let source = try ByteSource(path: path, regularOnly: true)
        var bytes: [UInt8] = []
        while bytes.count <= limit, let piece = try source.read() { bytes.append(contentsOf: piece) }
        return bytes
    }

    static let folderKind = "folder"

    /// What an open file is in a user's words; nil for a regular one.
    static func kind(ofOpen descriptor: Int32) -> String? {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        return switch status.st_mode & S_IFMT {
        case S_IFREG: nil
        case S_IFDIR: folderKind
        case S_IFIFO: "pipe"
        case S_IFSOCK: "socket"
        default: "device"
        }
    }

    /// Whether there is a file or folder of that name.
    package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Whether there is a folder of that name.
    package static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Whether a folder has a file of that name, or cannot be looked into.
    package static func mayHold(_ name: String, inFolder path: String) -> Bool {
        exists("\(path)/\(name)") || isFolder(path) && access(path, R_OK | X_OK) != 0
    }

    /// Whether an input and an output are one regular file, by whatever names; "-" is standard input, nil standard
    /// output.
    package static func isSameFile(_ input: String, asOutput output: String?) -> Bool {
        var (source, sink) = (stat(), stat())
        let sourceKnown = input == "-" ? fstat(0, &source) : stat(input, &source)
        let sinkKnown = output.map { stat($0, &sink) } ?? fstat(1, &sink)
        return sourceKnown == 0 && sinkKnown == 0 && source.st_mode & S_IFMT == S_IFREG
            && source.st_dev == sink.st_dev && source.st_ino == sink.st_ino
    }

    /// The names in a folder, sorted by their bytes; hidden ones left out.
    package static func names(inFolder path: String) throws(DataError) -> [String] {
        try allNames(inFolder: path).filter { !$0.hasPrefix(".") }
    }

    /// The names in a folder, hidden ones too, sorted by their bytes.
    static func allNames(inFolder path: String) throws(DataError) -> [String] {
        guard let folder = opendir(path) else {
            guard errno != ENOTDIR || !exists(path) else { throw .notAFolder(path: path) }
            throw errno == ENOENT || errno == ENOTDIR
                ? .notFound(path: path) : .unreadable(path: path, reason: systemReason())
        }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
