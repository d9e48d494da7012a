package import TriageData
package import TriageText

/// A bundle or a matrix that cannot be read, or does not fit this build.
package indirect enum ModelError: Error, Equatable {
    /// A file that must be there is not.
    case missingFile(name: String, directory: String)
    /// The manifest is not JSON of the expected shape.
    case badManifest(directory: String, problem: String)
    /// Written by a newer build.
    case unsupportedFormat(found: Int, newestSupported: Int)
    /// Made with other hash functions than this build's.
    case hashContract(found: String, expected: String)
    /// The bundle would leave identifiers in the text.
    case unmasked(kinds: [String])
    /// A file's content is not what the manifest vouches for.
    case checksumMismatch(file: String, directory: String)
    /// A part contradicts another or itself.
    case damaged(part: String)
    /// A tensor is not in its file.
    case missingTensor(String)
    /// A tensor has another type or shape than the manifest asks for.
    case shapeMismatch(tensor: String, expected: String, found: String)
    /// The bundle needs a matrix that was not found.
    case embeddingNotFound(name: String, sha256: String, searched: [String])
    /// A matrix of the name that was looked for, with other bytes: damaged, or another version.
    case otherEmbedding(name: String, sha256: String, directory: String)
    /// No bundle where one was looked for.
    case noBundle(searched: [String])
    /// The bundle was trained before strong words were kept.
    case noWords(directory: String)
    /// The vocabulary cannot be used.
    case text(TextError)
    /// What is wrong with one file.
    case inFile(path: String, ModelError)
    /// The system refused.
    case data(DataError)
}

extension ModelError: DescribedError {
    /// What was found and what to do.
    package var description: String {
        switch self {
        case .missingFile(let name, let directory):
            "no \(name) in \(directory); name another folder, restore it from a backup, or train again with `triage train`"
        case .badManifest(let directory, let problem):
            "\(directory)/manifest.json cannot be used (\(problem)); restore it, or train again with `triage train`"
        case .unsupportedFormat(let found, let newest):
            found < 1
                ? "bundle format \(found) does not exist; restore the file, or train again"
                : "bundle format \(found) is newer than this build understands (\(newest)); upgrade triage, or train again"
        case .hashContract(let found, let expected):
            "the bundle uses hash contract \(found), this build \(expected); train it again with this build"
        case .unmasked(let kinds):
            "the bundle would not mask \(kinds.joined(separator: ", ")); restore the file from a backup, or train again"
        case .checksumMismatch(let file, let directory):
            "\(directory)/\(file) is not the file that the manifest vouches for; restore the bundle from a backup"
        case .damaged(let part):
            "damaged: \(part); restore the file from a backup, or train again"
        case .missingTensor(let name):
            "no tensor \(name); restore the file from a backup, or train again"
        case .shapeMismatch(let tensor, let expected, let found):
            "tensor \(tensor) is \(found) where \(expected) was expected; restore the file, or train again"
        case .embeddingNotFound(let name, let sha256, let searched):
            "no embedding matrix \(name) (SHA-256 \(sha256.prefix(12))…) in \(searched.joined(separator: ", ")); "
                + "copy it there, or set TRIAGE_HOME to the folder that has it"
        case .otherEmbedding(let name, let sha256, let directory):
            "\(directory)/table.safetensors is damaged, or not the embedding matrix \(name) that the bundle was trained "
                + "with (SHA-256 \(sha256.prefix(12))…); restore it from a backup, or train again with this one"
        case .noBundle(let searched):
            "no model in \(searched.joined(separator: ", ")); name a model's folder, or train one with `triage train`"
        case .noWords(let directory):
            "\(directory) has no words.json: it was trained before words were kept; train it again with `triage train`"
        case .text(let error): error.description
        case .inFile(let path, let error): "\(path): \(error.safeDescription)"
        case .data(let error): error.description
        }
    }
}

extension ModelError {
    /// Does `work`; what goes wrong in it is said to be wrong with the file at `path`.
    static func placing<Value>(
        in path: String, _ work: () throws(ModelError) -> Value
    ) throws(ModelError) -> Value {
        do throws(ModelError) { return try work() } catch { throw error.placed(in: path) }
    }

    /// The same error with the file that it is about, where it names none.
    func placed(in path: String) -> ModelError {
        switch self {
        case .damaged, .missingTensor, .shapeMismatch, .unsupportedFormat, .hashContract, .unmasked, .text:
            .inFile(path: path, self)
        default: self
        }
    }
}
