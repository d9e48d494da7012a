import Testing
import TriageData
import TriageModel

/// The published vectors of what the store's key is made of.
@Suite struct CryptographyTests {
    private static func bytes(_ hexadecimal: String) -> [UInt8] {
        Hexadecimal.bytes(Substring(hexadecimal)) ?? []
    }

    @Test("SHA-1 and SHA-256: FIPS 180's first example") func digests() {
        #expect(
            Hexadecimal.text(Cryptography.sha1(Array("abc".utf8)))
                == "a9993e364706816aba3e25717850c26c9cd0d89d")
        #expect(
            Hexadecimal.text(SHA256.digest(Array("abc".utf8)))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    @Test(
        "HMAC-SHA256: RFC 4231, cases 1 and 6",
        arguments: [
            (
                [UInt8](repeating: 0x0b, count: 20), "Hi There",
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
            ),
            (
                [UInt8](repeating: 0xaa, count: 131),
                "Test Using Larger Than Block-Size Key - Hash Key First",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
            ),
        ])
    func hmac(key: [UInt8], message: String, code: String) {
        let hash = HMACSHA256(key: key)
        #expect(Hexadecimal.text(hash.code(of: Array(message.utf8))) == code)
        #expect(Hexadecimal.text(hash.code(of: Array(message.utf8))) == code, "a key serves more than once")
    }

    @Test("HKDF-SHA256: RFC 5869, case 3, its first 32 bytes") func hkdf() {
        let key = HMACSHA256.derivedKey(from: [UInt8](repeating: 0x0b, count: 22), purpose: "")
        #expect(Hexadecimal.text(key) == "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d")
    }

    @Test(
        "Ed25519: RFC 8032, tests 1 and 2",
        arguments: [
            (
                "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
                "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
                "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
                    + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
            ),
            (
                "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
                "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
                "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                    + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
            ),
        ])
    func ed25519(seed: String, publicKey: String, message: String, signature: String) throws {
        let key = try #require(Ed25519Key(seed: Self.bytes(seed)))
        let message = Self.bytes(message)
        #expect(Hexadecimal.text(key.publicKey) == publicKey)
        #expect(Hexadecimal.text(key.signature(of: message)) == signature)
        #expect(key.isValid(Self.bytes(signature), of: message))
        #expect(!key.isValid(Self.bytes(signature), of: message + [0]))
        #expect(!key.isValid(Array(Self.bytes(signature).reversed()), of: message))
        #expect(!key.isValid([], of: message))
    }

    @Test("a seed of another length makes no key") func seed() {
        #expect(Ed25519Key(seed: []) == nil)
        #expect(Ed25519Key(seed: [UInt8](repeating: 1, count: 33)) == nil)
    }

    @Test("secrets are equal when all their bytes are") func equality() {
        #expect(Cryptography.areEqual([1, 2, 3], [1, 2, 3]))
        #expect(!Cryptography.areEqual([1, 2, 3], [1, 2, 4]))
        #expect(!Cryptography.areEqual([1, 2, 3], [1, 2]))
        #expect(Cryptography.areEqual([], []))
    }
}
