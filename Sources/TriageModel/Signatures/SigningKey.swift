internal import TriageData

/// A secret key in minisign's form: it signs.
///
/// Its file holds, in Base64: "Ed", the name of the key derivation, "B2", 32 bytes of salt, two limits of eight bytes, and
/// the secret part: id, seed, public key, and BLAKE2b-256 over "Ed" and these three. With a password the secret part is
/// combined by exclusive or with scrypt's output.
package struct SigningKey: Sendable {
    private let id: [UInt8]
    private let key: Ed25519Key

    private static let scryptName = Array("Sc".utf8)
    private static let noDerivation: [UInt8] = [0, 0]
    private static let checksumName = Array("B2".utf8)
    private static let saltLength = 32
    private static let checksumLength = 32
    private static let secretLength = VerificationKey.idLength + 2 * Ed25519Key.keyLength + checksumLength
    private static let byteCount = 2 + 2 + 2 + saltLength + 8 + 8 + secretLength
    /// minisign reads no longer password.
    private static let maximumPassword = 1023

    /// A new key from the system's random bytes.
    package init() throws(SignatureError) {
        try self.init(
            id: Cryptography.randomBytes(VerificationKey.idLength),
            seed: Cryptography.randomBytes(Ed25519Key.keyLength))
    }

    /// The key of 32 secret bytes, with an id made from its public half: the same bytes give the same key.
    package init(seed: [UInt8]) throws(SignatureError) {
        guard let key = Ed25519Key(seed: seed) else { throw .noAlgorithm }
        (id, self.key) = (Array(SHA256.digest(key.publicKey).prefix(VerificationKey.idLength)), key)
    }

    init(id: [UInt8], seed: [UInt8]) throws(SignatureError) {
        guard let key = Ed25519Key(seed: seed) else { throw .noAlgorithm }
        (self.id, self.key) = (id, key)
    }

    package var verificationKey: VerificationKey { VerificationKey(id: id, publicKey: key.publicKey) }

    func signature(of message: [UInt8]) -> [UInt8] { key.signature(of: message) }

    // MARK: - Writing

    /// The content of the key's file; without a password whoever reads the file can sign.
    ///
    /// `limits` sets how much work a guess of the password costs.
    ///
    /// - Throws: `SignatureError` for an empty or overlong password, and without the memory that the limits need.
    package func text(password: [UInt8]?, limits: ScryptLimits = .minisign) throws(SignatureError) -> String {
        let head = VerificationKey.algorithm
        guard let password else {
            let rest = [UInt8](repeating: 0, count: SigningKey.saltLength + 16)
            let secret = secret(checksum: [UInt8](repeating: 0, count: SigningKey.checksumLength))
            return SigningKey.file(head + SigningKey.noDerivation + SigningKey.checksumName + rest + secret)
        }
        try SigningKey.check(password: password)
        let salt = Cryptography.randomBytes(SigningKey.saltLength)
        guard let stream = limits.stream(password, salt: salt, byteCount: SigningKey.secretLength) else {
            throw .noMemory(path: "secret key")
        }
        let secret = zip(secret(checksum: checksum), stream).map { $0 ^ $1 }
        return SigningKey.file(
            head + SigningKey.scryptName + SigningKey.checksumName + salt + limits.bytes + secret)
    }

    private static func file(_ bytes: [UInt8]) -> String {
        "\(MinisignText.untrusted)minisign encrypted secret key\n\(MinisignText.encoded(bytes))\n"
    }

    private func secret(checksum: [UInt8]) -> [UInt8] { id + key.seed + key.publicKey + checksum }

    private var checksum: [UInt8] {
        BLAKE2b.digest(
            VerificationKey.algorithm + id + key.seed + key.publicKey, byteCount: SigningKey.checksumLength)
    }

    private static func check(password: [UInt8]) throws(SignatureError) {
        guard !password.isEmpty else { throw .badPassword(problem: "is empty") }
        guard password.count <= maximumPassword else {
            throw .badPassword(problem: "is over \(maximumPassword) bytes long, more than minisign reads")
        }
    }

    // MARK: - Reading

    /// The key in a file; `password` is called when the file needs one.
    package init(file path: String, password: () throws -> [UInt8]) throws {
        let text = try MinisignText.read(path)
        _ = try text.comment(MinisignText.untrusted, line: 0)
        let bytes = try text.bytes(SigningKey.byteCount, line: 1)
        guard bytes.starts(with: VerificationKey.algorithm),
            bytes[4..<6].elementsEqual(SigningKey.checksumName)
        else { throw text.bad(1, "not an Ed25519 secret key") }
        let salt = Array(bytes[6..<38])
        var secret = Array(bytes[54...])
        let hasPassword = bytes[2..<4].elementsEqual(SigningKey.scryptName)
        if hasPassword {
            guard let limits = ScryptLimits(bytes[38..<54]) else {
                throw text.bad(1, "the password's cost is out of range")
            }
            guard let stream = limits.stream(try password(), salt: salt, byteCount: secret.count) else {
                throw SignatureError.noMemory(path: path)
            }
            secret = zip(secret, stream).map { $0 ^ $1 }
        } else if !bytes[2..<4].elementsEqual(SigningKey.noDerivation) {
            throw text.bad(1, "an unknown way to protect a key by a password")
        }
        try self.init(id: Array(secret[..<8]), seed: Array(secret[8..<40]))
        // The public half tells whether the password was right; minisign leaves the checksum of an open key at zero.
        guard key.publicKey.elementsEqual(secret[40..<72]),
            !hasPassword || checksum.elementsEqual(secret[72...])
        else {
            if hasPassword { throw SignatureError.wrongPassword(path: path) }
            throw text.bad(1, "damaged: its public half does not belong to its secret half")
        }
    }
}

/// How much a guess of a password costs, as minisign writes it: scrypt's N, r and p follow from an operations limit and a
/// memory limit, by libsodium's rule.
package struct ScryptLimits: Sendable {
    private let operations: UInt64
    private let memory: UInt64

    /// minisign's own: N = 2^20, r = 8, p = 1, which takes 1 GB and seconds.
    package static let minisign = ScryptLimits(operations: 1 << 25, memory: 1 << 30)

    package init(operations: UInt64, memory: UInt64) {
        (self.operations, self.memory) = (operations, memory)
    }

    /// Two numbers of eight bytes; nil when they ask for more than twice as much as minisign does.
    init?(_ bytes: ArraySlice<UInt8>) {
        func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
            bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
        self.init(operations: number(bytes.prefix(8)), memory: number(bytes.suffix(8)))
        let maximum = ScryptLimits.minisign
        guard operations <= 2 * maximum.operations, memory <= 2 * maximum.memory else { return nil }
    }

    var bytes: [UInt8] {
        [operations, memory].flatMap { number in withUnsafeBytes(of: number.littleEndian) { Array($0) } }
    }

    /// libsodium's `pickparams` for crypto_pwhash_scryptsalsa208sha256.
    var cost: ScryptCost {
        let operations = max(operations, 32_768)
        var cost = ScryptCost(logarithm: 1, parallelism: 1)
        let block = UInt64(cost.blockSize)
        let isShort = operations < memory / 32
        let maximum = isShort ? operations / (4 * block) : memory / (128 * block)
        while cost.logarithm < 63, 1 << UInt64(cost.logarithm) <= maximum / 2 { cost.logarithm += 1 }
        if !isShort {
            let rounds = min((operations / 4) >> UInt64(cost.logarithm), 0x3fff_ffff)
            cost.parallelism = Int(rounds / block)
        }
        return cost
    }

    func stream(_ password: [UInt8], salt: [UInt8], byteCount: Int) -> [UInt8]? {
        Cryptography.scrypt(password, salt: salt, cost: cost, byteCount: byteCount)
    }
}
