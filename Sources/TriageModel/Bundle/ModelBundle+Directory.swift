internal import SystemPackage
internal import TriageData
import TriageNumerics

extension ModelBundle {
    /// Reads and verifies the bundle in a folder, its matrix from the first place that has it.
    ///
    /// The matrix is looked for in the bundle, in `../embeddings/NAME`, then in `embeddings/NAME` below each of
    /// `homes`. With `copying`, all of it is read into private memory: the files may then be overwritten or cut short
    /// in place while the bundle decides. `onPrepare` is called once for each ticket that the bundle prepares.
    package convenience init(
        directory: String, homes: [String] = [], copying: Bool = false,
        onPrepare: (@Sendable () -> Void)? = nil
    ) throws(ModelError) {
        try ModelBundle.requireFolder(directory)
        do { _ = try FileInput.names(inFolder: directory) } catch { throw .data(error) }
        var files: [String: MappedBytes] = [:]
        for name in [
            ModelBundle.manifestFile, ModelBundle.tensorFile, ModelBundle.cardFile, ModelBundle.wordsFile,
        ]
        where FileInput.exists("\(directory)/\(name)") {
            files[name] = try ModelBundle.bytes("\(directory)/\(name)", copying: copying)
        }
        try self.init(files: files, directory: directory, onPrepare: onPrepare) {
            (reference) throws(ModelError) in
            try EmbeddingTable.find(reference, beside: directory, homes: homes, copying: copying)
        }
    }

    static func requireFolder(_ path: String) throws(ModelError) {
        guard !FileInput.isFolder(path) else { return }
        throw FileInput.exists(path)
            ? .data(.notAFolder(path: path)) : .data(.absent(path))
    }

    /// The files of this bundle, which lies in `directory`, under a manifest with the same columns.
    package func files(
        in directory: String, under manifest: ModelManifest
    ) throws -> [(name: String, bytes: [UInt8])] {
        let name = (card: ModelBundle.cardFile, tensors: ModelBundle.tensorFile)
        let card = String(decoding: try FileInput.bytes(of: "\(directory)/\(name.card)"), as: UTF8.self)
        let tensors = try FileInput.bytes(of: "\(directory)/\(name.tensors)")
        return try manifest.files(tensors: tensors, words: topFeatures, cardNotes: ModelCard.notes(in: card))
            .files
    }

    static func bytes(_ path: String, copying: Bool) throws(ModelError) -> MappedBytes {
        do { return try MappedBytes(file: path, copying: copying) } catch {
            switch error {
            case .cannotMap(_, let error):
                throw .data(.unreadable(path: path, reason: error.description))
            case .notAFile:
                throw .data(
                    .notAFile(path: path, kind: FileInput.isFolder(path) ? "folder" : "pipe or device"))
            case .outOfBounds: throw .damaged(part: path)
            }
        }
    }
}

extension EmbeddingTable {
    /// The names of a matrix's files.
    package static let tableFile = "table.safetensors"
    static let vocabularyFile = "vocab.txt"

    /// The matrix in a folder: `table.safetensors` and `vocab.txt`.
    package convenience init(directory: String, copying: Bool = false) throws(ModelError) {
        try ModelBundle.requireFolder(directory)
        guard FileInput.exists("\(directory)/\(Self.tableFile)") else {
            throw .missingFile(name: Self.tableFile, directory: directory)
        }
        let file = try ModelBundle.bytes("\(directory)/\(Self.tableFile)", copying: copying)
        let vocabulary: [UInt8]
        do { vocabulary = try FileInput.bytes(of: "\(directory)/\(Self.vocabularyFile)") } catch {
            throw .data(error)
        }
        do throws(ModelError) {
            try self.init(table: SafeTensors(file), vocabulary: vocabulary, sha256: Checksum.sha256(file))
        } catch {
            throw error.placed(in: directory)
        }
    }

    static func find(
        _ reference: ModelManifest.EmbeddingReference, beside bundle: String, homes: [String], copying: Bool
    ) throws(ModelError) -> EmbeddingTable {
        let name = reference.name
        let places =
            [bundle, "\(bundle)/../embeddings/\(name)"]
            + homes.flatMap { ["\($0)/embeddings/\(name)", "\($0)/models/embeddings/\(name)"] }
        var other: String?
        for place in places where FileInput.exists("\(place)/\(Self.tableFile)") {
            let table = try EmbeddingTable(directory: place, copying: copying)
            guard table.sha256 == reference.sha256 else {
                other = other ?? place
                continue
            }
            guard reference.vocabularySHA256 ?? table.vocabularySHA256 == table.vocabularySHA256 else {
                throw .checksumMismatch(file: Self.vocabularyFile, directory: place)
            }
            return table
        }
        if let other { throw .otherEmbedding(name: name, sha256: reference.sha256, directory: other) }
        throw .embeddingNotFound(name: name, sha256: reference.sha256, searched: places)
    }
}
