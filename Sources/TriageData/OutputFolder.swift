internal import Glibc
internal import SystemPackage

/// Writes a folder of files, which appears whole or not at all, and deletes no other file.
///
/// An existing folder is replaced in one step and kept as `NAME.previous`; an older one of that name goes. Both must
/// be of the kind that is written: nothing in them but the named files, the last of which marks a whole one, and a
/// signature of them. A link is followed.
package struct OutputFolder: Sendable {
    /// As the user wrote it, for messages.
    private let path: String
    private let target: String
    private let names: [String]

    private var previous: String { "\(target).previous" }

    /// What a signature adds to a folder: the list of its files' hashes, and the signature of that list.
    package static let signatureNames = ["SHA256SUMS", "SHA256SUMS.minisig"]

    /// The place of a folder at `path` for files of these names.
    ///
    /// - Throws: `DataError.unwritable` when a file is in the way, no folder above may be written to, or what would be
    ///   replaced holds anything else.
    package init(_ path: String, names: [String]) throws(DataError) {
        self.path = OutputFolder.trimmingSlashes(path)
        self.names = names
        target = OutputFolder.resolved(self.path)
        try check()
    }

    /// Writes the files beside the target and puts the whole folder in its place.
    package func write(_ files: [(name: String, bytes: [UInt8])]) throws(DataError) {
        try AtomicOutput.makeFolders(AtomicOutput.parent(of: target))
        let temporary = try makeTemporary()
        do throws(DataError) {
            for file in files {
                try writeDurably(
                    file.bytes, to: "\(temporary)/\(file.name)", naming: "\(path)/\(file.name)")
            }
            try check()
            try replace(by: temporary)
        } catch {
            remove(temporary)
            throw error
        }
        AtomicOutput.syncFolder(of: target)
    }

    // MARK: - What is there

    private func check() throws(DataError) {
        if OutputFolder.kind(of: target) != nil {
            try checkReplaceable(target, naming: path)
            try checkReplaceable(previous, naming: previous)
        }
        var above = AtomicOutput.parent(of: target)
        while !FileInput.exists(above), above != "/", above != "." { above = AtomicOutput.parent(of: above) }
        guard FileInput.isFolder(above) else { throw OutputFolder.inTheWay(above) }
        guard access(above, W_OK | X_OK) == 0 else { throw .unwritable(above, errno: .last) }
    }

    /// Refuses what is there unless it is a folder that is empty, or holds the named files alone.
    private func checkReplaceable(_ folder: String, naming: String) throws(DataError) {
        guard let kind = OutputFolder.kind(of: folder) else { return }
        guard kind != .symbolicLink else {
            throw .unwritable(
                path: naming, reason: "it is a link", remedy: "take the link away, or name another folder")
        }
        guard kind == .directory else { throw OutputFolder.inTheWay(naming) }
        let found = try FileInput.allNames(inFolder: folder)
        guard let marker = names.last, !found.isEmpty else { return }
        guard found.contains(marker) else {
            throw .unwritable(
                path: naming, reason: "the folder holds other files and no \(marker)",
                remedy: "name a new folder, or move those files elsewhere")
        }
        let own = names + OutputFolder.signatureNames
        let stray = found.first {
            !own.contains($0) || OutputFolder.kind(of: "\(folder)/\($0)") != .regular
        }
        if let stray {
            throw .unwritable(
                path: naming, reason: "the folder holds \(stray), which would be lost",
                remedy: "move it elsewhere, or name another folder")
        }
    }

    private static func inTheWay(_ path: String) -> DataError {
        .unwritable(
            path: path, reason: "a file of that name is in the way",
            remedy: "move it elsewhere, or name another folder")
    }

    /// The kind of the file of that name, links not followed; nil when there is none.
    private static func kind(of path: String) -> FileType? {
        (try? Stat(path, followTargetSymlink: false))?.type
    }

    // MARK: - Replacing

    private func replace(by temporary: String) throws(DataError) {
        guard OutputFolder.kind(of: target) != nil else { return try move(temporary, to: target) }
        remove(previous)
        if OutputFolder.exchange(temporary, target) {
            // The new one is in its place: when the old one cannot have its name, it stays under the temporary one.
            rename(temporary, previous)
            return
        }
        try move(target, to: previous)
        do throws(DataError) { try move(temporary, to: target) } catch {
            rename(previous, target)
            throw error
        }
    }

    private func move(_ from: String, to: String) throws(DataError) {
        guard rename(from, to) == 0 else { throw .unwritable(path, errno: .last) }
    }

    /// Swaps two folders in one step; false where the system or its file system cannot.
    private static func exchange(_ first: String, _ second: String) -> Bool {
        typealias Rename =
            @convention(c) (Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32) -> Int32
        guard let symbol = dlsym(nil, "renameat2") else { return false }
        let exchangeBoth: UInt32 = 2
        return unsafeBitCast(symbol, to: Rename.self)(AT_FDCWD, first, AT_FDCWD, second, exchangeBoth) == 0
    }

    /// Removes the named files of a folder, and the folder when it is empty then; a link is left alone.
    private func remove(_ folder: String) {
        try? OutputFolder.delete(folder, names: names)
    }

    /// Deletes the named files of a folder and a signature of them, and the folder, unless it holds anything else.
    ///
    /// - Throws: `DataError.unwritable` when the folder is still there then, or is a link.
    package static func delete(_ folder: String, names: [String]) throws(DataError) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unwritable(folder, errno: .last) }
        for name in names + signatureNames { unlinkat(descriptor, name, 0) }
        close(descriptor)
        guard rmdir(folder) == 0 else { throw .unwritable(folder, errno: .last) }
    }

    // MARK: - Making

    /// A new folder beside the target, under an unused name.
    private func makeTemporary() throws(DataError) -> String {
        for number in 0..<100 {
            let temporary = "\(target).tmp-\(getpid())" + (number == 0 ? "" : "-\(number)")
            if mkdir(temporary, 0o755) == 0 { return temporary }
            guard Errno.last == .fileExists else { throw .unwritable(path, errno: .last) }
        }
        throw .unwritable(path, errno: .fileExists)
    }

    private func writeDurably(_ bytes: [UInt8], to file: String, naming: String) throws(DataError) {
        do throws(Errno) {
            let file = try OpenFile(
                file, .writeOnly, options: [.create, .exclusiveCreate],
                permissions: FilePermissions(rawValue: 0o644))
            defer { file.close() }
            try file.write(bytes)
            try file.sync()
        } catch {
            throw .unwritable(naming, errno: error)
        }
    }

    /// Where links lead, of a path that exists.
    private static func resolved(_ path: String) -> String {
        guard kind(of: path) == .symbolicLink || path.hasSuffix("."), let real = realpath(path, nil) else {
            return path
        }
        defer { free(real) }
        return String(cString: real)
    }

    private static func trimmingSlashes(_ path: String) -> String {
        var path = path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        return path
    }
}
