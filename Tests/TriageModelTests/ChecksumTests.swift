import Testing
import TriageNumerics

@testable import TriageModel

struct ChecksumTests {
    /// The examples of FIPS 180-4.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            String(repeating: "a", count: 1_000_000),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        ),
    ])
    func `SHA-256 is the standard's`(text: String, expected: String) {
        let bytes = Array(text.utf8)
        #expect(Checksum.sha256(bytes) == expected)
        #expect(Checksum.sha256(MappedBytes(copying: bytes)) == expected)
    }

    /// SHA-256 of SHA-256 of each text behind its length in eight bytes, computed by another program.
    @Test func `a fingerprint is the hash of its texts with their lengths`() {
        var fingerprint = Fingerprint()
        fingerprint.add(Array("ab".utf8))
        fingerprint.add(Array("c".utf8))
        #expect(
            fingerprint.hexadecimal() == "fb47d6b8bad6e22c390b57098c73fe352c64a5e401519de1bdfab84d2919962d")
    }

    @Test func `no two lists of texts have one fingerprint, and a copy continues on its own`() {
        func fingerprint(_ texts: [String]) -> String {
            var fingerprint = Fingerprint()
            for text in texts { fingerprint.add(Array(text.utf8)) }
            return fingerprint.hexadecimal()
        }
        let lists = [[], [""], ["", ""], ["abc"], ["a", "bc"], ["ab", "c"], ["abc", ""], ["", "abc"]]
        #expect(Set(lists.map(fingerprint)).count == lists.count)
        var first = Fingerprint()
        first.add([1])
        var second = first
        second.add([2])
        first.add([2])
        #expect(first.hexadecimal() == second.hexadecimal())
        second.add([3])
        #expect(first.hexadecimal() != second.hexadecimal())
    }
}
