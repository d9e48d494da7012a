package import TriageData

/// A key, a signature, or signed files that cannot be used.
package enum SignatureError: Error, Equatable {
    /// A file that is not of minisign's form.
    case badFormat(path: String, line: Int, problem: String)
    /// A secret key that the password does not open.
    case wrongPassword(path: String)
    /// A secret key that has a password, and none was given.
    case passwordNeeded(path: String)
    /// A password that no key should have.
    case badPassword(problem: String)
    /// A comment that a signature cannot hold.
    case badComment(problem: String)
    /// Too little memory for the work that makes guessing a password slow.
    case noMemory(path: String)
    /// libcrypto lacks Ed25519 or BLAKE2b, as under a FIPS provider.
    case noAlgorithm
    /// There is a key or a signature already, which would be lost.
    case exists(path: String)
    /// No signature was found at any of these places.
    case notSigned(path: String, searched: [String])
    /// Signed with a key that is not one of the trusted ones.
    case otherKey(signature: String, id: String, trusted: [String])
    /// The signature does not belong to the content, or to its own comment.
    case notTheSignedContent(path: String, signature: String)
    /// A file of a signed folder has another content.
    case changed(file: String, folder: String)
    /// A file that was not there when the folder was signed.
    case added(file: String, folder: String)
    /// A file that was there when the folder was signed.
    case missing(file: String, folder: String)
    /// A name in a folder that a list of hashes cannot hold.
    case badName(folder: String, name: String, problem: String)
    /// The bundle's manifest does not name the bytes of its matrix's vocabulary.
    case unboundMatrix(path: String)
    /// The system refused.
    case data(DataError)
}

extension SignatureError: DescribedError {
    /// What was found and what to do.
    package var description: String {
        switch self {
        case .badFormat(let path, let line, let problem):
            "\(path) line \(line): \(problem); give a file that minisign or triage sign wrote"
        case .wrongPassword(let path):
            "\(path): the password does not open this secret key; give the password that the key was made with"
        case .passwordNeeded(let path):
            "\(path): this secret key has a password; give a file that holds it, or run the command on a terminal"
        case .badPassword(let problem):
            "the password \(problem); choose another, or make the key without a password"
        case .badComment(let problem): "the comment \(problem); give one line of text"
        case .noMemory(let path):
            "\(path): opening or making a key with a password needs 1 GB of memory; use a machine that has it free"
        case .noAlgorithm:
            "libcrypto offers no Ed25519 or no BLAKE2b here (a FIPS provider has neither); use its default provider"
        case .exists(let path):
            "\(path): there is a file already, and a key that is lost cannot be made again; name another file"
        case .notSigned(let path, let searched):
            "\(path): not signed (no \(searched.joined(separator: ", no "))); sign it with your own key, or "
                + "have its publisher sign it"
        case .otherKey(let signature, let id, let trusted):
            "\(signature): made with key \(id), and the trusted key is \(trusted.joined(separator: ", ")); get the files "
                + "from their publisher, or check which key is the publisher's"
        case .notTheSignedContent(let path, let signature):
            "\(path): not the content that was signed (\(signature)); do not trust it, and restore it from a backup or its "
                + "publisher's copy"
        case .changed(let file, let folder):
            "\(folder)/\(file): changed since \(folder) was signed; restore it from its publisher's copy"
        case .added(let file, let folder):
            "\(folder)/\(file): not there when \(folder) was signed; take it away, or have its publisher sign again"
        case .missing(let file, let folder):
            "\(folder)/\(file): was there when \(folder) was signed; restore it from its publisher's copy"
        case .badName(let folder, let name, let problem):
            "\(folder)/\(name): \(problem); a signed folder holds plain files and folders with plain names"
        case .unboundMatrix(let path):
            "\(path): the manifest names no hash of its matrix's vocabulary, so no signature covers it; train again with "
                + "this version"
        case .data(let error): error.description
        }
    }
}
