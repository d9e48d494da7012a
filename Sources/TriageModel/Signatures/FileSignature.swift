internal import Foundation
internal import TriageData

/// A detached signature in minisign's form: over a file, and over a comment that goes with it.
package struct FileSignature: Sendable {
    /// What of the file is signed.
    package enum Form: Sendable {
        /// BLAKE2b-512 of the file: minisign's form since 0.8.
        case hashed
        /// The whole file: the older form.
        case whole

        var name: [UInt8] { self == .hashed ? Array("ED".utf8) : VerificationKey.algorithm }
    }

    package let form: Form
    private let keyID: [UInt8]
    private let signature: [UInt8]
    /// The comment's bytes as the file has them.
    private let comment: [UInt8]
    private let commentSignature: [UInt8]

    /// What a signature's file is called: the signed file's name with this behind it.
    package static let fileEnding = ".minisig"
    private static let maximumComment = 8000
    private static let byteCount = 2 + VerificationKey.idLength + Ed25519Key.signatureLength

    /// The comment, which is signed too, as it may be shown.
    package var trustedComment: String {
        String(decoding: comment, as: UTF8.self).replacing("\t", with: "  ").shown
    }

    /// The name of the key that it was made with.
    package var keyName: String { VerificationKey.name(keyID) }

    // MARK: - Making

    /// Signs a file.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - key: The secret key.
    ///   - form: What is signed; `hashed` needs little memory.
    ///   - comment: The comment; nil for one that names the file. It has no date, so that the same file and key give the
    ///     same bytes.
    /// - Throws: `SignatureError` for a file that cannot be read, or a comment that a signature cannot hold.
    package init(
        of path: String, by key: SigningKey, form: Form = .hashed, comment: String? = nil
    ) throws(SignatureError) {
        let message = try FileSignature.message(ofFile: path, form)
        let name = URL(fileURLWithPath: path).lastPathComponent.shown
        try self.init(
            message, by: key, form: form,
            comment: comment ?? "file:\(name)\(form == .hashed ? "\thashed" : "")")
    }

    init(_ message: [UInt8], by key: SigningKey, form: Form, comment: String) throws(SignatureError) {
        try FileSignature.check(comment: comment)
        self.form = form
        self.comment = Array(comment.utf8)
        keyID = key.verificationKey.id
        signature = key.signature(of: message)
        commentSignature = key.signature(of: signature + self.comment)
    }

    private static func check(comment: String) throws(SignatureError) {
        guard comment.utf8.count <= maximumComment else {
            throw .badComment(problem: "is over \(maximumComment) bytes long")
        }
        guard comment.replacing("\t", with: " ").shown == comment.replacing("\t", with: " ") else {
            throw .badComment(problem: "has a control character")
        }
    }

    /// The content of the signature's file.
    package var text: String {
        """
        \(MinisignText.untrusted)signature from minisign secret key
        \(MinisignText.encoded(form.name + keyID + signature))
        \(MinisignText.trusted)\(String(decoding: comment, as: UTF8.self))
        \(MinisignText.encoded(commentSignature))

        """
    }

    // MARK: - Reading

    /// The signature in a file.
    package init(file path: String) throws(SignatureError) {
        let text = try MinisignText.read(path)
        _ = try text.comment(MinisignText.untrusted, line: 0)
        let bytes = try text.bytes(FileSignature.byteCount, line: 1)
        guard let form = [Form.hashed, .whole].first(where: { bytes.starts(with: $0.name) }) else {
            throw text.bad(1, "not an Ed25519 signature")
        }
        self.form = form
        keyID = Array(bytes[2..<10])
        signature = Array(bytes[10...])
        comment = try text.comment(MinisignText.trusted, line: 2)
        commentSignature = try text.bytes(Ed25519Key.signatureLength, line: 3)
    }

    // MARK: - Checking

    /// Whether this is a key's signature of a message in this signature's form, and of its own comment.
    func isValid(_ message: [UInt8], by key: VerificationKey) -> Bool {
        key.id == keyID && Ed25519Key.isValid(signature, of: message, by: key.publicKey)
            && Ed25519Key.isValid(commentSignature, of: signature + comment, by: key.publicKey)
    }

    /// What a signature of a file signs.
    static func message(ofFile path: String, _ form: Form) throws(SignatureError) -> [UInt8] {
        do throws(DataError) {
            guard form == .hashed else { return try FileInput.bytes(of: path) }
            let digest = try Cryptography.blake2b512 { add throws(DataError) in
                try FileInput.pieces(of: path, add)
            }
            if let digest { return digest }
        } catch { throw .data(error) }
        throw .noAlgorithm
    }

    /// What a signature of these bytes signs.
    static func message(of bytes: [UInt8], _ form: Form) throws(SignatureError) -> [UInt8] {
        guard form == .hashed else { return bytes }
        guard let digest = Cryptography.blake2b512({ $0(bytes) }) else { throw .noAlgorithm }
        return digest
    }
}
