internal import Crypto
internal import TriageData
public import TriageNumerics

/// SHA-256 as lower-case hexadecimal: how files, bundles and matrices are named.
public enum Checksum {
    /// Of mapped bytes.
    public static func sha256(_ bytes: MappedBytes) -> String {
        bytes.withBytes { buffer in
            var hash = SHA256()
            hash.update(bufferPointer: buffer)
            return hexadecimal(hash.finalize())
        }
    }

    /// Of an array.
    public static func sha256(_ bytes: [UInt8]) -> String { hexadecimal(SHA256.hash(data: bytes)) }

    private static func hexadecimal(_ digest: SHA256.Digest) -> String { Hexadecimal.text(Array(digest)) }
}

/// SHA-256 over texts given one after another, each told apart from the next by its length.
public struct Fingerprint {
    private var hash = SHA256()

    /// Of nothing yet.
    public init() {}

    /// Takes one more text in.
    public mutating func add(_ bytes: [UInt8]) {
        withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { hash.update(bufferPointer: $0) }
        hash.update(data: bytes)
    }

    /// The digest in hexadecimal of all that was added.
    public func hexadecimal() -> String { Checksum.sha256(Array(hash.finalize())) }
}
