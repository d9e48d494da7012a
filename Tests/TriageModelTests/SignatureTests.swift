import Foundation
import Testing

@testable import TriageModel

struct SignatureTests {
    /// A file that minisign 0.11 signed, in both forms, and its keys.
    private static let content = "hello\n"
    private static let publicKey = "RWSIMLhLJ/16khjOtS3P7jShQP6PMVHsAltiGsgEE5oxDXAGoeJQxKwZ"
    private static let hashed = """
        untrusted comment: signature from minisign secret key
        RUSIMLhLJ/16kiHG2aNVgnko7OwzMrdyhJ2cseALxGf+fJ6zjTypMa9RQHeEfWkazOOHjQW0ktL1G0/tnPoKZx1C5UsPE6dLyQc=
        trusted comment: timestamp:1796033737\tfile:f.txt\thashed
        UBhJfFlEqe0k+WghY68a69nv6C8edLrAf+zbNvgNNwReZbVKWPV+le/l+CTYFrOrG+fxjWA28NIowl3lcupuCw==

        """
    private static let whole = """
        untrusted comment: signature from minisign secret key
        RWSIMLhLJ/16ksBp8X4KJMv+U1VWwbetj7PYcchjYy/CIcMsFDi/Wp5oGzJ29M75P96nffWoXr9bQMiF/XJauH319FSgat8ptgo=
        trusted comment: timestamp:1796033737\tfile:f.txt
        hmkfk2hzwgiYpxOjkzf4rXUh3orgAQhGypv0aJoLoQceMAVJnREZ063S1Ut8qfdvvwXLUvlZalo0hqIqxtdKDQ==

        """
    private static let openKey = """
        untrusted comment: minisign encrypted secret key
        RWQAAEIyAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAiDC4Syf9epLiqoBbD/ipBciiYArM+JjT922C\
        aCk+JG3+JlRDroNlKRjOtS3P7jShQP6PMVHsAltiGsgEE5oxDXAGoeJQxKwZAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=

        """
    /// Its password is pw1.
    private static let lockedKey = """
        untrusted comment: minisign encrypted secret key
        RWRTY0IyMT9ESFC238vnvqtLOfR4/5Ve/EHCiANUrLfNZ64ZXiQAAAACAAAAAAAAAEAAAAAAnViD1kA4hD1kPyC4yAbrK9QLwG2y4g9xg55uHz\
        4b8iDMoaO/8DfFipJtwV+AwTpeh1bUSrcQcE99/GGkzhTNNZiXeN5ncgRW8jUeeH/PNG5e6qTlwIf6Y0se7hQnfrqUIcIoRW++3II=

        """

    /// A folder of one test's own, gone with it.
    private final class Folder: Sendable {
        let path = NSTemporaryDirectory() + "triage-signatures-\(UUID().uuidString)"
        init() throws {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }
        deinit { try? FileManager.default.removeItem(atPath: path) }

        @discardableResult
        func write(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
            let place = "\(path)/\(name)"
            let parent = URL(fileURLWithPath: place).deletingLastPathComponent()
            try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
            try Data(bytes).write(to: URL(fileURLWithPath: place))
            return place
        }
    }

    private func key(_ seed: UInt8 = 1) throws -> SigningKey {
        try SigningKey(
            id: [UInt8](repeating: seed, count: 8),
            seed: [UInt8](repeating: seed, count: Ed25519Key.keyLength))
    }

    private func trusting(_ keys: SigningKey...) throws -> TrustedKeys {
        try TrustedKeys(keys.map(\.verificationKey.base64))
    }

    // MARK: - BLAKE2b

    @Test func `BLAKE2b is that of RFC 7693, and libcrypto's where that has it`() throws {
        #expect(
            BLAKE2b.digest(Array("abc".utf8), byteCount: 32).map { String(format: "%02x", $0) }.joined()
                == "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319")
        for length in [0, 1, 127, 128, 129, 255, 256, 257, 1000] {
            let message = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            let expected = try #require(Cryptography.blake2b512 { $0(message) })
            #expect(BLAKE2b.digest(message, byteCount: 64) == expected, "\(length) bytes")
        }
    }

    // MARK: - minisign's files

    @Test(arguments: [hashed, whole])
    func `a signature by minisign is good, and no other content is`(signature: String) throws {
        let folder = try Folder()
        let file = try folder.write("f.txt", Self.content.utf8)
        try folder.write("f.txt.minisig", signature.utf8)
        let trusted = try TrustedKeys([Self.publicKey])
        #expect(try trusted.check(file: file).comment.hasPrefix("timestamp:1796033737"))
        try folder.write("f.txt", "hellO\n".utf8)
        #expect(throws: SignatureError.notTheSignedContent(path: file, signature: file + ".minisig")) {
            try trusted.check(file: file)
        }
    }

    @Test(arguments: [hashed, whole])
    func `a signature with any byte changed is refused, but for the comment that is not signed`(text: String)
        throws
    {
        let folder = try Folder()
        let file = try folder.write("f.txt", Self.content.utf8)
        let trusted = try TrustedKeys([Self.publicKey])
        let bytes = Array(text.utf8)
        let start = try #require(bytes.firstIndex(of: 10)) + 1
        for place in start..<bytes.count - 1 {
            var changed = bytes
            changed[place] ^= 1
            try folder.write("f.txt.minisig", changed)
            #expect(throws: SignatureError.self, "byte \(place)") { try trusted.check(file: file) }
        }
        try folder.write("f.txt.minisig", text.replacing("\n", with: "\r\n").utf8)
        #expect(throws: Never.self) { try trusted.check(file: file) }
    }

    @Test func `a key of minisign without a password signs what minisign's public key checks`() throws {
        let folder = try Folder()
        let file = try folder.write("f.txt", Self.content.utf8)
        let path = try folder.write("u.key", Self.openKey.utf8)
        let key = try SigningKey(file: path) { throw SignatureError.passwordNeeded(path: path) }
        #expect(key.verificationKey.base64 == Self.publicKey)
        #expect(key.verificationKey.name == "927AFD274BB83088")
        for form in [FileSignature.Form.hashed, .whole] {
            let text = try FileSignature(
                of: file, by: key, form: form, comment: "timestamp:1796033737\tfile:f.txt"
            ).text
            try folder.write("f.txt.minisig", text.utf8)
            #expect(throws: Never.self) { try TrustedKeys([Self.publicKey]).check(file: file) }
            // Ed25519 is deterministic: minisign's own signature of the content has the same bytes.
            let own = form == .hashed ? Self.hashed : Self.whole
            #expect(text.split(separator: "\n")[1] == own.split(separator: "\n")[1])
        }
    }

    @Test func `a key of minisign with a password opens with it alone`() throws {
        let folder = try Folder()
        let path = try folder.write("p.key", Self.lockedKey.utf8)
        let key = try SigningKey(file: path) { Array("pw1".utf8) }
        #expect(key.verificationKey.base64 == "RWS7Drx2G7qQVBlT5pmKJN9AmSj0bNb+2zJ6yHVyTTLRWaHx8QpYT5GI")
    }

    // MARK: - Our own

    @Test func `a key is what was written, with its password and without`() throws {
        let folder = try Folder()
        let key = try SigningKey()
        let limits = ScryptLimits(operations: 32_768, memory: 1 << 24)
        let path = try folder.write("a.key", key.text(password: Array("geheim ü".utf8), limits: limits).utf8)
        #expect(try SigningKey(file: path) { Array("geheim ü".utf8) }.verificationKey == key.verificationKey)
        #expect(throws: SignatureError.wrongPassword(path: path)) {
            try SigningKey(file: path) { Array("geheim u".utf8) }
        }
        let open = try folder.write("b.key", key.text(password: nil).utf8)
        #expect(try SigningKey(file: open) { [] }.verificationKey == key.verificationKey)
        #expect(throws: SignatureError.badPassword(problem: "is empty")) { try key.text(password: []) }
    }

    @Test func `libsodium's limits give scrypt's parameters by libsodium's rule`() {
        #expect(ScryptLimits.minisign.cost == ScryptCost(logarithm: 20, parallelism: 1))
        // crypto_pwhash_scryptsalsa208sha256_OPSLIMIT_INTERACTIVE and MEMLIMIT_INTERACTIVE.
        #expect(
            ScryptLimits(operations: 524_288, memory: 16_777_216).cost
                == ScryptCost(logarithm: 14, parallelism: 1))
    }

    @Test func `the same file, key and comment give the same bytes, which name no date`() throws {
        let folder = try Folder()
        let file = try folder.write("a b.txt", Self.content.utf8)
        let first = try FileSignature(of: file, by: key()).text
        #expect(try FileSignature(of: file, by: key()).text == first)
        #expect(first.contains("trusted comment: file:a b.txt\thashed\n"))
        #expect(throws: SignatureError.self) { try FileSignature(of: file, by: key(), comment: "two\nlines") }
    }

    @Test func `another key, and none, are told apart from a change`() throws {
        let folder = try Folder()
        let file = try folder.write("f", Self.content.utf8)
        #expect(throws: SignatureError.notSigned(path: file, searched: [file + ".minisig"])) {
            try trusting(key()).check(file: file)
        }
        try folder.write("f.minisig", FileSignature(of: file, by: key(2)).text.utf8)
        #expect(
            throws: SignatureError.otherKey(
                signature: file + ".minisig", id: "0202020202020202", trusted: ["0101010101010101"])
        ) { try trusting(key()).check(file: file) }
        #expect(throws: Never.self) { try trusting(key(), key(2)).check(file: file) }
        // A key that only borrows the id of a trusted one.
        let impostor = try SigningKey(
            id: [UInt8](repeating: 1, count: 8), seed: [UInt8](repeating: 9, count: 32))
        try folder.write("f.minisig", FileSignature(of: file, by: impostor).text.utf8)
        #expect(throws: SignatureError.notTheSignedContent(path: file, signature: file + ".minisig")) {
            try trusting(key()).check(file: file)
        }
    }

    // MARK: - Folders

    private func signed() throws -> Folder {
        let folder = try Folder()
        try folder.write("a.md", "one".utf8)
        try folder.write(".hidden", "two".utf8)
        try folder.write("inner/b é.md", "three".utf8)
        #expect(try SignedFolder.write(folder.path, by: key()) == 3)
        return folder
    }

    @Test func `a signed folder is whole, and its list is that of sha256sum`() throws {
        let folder = try signed()
        #expect(try SignedFolder(folder.path, by: trusting(key())).fileCount == 3)
        let list = try String(contentsOfFile: "\(folder.path)/SHA256SUMS", encoding: .utf8)
        #expect(list.split(separator: "\n").map { $0.dropFirst(66) } == [".hidden", "a.md", "inner/b é.md"])
        let before = try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/SHA256SUMS.minisig"))
        _ = try SignedFolder.write(folder.path, by: key())
        #expect(try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/SHA256SUMS.minisig")) == before)
    }

    @Test(arguments: ["a.md", ".hidden", "inner/b é.md"])
    func `a changed, a missing and an added file are refused`(name: String) throws {
        let folder = try signed()
        let trusted = try trusting(key())
        let content = try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/\(name)"))
        try folder.write(name, content + [0])
        #expect(throws: SignatureError.changed(file: name, folder: folder.path)) {
            try SignedFolder(folder.path, by: trusted)
        }
        try FileManager.default.removeItem(atPath: "\(folder.path)/\(name)")
        #expect(throws: SignatureError.missing(file: name, folder: folder.path)) {
            try SignedFolder(folder.path, by: trusted)
        }
        try folder.write(name, content)
        try folder.write(name + ".new", [])
        #expect(throws: SignatureError.added(file: name + ".new", folder: folder.path)) {
            try SignedFolder(folder.path, by: trusted)
        }
    }

    @Test func `a name in another form of Unicode is another file`() throws {
        let folder = try signed()
        let path = "\(folder.path)/inner/"
        try FileManager.default.removeItem(atPath: path + "b é.md")
        try folder.write("inner/b e\u{301}.md", "three".utf8)
        #expect(throws: SignatureError.self) { try SignedFolder(folder.path, by: trusting(key())) }
    }

    @Test func `links and odd names are refused, and a list that somebody rewrote`() throws {
        let folder = try signed()
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder.path)/c.md", withDestinationPath: "a.md")
        #expect(throws: SignatureError.self) { try SignedFolder(folder.path, by: trusting(key())) }
        #expect(throws: SignatureError.self) { try SignedFolder.write(folder.path, by: key()) }
        try FileManager.default.removeItem(atPath: "\(folder.path)/c.md")
        #expect(throws: Never.self) { try SignedFolder(folder.path, by: trusting(key())) }
        let list = "\(folder.path)/SHA256SUMS"
        let text = try String(contentsOfFile: list, encoding: .utf8)
        try folder.write("SHA256SUMS", text.replacing("a.md", with: "b.md").utf8)
        #expect(
            throws: SignatureError.notTheSignedContent(path: list, signature: list + ".minisig")
        ) { try SignedFolder(folder.path, by: trusting(key())) }
        try FileManager.default.removeItem(atPath: list + ".minisig")
        #expect(throws: SignatureError.notSigned(path: folder.path, searched: [list + ".minisig"])) {
            try SignedFolder(folder.path, by: trusting(key()))
        }
    }
}
