import Foundation
import Testing
import TriageData

@testable import TriageText

struct TokenTests {
    private static let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    private func words(_ text: String) -> [String] {
        var ngrams = NGrams(recordingOrigins: true)
        let bytes = Array(text.utf8)
        ngrams.append(bytes, field: 1, options: NGramOptions())
        return ngrams.tokens.map {
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
        #expect(WordHashes.words(of: Array(first.utf8)) == WordHashes.words(of: Array(second.utf8)))
    }

    @Test func `packed and byte-wise hashes agree`() {
        #expect(
            StableHash.hash(packed: 0x6362_61, length: 3, kind: .characters)
                == StableHash.hash(Array("abc".utf8), kind: .characters))
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
        ngrams.append(Array("card".utf8), field: 1, options: NGramOptions(shortest: 2, longest: 5))
        let runs = [
            " c", "ca", " ca", "ar", "car", " car", "rd", "ard", "card", " card", "d ", "rd ", "ard ",
            "card ",
        ]
        #expect(ngrams.characters == runs.map { StableHash.hash(Array($0.utf8), kind: .characters) })
    }

    @Test func `any bytes are tokenised without a trap`() {
        var generator = SystemRandomNumberGenerator()
        var ngrams = NGrams(recordingOrigins: true)
        for _ in 0..<500 {
            let bytes = (0..<64).map { _ in UInt8.random(in: 0...255, using: &generator) }
            ngrams.removeAll()
            ngrams.append(bytes, field: 1, options: NGramOptions())
            #expect(ngrams.tokens.allSatisfy { $0.range.upperBound <= 64 })
        }
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
