import Foundation
import Testing
import TriageData

@testable import TriageText

struct TokenTests {
    private static let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    private func words(_ text: String) -> [String] {
        let bytes = Array(text.utf8)
        return Words(bytes).list.map {
            String(decoding: bytes[Int($0.range.lowerBound)..<Int($0.range.upperBound)], as: UTF8.self)
        }
    }

    @Test(arguments: [
        ("Can't log-in?", ["Can't", "log", "-", "in", "?"]), ("", []), ("  \t", []),
        ("naïve Straße", ["naïve", "Straße"]),
        ("我要退款", ["我", "要", "退", "款"]), ("user_id=42", ["user_id", "=", "42"]), ("it’s", ["it’s"]),
        ("'a'", ["'", "a", "'"]),
    ])
    func `words stand where they are in the text`(text: String, expected: [String]) {
        #expect(words(text) == expected)
    }

    @Test(arguments: [
        ("É", "é"), ("e\u{301}", "é"), ("ΟΔΟΣ", "οδος"), ("ПАРОЛЬ", "пароль"), ("it’s", "it's"),
    ])
    func `case, composition and apostrophes do not change a word`(first: String, second: String) {
        #expect(Words(Array(first.utf8)).phrase == Words(Array(second.utf8)).phrase)
    }

    @Test func `packed and byte-wise hashes agree`() {
        #expect(
            StableHash.hash(packed: 0x6362_61, length: 3, kind: .characters)
                == StableHash.hash(Array("abc".utf8), kind: .characters))
        let bytes = (0..<48).map { UInt8(truncatingIfNeeded: $0 * 37 + 11) }
        for (start, length) in [(0, 0), (3, 1), (0, 7), (5, 8), (1, 9), (2, 16), (7, 17), (0, 40)] {
            let range = start..<start + length
            #expect(
                StableHash.hash(range, of: bytes.span.bytes, kind: .word)
                    == StableHash.hash(bytes[range], kind: .word))
        }
        #expect(
            StableHash.hash(Array("abc".utf8), kind: .word)
                != StableHash.hash(Array("abc\0".utf8), kind: .word))
    }

    @Test func `the hash is frozen`() {
        #expect(StableHash.hash(Array("password".utf8), kind: .word) == FrozenHashes.password)
        #expect(StableHash.hash(Array("straße".utf8), kind: .characters) == FrozenHashes.street)
    }

    @Test func `an ASCII word has the runs of its padded form`() {
        var ngrams = NGrams()
        ngrams.make(from: Words(Array("card".utf8)), options: NGramOptions(minimumRun: 2, maximumRun: 5))
        let runs = [
            " c", "ca", " ca", "ar", "car", " car", "rd", "ard", "card", " card", "d ", "rd ", "ard ",
            "card ",
        ]
        #expect(ngrams.characters == runs.map { StableHash.hash(Array($0.utf8), kind: .characters) })
    }

    @Test(
        arguments: [
            ("My printer, again!", "my printer again"),
            ("write to [EMAIL] or see [URL]", "write to or see"),
            ("error E4711 in step 3 of my_script", "error in step of"),
            ("open C:\\Users\\me\\file.txt now", "open now"),
            ("see docs.example.com/help?page=2 please", "see please"),
            ("it's a well-known bug. Please help", "it's a well known bug please help"),
            ("call foo(bar) and a.b", "call and"), ("我要 x.y 退", "我 要 退"),
            ("[EMAILS] (hello)", "emails hello"),
        ])
    func `prose leaves out placeholders, numbers, paths and code`(text: String, prose: String) {
        let words = Words(Array(text.utf8))
        var chosen: [Words.Word] = []
        words.prose(first: 100, into: &chosen)
        let found = chosen.map { String(decoding: words.folded($0), as: UTF8.self) }
        #expect(found == prose.split(separator: " ").map(String.init))
        words.prose(first: 2, into: &chosen)
        #expect(chosen.count == 2)
    }

    @Test func `any bytes are tokenised without a trap`() {
        var generator = SystemRandomNumberGenerator()
        var words = Words()
        var chosen: [Words.Word] = []
        var ngrams = NGrams(recordingOrigins: true)
        for length in 0..<500 {
            let bytes = (0..<length % 97).map { _ in UInt8.random(in: 0...255, using: &generator) }
            words.scan(subject: bytes, body: bytes)
            ngrams.make(from: words, options: NGramOptions(minimumRun: 1, maximumRun: 8))
            #expect(words.list.allSatisfy { $0.range.upperBound <= bytes.count })
            words.prose(first: 24, into: &chosen)
            #expect(chosen.count <= 24)
            #expect(ngrams.characterOrigins.count == ngrams.characters.count)
            #expect(words.list.filter { $0.field == 1 }.map(\.hash) == Words(bytes).list.map(\.hash))
        }
    }

    @Test(arguments: ["naïve card", "Straße", "我要退款 now", "x", "ağız e\u{301}t"])
    func `runs of any script are those of its padded words`(text: String) {
        let options = NGramOptions(minimumRun: 1, maximumRun: 4)
        let words = Words(Array(text.utf8))
        var ngrams = NGrams()
        ngrams.make(from: words, options: options)
        var expected: [UInt64] = []
        for word in text.precomposedStringWithCanonicalMapping.lowercased().split(separator: " ") {
            let parts = word.first.map { $0 >= "\u{3400}" } == true ? word.map(String.init) : [String(word)]
            for part in parts {
                let scalars = Array(" \(part) ".unicodeScalars)
                for end in 1..<scalars.count {
                    for length in 1...4 where length <= end + 1 {
                        var run = String.UnicodeScalarView()
                        run.append(contentsOf: scalars[end + 1 - length...end])
                        expected.append(StableHash.hash(Array(String(run).utf8), kind: .characters))
                    }
                }
            }
        }
        #expect(ngrams.characters == expected)
    }

    @Test func `a byte leads to its word`() {
        var words = Words()
        words.scan(subject: Array("card lost".utf8), body: Array("the card, again".utf8))
        #expect(words.place(field: 0, at: 6) == 1)
        #expect(words.place(field: 0, at: 4) == nil)
        #expect(words.place(field: 1, at: 0) == 2)
        #expect(words.place(field: 1, at: 8) == 4)
        #expect(words.place(field: 1, at: 15) == nil)
        #expect(words.list.count { $0.field == 1 && !$0.isSymbol } == 3)
    }

    @Test func `the ids are the reference's on odd texts`() throws {
        let vocabulary = try FileInput.bytes(of: "\(Self.project)/models/embeddings/minilm-256/vocab.txt")
        let tokenizer = try WordPiece(vocabulary: vocabulary)
        let rows = try RowReader(path: "\(Self.project)/Tests/TriageTextTests/Golden/wordpiece.jsonl")
        var count = 0
        while let row = try rows.next()?.get() {
            var pieces = WordPiece.Pieces()
            tokenizer.append(Array((row.text("text") ?? "").utf8), to: &pieces)
            let expected = row.fields["ids"]?.elements?.compactMap { $0.text.flatMap { UInt32($0) } }
            #expect(pieces.ids == expected, "line \(row.line)")
            count += 1
        }
        #expect(count > 300)
    }
}
