internal import TriageData

/// The public keys whose signatures are accepted; with none of them, signatures are not required.
package struct TrustedKeys: Sendable {
    package let keys: [VerificationKey]

    /// No signature is required.
    package static let none = TrustedKeys(keys: [])

    private init(keys: [VerificationKey]) { self.keys = keys }

    /// The keys in these files, or in 56 characters each.
    package init(_ names: [String]) throws(SignatureError) {
        var keys: [VerificationKey] = []
        for name in names { keys.append(try VerificationKey(named: name)) }
        self.init(keys: keys)
    }

    /// The names in a list with commas.
    package static func names(in list: String) -> [String] {
        list.split(separator: ",").map { $0.trimmed }.filter { !$0.isEmpty }
    }

    /// Whether only signed files are accepted.
    package var areRequired: Bool { !keys.isEmpty }

    /// What a check found: the key, and the comment that was signed with the content.
    package struct Signed: Sendable {
        package let key: VerificationKey
        package let comment: String
    }

    /// Checks a file against its signature, which lies beside it unless another place is named.
    @discardableResult
    package func check(file path: String, signature place: String? = nil) throws(SignatureError) -> Signed {
        try check(path, signature: place) { form throws(SignatureError) in
            try FileSignature.message(ofFile: path, form)
        }
    }

    /// Checks the bytes that were read from a file against the signature beside it.
    @discardableResult
    func check(_ bytes: [UInt8], of path: String) throws(SignatureError) -> Signed {
        try check(path, signature: nil) { form throws(SignatureError) in
            try FileSignature.message(of: bytes, form)
        }
    }

    private func check(
        _ path: String, signature place: String?,
        message: (FileSignature.Form) throws(SignatureError) -> [UInt8]
    ) throws(SignatureError) -> Signed {
        let place = place ?? path + FileSignature.fileEnding
        guard FileInput.exists(path) else { throw .data(.absent(path)) }
        guard FileInput.exists(place) else { throw .notSigned(path: path, searched: [place]) }
        let signature = try FileSignature(file: place)
        let named = keys.filter { $0.name == signature.keyName }
        guard !named.isEmpty else {
            throw .otherKey(signature: place, id: signature.keyName, trusted: keys.map(\.name))
        }
        let message = try message(signature.form)
        guard let key = named.first(where: { signature.isValid(message, by: $0) }) else {
            throw .notTheSignedContent(path: path, signature: place)
        }
        return Signed(key: key, comment: signature.trustedComment)
    }
}
