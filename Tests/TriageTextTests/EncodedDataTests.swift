import Foundation
import Testing
import TriageText

struct EncodedDataTests {
    private func clean(_ text: String) -> String {
        Cleaner().clean(text).text.string.split(separator: "\n").joined(separator: "|")
    }

    /// Base64 of bytes at random, the start that of a PNG file if wanted.
    private static func base64(_ count: Int, seed: UInt64 = 1, isWrapped: Bool = false) -> String {
        var random = RandomText(seed: seed)
        let options: Data.Base64EncodingOptions =
            isWrapped ? [.lineLength76Characters, .endLineWithLineFeed] : []
        return Data(random.bytes(count)).base64EncodedString(options: options)
    }

    private static let address = "data:image/png;base64,\(base64(5_000))"

    @Test(arguments: [
        ("The order <img src=\"\(address)\"> failed", "The order <img src=\"\"> failed"),
        (
            "<p>It shows:</p><img alt='x' src='\(address)'><p>The order failed</p>",
            "It shows:|The order failed"
        ),
        ("<p>Red</p><img width=5 src=\(address)><p>light</p>", "Red|light"),
        ("See ![shot](\(address)) please", "See ![shot]() please"),
        (
            "<div style=\"background:url(data:image/svg+xml,%3Csvg%20width%3D%2210%22%3E%3C/svg%3E)\">Hi<br>you</div>",
            "Hi|you"
        ),
        ("before \(address) after", "before  after"), (address, ""),
        ("{\"shot\":\"\(address.replacing("/", with: "\\/"))\"}", "{\"shot\":\"\"}"),
        ("cut off \(address.dropLast(2_000))", "cut off "),
        (
            "<p>Hi</p><img src=3D\"data:image/png;base64,\(base64(300, isWrapped: true).replacing("\n", with: "=\n"))\"><p>x</p>",
            "Hi|x"
        ),
    ])
    func `data addresses are not text`(text: String, expected: String) {
        #expect(clean(text) == expected)
    }

    @Test(arguments: [
        "\n", "\n> ", " \n  ", "\\n", "&#10;", "=\n",
    ])
    func `wrapped base64 goes as a whole`(lineBreak: String) {
        for prefix in ["data:image/jpeg;base64,", ""] {
            for size in [250, 1_000, 1_001, 1_002] {
                let data = Self.base64(size, isWrapped: true).replacing("\n", with: lineBreak)
                #expect(
                    clean("The screen is black\n\n\(prefix)\(data)\n\nCall me")
                        == "The screen is black|Call me")
            }
        }
    }

    @Test func `a long run of base64 goes, and the text around it stays`() {
        #expect(clean("Scan: \(Self.base64(900)). It is blank") == "Scan: . It is blank")
        #expect(clean("iVBORw0KGgo\(Self.base64(90)) is all I see") == " is all I see")
        let certificate =
            "-----BEGIN CERTIFICATE-----\n\(Self.base64(700, isWrapped: true))\n-----END CERTIFICATE-----"
        #expect(clean(certificate) == "-----BEGIN CERTIFICATE-----|-----END CERTIFICATE-----")
        #expect(
            clean("<p>Hi</p><v:shape o:gfxdata=\"UEsDB\(Self.base64(6_000))\"/><p>The order failed</p>")
                == "Hi|The order failed")
    }

    @Test(arguments: [
        "checksum d41d8cd98f00b204e9800998ecf8427e, e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "id 550e8400-e29b-41d4-a716-446655440000", "sha512-\(base64(64))",
        "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e",
        "hashes:\n\(base64(64, seed: 2))\n\(base64(64, seed: 3))\n\(base64(64, seed: 4))\n\(base64(64, seed: 5))",
        "token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI\(base64(300, seed: 3)).\(base64(33, seed: 4)) expired",
        "token=\(base64(240))", "Authorization: Bearer \(base64(240))",
        "0x80070005 0xDEADBEEF ORA-00942 E_FAIL",
        "https://host.example/download/\(base64(240).replacing("+", with: "A"))",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "/" + String(repeating: "Srv2/DataStore/projects/", count: 12),
        String(repeating: "ACGTTGCA", count: 40),
        String(repeating: "-", count: 200), String(repeating: "deadbeef01", count: 40),
        "2024-05-01T10:15:00Z ERROR c.example.app.OrderService - failed id=550e8400e29b41d4a716446655440000",
        "-----BEGIN RSA PRIVATE KEY-----\n\(base64(700, isWrapped: true))\n-----END RSA PRIVATE KEY-----",
        "-----BEGIN PGP MESSAGE-----\n\n\(base64(700, isWrapped: true))\n-----END PGP MESSAGE-----",
        "What does data:image/png;base64,... mean?", "form data: text, image", "Metadata:a/b,c d",
    ])
    func `hashes, keys, tokens, addresses, paths and logs stay`(text: String) {
        #expect(Cleaner(Cleaner.Options(signatures: false)).clean(text).text.string == text)
    }

    @Test(arguments: [
        ("It shows [cid:image001.png@01DA5C3E.9F2B1C70] again", "It shows  again"),
        ("a\n[cid:ii_lk3j4h5g0]\nb", "a|b"), ("<cid:part1.06090408@example.org> seen", " seen"),
        ("[cid:0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9] x", " x"), ("cid:image002.jpg@01DA5C3E.9F2B1C70", ""),
        ("See [image: screen shot.png] above", "See  above"),
        ("a\n[Inline image 1]\nb", "a|b"), ("a\n<image001.png>\nb", "a|b"),
        ("<PastedGraphic-1.png>it broke", "it broke"),
        ("see[image: x.png]here", "see here"),
    ])
    func `marks of inline images go`(text: String, expected: String) {
        #expect(clean(text) == expected)
    }

    @Test(arguments: [
        "our cid: 4711", "CID:4711 is blocked", "[cid:4711]", "acid:image.png", "Which <image> tag is it?",
        "<logo.png> is missing", "[image", "the [images: all] filter", "docker <image:tag>",
    ])
    func `what only resembles such a mark stays`(text: String) {
        #expect(Cleaner().clean(text).text.string == text)
    }

    @Test(arguments: 0..<100)
    func `data between two paragraphs leaves them as they are`(seed: Int) {
        var random = RandomText(seed: UInt64(seed))
        let data = Self.base64(
            301 + 3 * random.next(1_300), seed: UInt64(seed), isWrapped: random.next(2) == 0)
        let prefix = ["data:image/png;base64,", "data:;base64,", ""][random.next(3)]
        let text = "My screen shows this:\n\n\(prefix)\(data)\n\nRegards to all of you in room 12b"
        let cleaned = Cleaner(Cleaner.Options(signatures: false)).clean(text).text
        #expect(cleaned.string == "My screen shows this:\n\n\n\nRegards to all of you in room 12b")
        let end = cleaned.bytes.count
        #expect(cleaned.sourceRange(of: end - 3..<end) == text.utf8.count - 3..<text.utf8.count)
    }
}
