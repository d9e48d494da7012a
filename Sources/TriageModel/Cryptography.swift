internal import CLibCrypto

/// HMAC-SHA256 (RFC 2104) by one key.
package struct HMACSHA256: Sendable {
    private var inner = SHA256()
    private var outer = SHA256()

    /// SHA-256 works on blocks of this many bytes.
    private static let blockSize = 64

    package init(key: [UInt8]) {
        var block = key.count > HMACSHA256.blockSize ? SHA256.digest(key) : key
        block += [UInt8](repeating: 0, count: HMACSHA256.blockSize - block.count)
        block.map { $0 ^ 0x36 }.withUnsafeBytes { inner.update($0) }
        block.map { $0 ^ 0x5c }.withUnsafeBytes { outer.update($0) }
    }

    package func code(of message: [UInt8]) -> [UInt8] {
        var (inner, outer) = (inner, outer)
        message.withUnsafeBytes { inner.update($0) }
        inner.digest().withUnsafeBytes { outer.update($0) }
        return outer.digest()
    }

    /// A key of 32 bytes for one purpose, derived from a secret: HKDF-SHA256 (RFC 5869) without salt.
    package static func derivedKey(from secret: [UInt8], purpose: String) -> [UInt8] {
        let extracted = HMACSHA256(key: [UInt8](repeating: 0, count: SHA256.byteCount)).code(of: secret)
        return HMACSHA256(key: extracted).code(of: Array(purpose.utf8) + [1])
    }
}

/// An Ed25519 key pair (RFC 8032) made from a seed.
package struct Ed25519Key: Sendable {
    package let seed: [UInt8]
    package let publicKey: [UInt8]

    package static let keyLength = 32
    package static let signatureLength = 64

    /// - Returns: nil when the seed does not have 32 bytes, or libcrypto has no Ed25519.
    package init?(seed: [UInt8]) {
        guard seed.count == Ed25519Key.keyLength,
            let publicKey = Ed25519Key.withPrivateKey(
                seed,
                { key in
                    var bytes = [UInt8](repeating: 0, count: Ed25519Key.keyLength)
                    var count = bytes.count
                    return EVP_PKEY_get_raw_public_key(key, &bytes, &count) == 1 ? bytes : nil
                })
        else { return nil }
        self.seed = seed
        self.publicKey = publicKey
    }

    package func signature(of message: [UInt8]) -> [UInt8] {
        let signature = Ed25519Key.withPrivateKey(seed) { key in
            guard let context = EVP_MD_CTX_new() else { return nil }
            defer { EVP_MD_CTX_free(context) }
            var signature = [UInt8](repeating: 0, count: Ed25519Key.signatureLength)
            var count = signature.count
            guard EVP_DigestSignInit(context, nil, nil, nil, key) == 1,
                EVP_DigestSign(context, &signature, &count, message, message.count) == 1
            else { return nil as [UInt8]? }
            return signature
        }
        guard let signature else { preconditionFailure("libcrypto has no memory for a signature") }
        return signature
    }

    package func isValid(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        Ed25519Key.isValid(signature, of: message, by: publicKey)
    }

    /// Whether the owner of a public key signed a message.
    package static func isValid(
        _ signature: [UInt8], of message: [UInt8], by publicKey: [UInt8]
    ) -> Bool {
        guard signature.count == signatureLength, publicKey.count == keyLength,
            let key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, publicKey, publicKey.count)
        else { return false }
        defer { EVP_PKEY_free(key) }
        guard let context = EVP_MD_CTX_new() else { return false }
        defer { EVP_MD_CTX_free(context) }
        return EVP_DigestVerifyInit(context, nil, nil, nil, key) == 1
            && EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
    }

    private static func withPrivateKey(_ seed: [UInt8], _ body: (OpaquePointer) -> [UInt8]?) -> [UInt8]? {
        guard let key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, seed, seed.count) else {
            return nil
        }
        defer { EVP_PKEY_free(key) }
        return body(key)
    }
}

/// Functions of libcrypto that need no state.
package enum Cryptography {
    /// SHA-1 (FIPS 180-4), by which Redis names scripts; it protects nothing.
    package static func sha1(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Int(SHA_DIGEST_LENGTH)) { buffer, count in
            SHA1(bytes, bytes.count, buffer.baseAddress)
            count = Int(SHA_DIGEST_LENGTH)
        }
    }

    /// Whether two secrets are equal; the time depends on their lengths alone.
    package static func areEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        one.count == other.count && CRYPTO_memcmp(one, other, one.count) == 0
    }

    /// Random bytes of the operating system.
    package static func randomBytes(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    /// BLAKE2b (RFC 7693) with a digest of 64 bytes over the pieces that `feed` adds; nil where libcrypto does not offer it,
    /// as under a FIPS provider.
    package static func blake2b512<Failure: Error>(
        _ feed: (_ add: ([UInt8]) -> Void) throws(Failure) -> Void
    ) throws(Failure) -> [UInt8]? {
        guard let context = EVP_MD_CTX_new() else { return nil }
        defer { EVP_MD_CTX_free(context) }
        guard EVP_DigestInit_ex(context, EVP_blake2b512(), nil) == 1 else { return nil }
        try feed { EVP_DigestUpdate(context, $0, $0.count) }
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var count: UInt32 = 0
        guard EVP_DigestFinal_ex(context, &digest, &count) == 1 else { return nil }
        return Array(digest.prefix(Int(count)))
    }

    /// A key from a password by scrypt (RFC 7914); nil when there is not enough memory for it.
    package static func scrypt(
        _ password: [UInt8], salt: [UInt8], cost: ScryptCost, byteCount: Int
    ) -> [UInt8]? {
        var key = [UInt8](repeating: 0, count: byteCount)
        let isMade = password.withUnsafeBytes { password in
            EVP_PBE_scrypt(
                password.bindMemory(to: CChar.self).baseAddress, password.count, salt, salt.count,
                1 << UInt64(cost.logarithm), UInt64(cost.blockSize), UInt64(cost.parallelism),
                ScryptCost.maximumMemory, &key, byteCount)
        }
        return isMade == 1 ? key : nil
    }
}

/// How much work scrypt makes of a guess: N = 2^logarithm, r and p of RFC 7914.
package struct ScryptCost: Sendable, Equatable {
    package var logarithm: Int
    package var blockSize = 8
    package var parallelism: Int

    /// A file that wants more than this, in bytes, is refused.
    fileprivate static let maximumMemory: UInt64 = 3 << 30
}
