package import TriageData

extension TrustedKeys {
    /// Reads a bundle; where keys are trusted, its folder must be signed with one of them.
    ///
    /// The hash of the bytes that were loaded is compared, so that a file that changes after the check is found too. The
    /// manifest names the hashes of the bundle's files and of its matrix, wherever that lies.
    ///
    /// - Throws: `ModelError` for a bundle that cannot be read, `SignatureError` for one that is not signed.
    package func bundle(
        _ directory: String, homes: [String] = [], copying: Bool = false
    ) throws -> ModelBundle {
        let signed = try folder(directory)
        let bundle = try ModelBundle(directory: directory, homes: homes, copying: copying)
        guard let signed else { return bundle }
        let manifest = "\(directory)/\(ModelBundle.manifestFile)"
        try signed.check(bundle.sha256, of: ModelBundle.manifestFile)
        guard bundle.manifest.embedding.map({ $0.vocabularySHA256 != nil }) ?? true else {
            throw SignatureError.unboundMatrix(path: manifest)
        }
        return bundle
    }

    /// Reads an embedding matrix; where keys are trusted, its folder must be signed with one of them.
    ///
    /// - Throws: `ModelError` for a matrix that cannot be read, `SignatureError` for one that is not signed.
    package func matrix(_ directory: String, copying: Bool = false) throws -> EmbeddingTable {
        let signed = try folder(directory)
        let table = try EmbeddingTable(directory: directory, copying: copying)
        try signed?.check(table.sha256, of: EmbeddingTable.tableFile)
        try signed?.check(table.vocabularySHA256, of: EmbeddingTable.vocabularyFile)
        return table
    }

    private func folder(_ directory: String) throws(SignatureError) -> SignedFolder? {
        areRequired ? try SignedFolder(directory, by: self) : nil
    }

    /// What reads the files of a folder, or one file, whose signature was checked before.
    ///
    /// - Throws: `SignatureError` when the folder is not signed; a single file is checked when it is read.
    package func reader(of path: String) throws(SignatureError) -> SignedFileReader {
        SignedFileReader(
            trusted: self, folder: FileInput.isFolder(path) ? try folder(path) : nil)
    }
}

/// Reads files; where keys are trusted, just the bytes that were signed.
package struct SignedFileReader: Sendable {
    fileprivate let trusted: TrustedKeys
    /// The signed folder that was checked whole.
    fileprivate let folder: SignedFolder?

    fileprivate init(trusted: TrustedKeys, folder: SignedFolder?) {
        (self.trusted, self.folder) = (trusted, folder)
    }

    /// A reader that requires no signature.
    package static let unchecked = SignedFileReader(trusted: .none, folder: nil)

    /// The bytes of a file: one of the checked folder, one of another signed folder, or one with a signature beside it.
    package func bytes(of path: String, limit: Int = .max) throws(SignatureError) -> [UInt8] {
        let bytes: [UInt8]
        do throws(DataError) { bytes = try FileInput.bytes(of: path, limit: limit) } catch {
            throw .data(error)
        }
        guard trusted.areRequired else { return bytes }
        if let folder, path.hasPrefix("\(folder.path)/") {
            try folder.check(Checksum.sha256(bytes), of: String(path.dropFirst(folder.path.count + 1)))
            return bytes
        }
        let parent = AtomicOutput.parent(of: path)
        guard !FileInput.exists(path + FileSignature.fileEnding),
            FileInput.exists("\(parent)/\(SignedFolder.signatureName)")
        else {
            try trusted.check(bytes, of: path)
            return bytes
        }
        let name = path.split(separator: "/").last.map(String.init) ?? path
        try SignedFolder(parent, by: trusted).check(Checksum.sha256(bytes), of: name)
        return bytes
    }
}
