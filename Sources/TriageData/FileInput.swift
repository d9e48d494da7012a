internal import Glibc
internal import SystemPackage

/// Whole files and folders, read with errors that name them.
package enum FileInput {
    /// All bytes of a regular file; reading ends soon after `limit` of them.
    package static func bytes(of path: String, limit: Int = .max) throws(DataError) -> [UInt8] {
        let source = try ByteSource(path: path, regularOnly: true)
        var bytes: [UInt8] = []
        while bytes.count <= limit, let piece = try source.read() { bytes.append(contentsOf: piece) }
        return bytes
    }

    /// Gives all bytes of a regular file in pieces, in bounded memory.
    package static func pieces(of path: String, _ use: ([UInt8]) -> Void) throws(DataError) {
        let source = try ByteSource(path: path, regularOnly: true)
        while let piece = try source.read() { use(piece) }
    }

    static let folderKind = "folder"

    /// What an open file is in a user's words; nil for a regular one.
    static func kind(of file: OpenFile) -> String? {
        switch (try? file.status())?.type {
        case nil, .regular?: nil
        case .directory?: folderKind
        case .fifo?: "pipe"
        case .socket?: "socket"
        default: "device"
        }
    }

    package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// The user that owns a file or folder; nil without one.
    package static func owner(of path: String) -> UInt32? { (try? Stat(path))?.userID.rawValue }

    package static func isFolder(_ path: String) -> Bool { (try? Stat(path))?.type == .directory }

    /// The bytes of a regular file; nil for anything else.
    package static func size(of path: String) -> Int? {
        guard let status = try? Stat(path), status.type == .regular else { return nil }
        return Int(status.size)
    }

    /// A text that changes whenever a file does: its size, its number, and when it and its entry changed; nil without a file.
    package static func signature(of path: String) -> String? {
        var status = stat()
        guard fstatat(AT_FDCWD, path, &status, 0) == 0 else { return nil }
        let (changed, entry) = (status.st_mtim, status.st_ctim)
        let times = [changed.tv_sec, changed.tv_nsec, entry.tv_sec, entry.tv_nsec]
        return "\(status.st_size) \(status.st_ino) \(times)"
    }

    /// A path from the root on, with links followed; as it is when nothing is there.
    package static func absolute(_ path: String) -> String {
        guard let found = realpath(path, nil) else { return path }
        defer { free(found) }
        return String(cString: found)
    }

    /// Whether a folder has a file of that name, or cannot be looked into.
    package static func mayHold(_ name: String, inFolder path: String) -> Bool {
        exists("\(path)/\(name)") || isFolder(path) && access(path, R_OK | X_OK) != 0
    }

    /// Whether an input and an output are one regular file, by whatever names; "-" is standard input, nil standard
    /// output.
    package static func isSameFile(_ input: String, asOutput output: String?) -> Bool {
        let source = try? input == "-" ? OpenFile.standardInput.status() : Stat(input)
        let sink = output.map { FileIdentity(path: $0) } ?? FileIdentity(.standardOutput)
        return source?.type == .regular && source.map { FileIdentity($0) } == sink
    }

    /// Whether two outputs are one regular file, by whatever names, or one that would be new.
    package static func isSamePlace(_ first: String, _ second: String) -> Bool {
        guard let one = try? Stat(first), let other = try? Stat(second) else {
            return !exists(first) && !exists(second) && name(first) == name(second)
                && FileIdentity(path: AtomicOutput.parent(of: first))
                    == FileIdentity(path: AtomicOutput.parent(of: second))
        }
        return one.type == .regular && FileIdentity(one) == FileIdentity(other)
    }

    private static func name(_ path: String) -> Substring { path.split(separator: "/").last ?? "" }

    /// A line for each file that is named more than once, by whatever names: its rows count as often.
    package static func notesOfRepeated(_ paths: [String]) -> [String] {
        paths.indices.compactMap { place in
            guard paths[place] != "-", let file = FileIdentity(path: paths[place]) else { return nil }
            let earlier = paths[..<place].first { $0 != "-" && FileIdentity(path: $0) == file }
            return earlier.map {
                let name = $0 == paths[place] ? "" : " (as \($0))"
                return
                    "warning: \(paths[place]): given before\(name); each of its rows counts once more; leave it out"
            }
        }
    }

    /// The names in a folder, sorted by their bytes; hidden ones left out.
    package static func names(inFolder path: String) throws(DataError) -> [String] {
        try allNames(inFolder: path).filter { !$0.hasPrefix(".") }
    }

    /// The kind of what a path names, links not followed: a regular file, a folder, or neither.
    package enum EntryKind: Sendable { case file, folder, other }

    package static func entryKind(_ path: String) -> EntryKind {
        switch (try? Stat(path, followTargetSymlink: false))?.type {
        case .regular?: .file
        case .directory?: .folder
        default: .other
        }
    }

    /// The names in a folder, hidden ones too, sorted by their bytes.
    package static func allNames(inFolder path: String) throws(DataError) -> [String] {
        guard let folder = opendir(path) else {
            let error = Errno.last
            guard error != .notDirectory || !exists(path) else { throw .notAFolder(path: path) }
            throw .unreadable(path, errno: error)
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
