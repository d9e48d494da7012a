internal import CLibCrypto
package import TriageData
package import TriageNumerics

/// SHA-256 (FIPS 180-4) over bytes given in pieces; a copy continues on its own.
package struct SHA256: Sendable {
    package static let byteCount = 32

    private var state = SHA256_CTX()

    init() { SHA256_Init(&state) }

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        SHA256_Update(&state, bytes.baseAddress, bytes.count)
    }

    /// The digest of all bytes so far.
    func digest() -> [UInt8] {
        var state = state
        return [UInt8](unsafeUninitializedCapacity: SHA256.byteCount) { buffer, count in
            SHA256_Final(buffer.baseAddress, &state)
            count = SHA256.byteCount
        }
    }

    package static func digest(_ bytes: [UInt8]) -> [UInt8] {
        var hash = SHA256()
        bytes.withUnsafeBytes { hash.update($0) }
        return hash.digest()
    }
}

/// SHA-256 as lower-case hexadecimal: how files, bundles and matrices are named.
package enum Checksum {
    package static func sha256(_ bytes: MappedBytes) -> String { bytes.withBytes { sha256($0) } }

    /// Of an array.
    package static func sha256(_ bytes: [UInt8]) -> String { bytes.withUnsafeBytes { sha256($0) } }

    /// Of a regular file, in bounded memory.
    package static func sha256(file path: String) throws(DataError) -> String {
        var hash = SHA256()
        try FileInput.pieces(of: path) { piece in piece.withUnsafeBytes { hash.update($0) } }
        return Hexadecimal.text(hash.digest())
    }

    private static func sha256(_ bytes: UnsafeRawBufferPointer) -> String {
        var hash = SHA256()
        hash.update(bytes)
        return Hexadecimal.text(hash.digest())
    }
}

/// SHA-256 over texts given one after another; each is preceded by its length, so that no two lists give the same bytes.
package struct Fingerprint {
    private var hash = SHA256()

    package init() {}

    /// Adds one more text.
    package mutating func add(_ bytes: [UInt8]) {
        withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { hash.update($0) }
        bytes.withUnsafeBytes { hash.update($0) }
    }

    /// Adds one more text, as UTF-8.
    package mutating func add(_ text: String) { add(Array(text.utf8)) }

    /// The digest in hexadecimal of the digest of all that was added.
    package func hexadecimal() -> String { Checksum.sha256(hash.digest()) }
}
