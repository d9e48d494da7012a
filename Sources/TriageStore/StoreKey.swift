internal import TriageData
internal import TriageModel

/// The store's secret: 32 random bytes from which the keys of text hashes, of the ledger's chain and of signed heads are
/// derived (HKDF, RFC 5869).
struct StoreKey: Sendable {
    /// By the key of text hashes.
    private let keyed: HMACSHA256
    /// By the key of the ledger's chain.
    private let chain: HMACSHA256
    private let signing: Ed25519Key
    /// The same key in minisign's form, for files such as receipts.
    let fileSigning: SigningKey
    /// The Ed25519 key that verifies signed heads.
    var publicKey: [UInt8] { signing.publicKey }

    /// Whether the ledger's last rows must have keyed hashes: otherwise a person who can write the database but not the
    /// key could put an older store without any in its place, and the next writer would upgrade and continue it.
    let isOfKeyedLedger: Bool

    private static let byteCount = 32
    /// Behind the secret of a store whose ledger has keyed hashes.
    private static let keyedMark: UInt8 = 2

    private init(_ bytes: [UInt8], path: String) throws(StoreError) {
        isOfKeyedLedger = bytes.count == StoreKey.byteCount + 1 && bytes.last == StoreKey.keyedMark
        guard bytes.count == StoreKey.byteCount || isOfKeyedLedger else {
            throw .damaged(path: path, problem: "the key has \(bytes.count) bytes instead of 32 or 33")
        }
        let secret = Array(bytes.prefix(StoreKey.byteCount))
        func derive(_ purpose: String) -> [UInt8] { HMACSHA256.derivedKey(from: secret, purpose: purpose) }
        keyed = HMACSHA256(key: derive("triage store text 1"))
        chain = HMACSHA256(key: derive("triage store ledger 1"))
        let seed = derive("triage store head 1")
        guard let signing = Ed25519Key(seed: seed), let fileSigning = try? SigningKey(seed: seed) else {
            throw .damaged(path: path, problem: "the system's libcrypto offers no Ed25519 for signed heads")
        }
        (self.signing, self.fileSigning) = (signing, fileSigning)
    }

    init(reading folder: StoreFolder) throws(StoreError) { try self.init(path: folder.key) }

    private init(path: String) throws(StoreError) {
        try self.init(StoreKey.bytes(of: path), path: path)
    }

    /// The bytes of a key's file.
    static func bytes(of path: String) throws(StoreError) -> [UInt8] {
        do throws(DataError) { return try FileInput.bytes(of: path, limit: 64) } catch { throw .data(error) }
    }

    /// The key for a writer, made when the folder holds no store, and whether the store is new.
    ///
    /// A new key has its final name only when the ledger's first row is on the disk (`StoreFolder.finishKey`): the
    /// next writer finishes an unfinished store, and a key whose ledger is lost differs from a new one.
    ///
    /// - Throws: `StoreError.noLedger` for a key without a database, `.notAStore` for a database without a key.
    static func readOrMake(in folder: StoreFolder) throws(StoreError) -> (key: StoreKey, isNew: Bool) {
        if FileInput.exists(folder.key) {
            try folder.check()
            return (try StoreKey(path: folder.key), false)
        }
        if FileInput.exists(folder.newKey) { return (try StoreKey(path: folder.newKey), true) }
        guard !folder.hasDatabase else {
            throw .notAStore(path: folder.path, missing: StoreFolder.keyName)
        }
        let bytes = Cryptography.randomBytes(byteCount) + [keyedMark]
        try StoreKey.write(bytes, to: folder.newKey)
        return (try StoreKey(bytes, path: folder.newKey), true)
    }

    /// Marks the key of an older store, once its ledger ends with a keyed hash.
    func markKeyedLedger(in folder: StoreFolder) throws(StoreError) {
        guard !isOfKeyedLedger, FileInput.exists(folder.key) else { return }
        let bytes = try StoreKey.bytes(of: folder.key)
        try StoreKey.write(bytes.prefix(StoreKey.byteCount) + [StoreKey.keyedMark], to: folder.key)
    }

    /// Writes a key that only its owner may read.
    static func write(_ bytes: [UInt8], to path: String) throws(StoreError) {
        do throws(DataError) { try AtomicOutput.write(bytes, to: path, permissions: 0o600) } catch {
            throw .data(error)
        }
    }

    /// HMAC-SHA256 over texts, each with its length before it; `purpose` separates uses.
    func hash(_ purpose: String, _ texts: [[UInt8]]) -> [UInt8] {
        var message: [UInt8] = []
        message.reserveCapacity(texts.reduce(64) { $0 + 8 + $1.count })
        for text in [Array(purpose.utf8)] + texts {
            withUnsafeBytes(of: UInt64(text.count).bigEndian) { message.append(contentsOf: $0) }
            message.append(contentsOf: text)
        }
        return keyed.code(of: message)
    }

    /// HMAC-SHA256 of a row of the ledger and the hash before it.
    func chainHash(_ bytes: [UInt8]) -> [UInt8] { chain.code(of: bytes) }

    /// An Ed25519 signature (RFC 8032).
    func sign(_ bytes: [UInt8]) -> [UInt8] { signing.signature(of: bytes) }

    /// Whether a signature is this key's.
    func isSigned(_ bytes: [UInt8], by signature: [UInt8]) -> Bool {
        signing.isValid(signature, of: bytes)
    }
}
