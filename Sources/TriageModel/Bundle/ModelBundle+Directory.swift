internal import TriageData
public import TriageNumerics

extension ModelBundle {
    /// Reads and verifies the bundle in a folder, its matrix from the first place that has it.
    ///
    /// The matrix is looked for in the bundle, in `../embeddings/NAME`, then in `embeddings/NAME` below each of
    /// `homes`.
    public convenience init(directory: String, homes: [String] = []) throws(ModelError) {
        guard FileInput.isFolder(directory) else {
            throw FileInput.exists(directory)
                ? .data(.unreadable(path: directory, reason: "it is no folder; a bundle is one"))
                : .data(.notFound(path: directory))
        }
        do { _ = try FileInput.names(inFolder: directory) } catch { throw .data(error) }
        var files: [String: MappedBytes] = [:]
        for name in [
            ModelBundle.manifestFile, ModelBundle.tensorFile, ModelBundle.cardFile, ModelBundle.wordsFile,
        ]
        where FileInput.exists("\(directory)/\(name)") {
            files[name] = try ModelBundle.map("\(directory)/\(name)")
        }
        try self.init(files: files, directory: directory) { (reference) throws(ModelError) in
            try EmbeddingTable.find(reference, beside: directory, homes: homes)
        }
    }

    static func map(_ path: String) throws(ModelError) -> MappedBytes {
        do { return try MappedBytes(mappingFile: path) } catch {
            guard case .cannotMap(_, let code) = error else { throw .damaged(part: path) }
            throw .data(.unreadable(path: path, reason: DataError.reason(code)))
        }
    }
}

extension EmbeddingTable {
    /// The matrix in a folder: `table.safetensors` and `vocab.txt`.
    public convenience init(directory: String) throws(ModelError) {
        guard FileInput.exists("\(directory)/table.safetensors") else {
            throw .missingFile(name: "table.safetensors", directory: directory)
        }
        let file = try ModelBundle.map("\(directory)/table.safetensors")
        let vocabulary: [UInt8]
        do { vocabulary = try FileInput.bytes(of: "\(directory)/vocab.txt") } catch { throw .data(error) }
        do throws(ModelError) {
            try self.init(table: SafeTensors(file), vocabulary: vocabulary, sha256: Checksum.sha256(file))
        } catch {
            throw error.placed(in: directory)
        }
    }

    static func find(
        _ reference: ModelManifest.EmbeddingReference, beside bundle: String, homes: [String]
    ) throws(ModelError) -> EmbeddingTable {
        let name = reference.name
        let places =
            [bundle, "\(bundle)/../embeddings/\(name)"]
            + homes.flatMap { ["\($0)/embeddings/\(name)", "\($0)/models/embeddings/\(name)"] }
        for place in places where FileInput.exists("\(place)/table.safetensors") {
            let table = try EmbeddingTable(directory: place)
            guard table.sha256 == reference.sha256 else { continue }
            guard reference.vocabularySHA256 ?? table.vocabularySHA256 == table.vocabularySHA256 else {
                throw .checksumMismatch(file: "vocab.txt", directory: place)
            }
            return table
        }
        throw .embeddingNotFound(name: name, sha256: reference.sha256, searched: places)
    }
}
