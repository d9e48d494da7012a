internal import TriageData

/// A folder whose files are just those that were signed.
///
/// `SHA256SUMS` lists every file below the folder with its SHA-256, as `sha256sum` writes it, and `SHA256SUMS.minisig` is
/// a signature of that list. So Debian's `minisign` and `sha256sum` can check the folder too.
package struct SignedFolder: Sendable {
    package let path: String
    package let signed: TrustedKeys.Signed
    /// The SHA-256 of each file, by the bytes of its path in the folder: strings of other bytes may be equal.
    private let hashes: [[UInt8]: String]

    package static let listName = OutputFolder.signatureNames[0]
    package static let signatureName = OutputFolder.signatureNames[1]

    package var fileCount: Int { hashes.count }

    // MARK: - Signing

    /// Signs every file of a folder; the same files and key give the same bytes.
    ///
    /// - Returns: How many files the list has.
    package static func write(
        _ folder: String, by key: SigningKey, comment: String? = nil
    ) throws(SignatureError) -> Int {
        let names = try files(of: folder)
        guard !names.isEmpty else { throw .data(.notFound(path: "\(folder)/*")) }
        var list = ""
        for name in names { list += "\(try hash(folder, name))  \(name)\n" }
        let place = "\(folder)/\(signatureName)"
        let message = try FileSignature.message(of: Array(list.utf8), .hashed)
        let signature = try FileSignature(
            message, by: key, form: .hashed,
            comment: comment ?? "file:\(listName)\tfiles:\(names.count)\thashed")
        do throws(DataError) {
            try AtomicOutput.write(Array(list.utf8), to: "\(folder)/\(listName)")
            try AtomicOutput.write(Array(signature.text.utf8), to: place)
        } catch { throw .data(error) }
        return names.count
    }

    // MARK: - Checking

    /// Checks every file of a folder.
    ///
    /// - Throws: `SignatureError` when the folder is not signed with one of the keys, or a file was changed, added or taken
    ///   away since.
    package init(_ folder: String, by trusted: TrustedKeys) throws(SignatureError) {
        path = folder
        let list = "\(folder)/\(SignedFolder.listName)"
        guard FileInput.isFolder(folder) else {
            throw .data(FileInput.exists(folder) ? .notAFolder(path: folder) : .absent(folder))
        }
        for name in [SignedFolder.listName, SignedFolder.signatureName]
        where !FileInput.exists("\(folder)/\(name)") {
            throw .notSigned(path: folder, searched: ["\(folder)/\(name)"])
        }
        let bytes: [UInt8]
        do throws(DataError) { bytes = try FileInput.bytes(of: list) } catch { throw .data(error) }
        signed = try trusted.check(bytes, of: list)
        hashes = try SignedFolder.hashes(bytes, path: list)
        let found = try SignedFolder.files(of: folder)
        if let added = found.first(where: { hashes[Array($0.utf8)] == nil }) {
            throw .added(file: added, folder: folder)
        }
        let present = Set(found.map { Array($0.utf8) })
        let missing = hashes.keys.filter { !present.contains($0) }.map { String(decoding: $0, as: UTF8.self) }
        if let first = missing.min() { throw .missing(file: first.shown, folder: folder) }
        for name in found { try check(SignedFolder.hash(folder, name), of: name) }
    }

    /// Checks the SHA-256 of what was read from a file of the folder.
    package func check(_ sha256: String, of name: String) throws(SignatureError) {
        guard hashes[Array(name.utf8)] == sha256 else { throw .changed(file: name, folder: path) }
    }

    private static func hash(_ folder: String, _ name: String) throws(SignatureError) -> String {
        do throws(DataError) { return try Checksum.sha256(file: "\(folder)/\(name)") } catch {
            throw .data(error)
        }
    }

    /// The list's lines: 64 digits, two spaces, a path.
    private static func hashes(_ bytes: [UInt8], path: String) throws(SignatureError) -> [[UInt8]: String] {
        var hashes: [[UInt8]: String] = [:]
        for (place, line) in bytes.split(separator: UInt8(ascii: "\n")).enumerated() {
            let name = Array(line.dropFirst(66))
            let hash = String(decoding: line.prefix(64), as: UTF8.self)
            guard Hexadecimal.bytes(hash)?.count == SHA256.byteCount,
                line.dropFirst(64).starts(with: "  ".utf8), !name.isEmpty,
                hashes.updateValue(hash, forKey: name) == nil
            else {
                throw .badFormat(
                    path: path, line: place + 1, problem: "expected a hash, two spaces and a new name")
            }
        }
        return hashes
    }

    // MARK: - What is there

    /// The paths of all files below a folder, but its own list and signature; sorted by their bytes.
    private static func files(of folder: String) throws(SignatureError) -> [String] {
        var files: [String] = []
        try collect(folder, "", depth: 0, into: &files)
        return files.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private static let maximumDepth = 32

    private static func collect(
        _ folder: String, _ inner: String, depth: Int, into files: inout [String]
    ) throws(SignatureError) {
        let names: [String]
        do throws(DataError) { names = try FileInput.allNames(inFolder: "\(folder)/\(inner)") } catch {
            throw .data(error)
        }
        for name in names where !(inner.isEmpty && OutputFolder.signatureNames.contains(name)) {
            let path = inner + name
            guard name.shown == name, !name.contains("\\"), !name.contains("\u{FFFD}") else {
                throw .badName(folder: folder, name: path.shown, problem: "a name with unusual characters")
            }
            switch FileInput.entryKind("\(folder)/\(path)") {
            case .file: files.append(path)
            case .folder where depth < maximumDepth:
                try collect(folder, path + "/", depth: depth + 1, into: &files)
            case .folder: throw .badName(folder: folder, name: path, problem: "folders in too many folders")
            case .other: throw .badName(folder: folder, name: path, problem: "neither a file nor a folder")
            }
        }
    }
}
