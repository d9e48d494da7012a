import Testing
import TriageText

struct NormalizerTests {
    @Test(arguments: [
        ("id 550e8400-e29b-41d4-a716-446655440000 x", "id <uuid> x"), ("at 0x7fff5fbff8c0", "at <hex>"),
        ("commit d670460b4b4aece5", "commit <hex>"),
        ("open /usr/lib/libx.so failed", "open <path> failed"), ("in C:\\Users\\ann\\x.txt.", "in <path>."),
        ("~/a/b", "<path>"),
        ("src/parser/main.c:12", "<path>:<num>"), ("2024-01-02T03:04:05.678Z up", "<time> up"),
        ("on 31.12.2023 10:15", "on <time>"),
        ("at 10:15:30,123", "at <time>"), ("12/31/2023", "<time>"), ("3 of 1,234.5", "<num> of <num>"),
        ("error 17", "error <num>"),
    ])
    func `machine text becomes shapes`(text: String, expected: String) {
        #expect(Normalizer.normalize(text).string == expected)
    }

    @Test(arguments: [
        "no digits here", "and/or", "he/she/they", "utf8 and sha256", "[EMAIL] [IP]:x", "<num> <time>", "v2",
        "a.b.c", "deadbeef is a word",
        "don't... stop", "x / y", "",
    ])
    func `other text stays`(text: String) {
        #expect(Normalizer.normalize(text).isIdentity)
    }

    @Test func `the map leads back`() {
        let text = Normalizer.normalize("took 1500 ms")
        #expect(text.string == "took <num> ms")
        #expect(text.sourceRange(of: 6..<7) == 5..<9)
    }

    @Test(arguments: 0..<600)
    func `normalising twice changes nothing more and keeps placeholders`(seed: Int) {
        var random = RandomText(seed: UInt64(seed))
        let bytes = Masker().mask(seed % 4 == 0 ? random.bytes(200) : random.pieces(30)).text.bytes
        let once = Normalizer.normalize(bytes)
        #expect(Normalizer.normalize(once.bytes).isIdentity, "\(String(decoding: bytes, as: UTF8.self))")
        for kind in IdentifierKind.allCases {
            // Bytes, because a mark behind "]" makes another character of it.
            let word = Array("\(kind.placeholder)".utf8)
            #expect(
                once.bytes.split(separator: word, omittingEmptySubsequences: false).count
                    == bytes.split(separator: word, omittingEmptySubsequences: false).count)
        }
    }
}
