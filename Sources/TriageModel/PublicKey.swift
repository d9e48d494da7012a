internal import CLibCrypto

/// A public key of a JSON Web Key (RFC 7518, 6), and its signatures with SHA-256.
package enum PublicKey: Sendable, Equatable {
    /// Signs by RSASSA-PKCS1-v1_5, `RS256`.
    case rsa(modulus: [UInt8], exponent: [UInt8])
    /// Signs by ECDSA on the curve P-256, `ES256`.
    case p256(x: [UInt8], y: [UInt8])

    /// The shortest modulus in bytes that RFC 7518, 3.3, allows.
    package static let shortestModulus = 256
    /// The longest one, beyond which a check takes too long.
    package static let longestModulus = 1024
    /// The bytes of a coordinate, and of each half of a signature, on P-256.
    package static let coordinateLength = 32

    /// The algorithm's name in a token (RFC 7518, 3.1).
    package var algorithm: String {
        switch self {
        case .rsa: "RS256"
        case .p256: "ES256"
        }
    }

    /// Whether the owner of the key signed a message; a signature of P-256 is r and s, one after the other.
    package func isValid(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        guard let encoded = encoded(signature), let key = makeKey() else { return false }
        defer { EVP_PKEY_free(key) }
        guard let context = EVP_MD_CTX_new() else { return false }
        defer { EVP_MD_CTX_free(context) }
        return EVP_DigestVerifyInit(context, nil, EVP_sha256(), nil, key) == 1
            && EVP_DigestVerify(context, encoded, encoded.count, message, message.count) == 1
    }

    /// A signature as libcrypto reads it: DER for P-256.
    private func encoded(_ signature: [UInt8]) -> [UInt8]? {
        guard case .p256 = self else { return signature }
        guard signature.count == 2 * Self.coordinateLength, let pair = ECDSA_SIG_new() else { return nil }
        defer { ECDSA_SIG_free(pair) }
        let halves = [signature.prefix(Self.coordinateLength), signature.suffix(Self.coordinateLength)]
        let numbers = halves.map { BN_bin2bn(Array($0), CInt(Self.coordinateLength), nil) }
        guard let r = numbers[0], let s = numbers[1], ECDSA_SIG_set0(pair, r, s) == 1 else { return nil }
        var bytes: UnsafeMutablePointer<UInt8>?
        let count = i2d_ECDSA_SIG(pair, &bytes)
        guard count > 0, let start = bytes else { return nil }
        defer { CRYPTO_free(start, #fileID, #line) }
        return Array(UnsafeBufferPointer(start: start, count: Int(count)))
    }

    /// The key for libcrypto; nil when its numbers are not a key of a size that is allowed.
    private func makeKey() -> OpaquePointer? {
        switch self {
        case .rsa(let modulus, let exponent):
            let size = modulus.drop { $0 == 0 }.count
            guard (Self.shortestModulus...Self.longestModulus).contains(size),
                (1...8).contains(exponent.count)
            else { return nil }
            return rsa_public_key(modulus, CInt(modulus.count), exponent, CInt(exponent.count))
        case .p256(let x, let y):
            guard x.count == Self.coordinateLength, y.count == Self.coordinateLength else { return nil }
            let point = [4] + x + y
            return p256_public_key(point, point.count)
        }
    }
}
