import Testing
import TriageNumerics
import TriageText

@testable import TriageModel

/// Which words of two tickets may be one word with a slip of the keys.
struct SpelledWordTests {
    /// A text's words as a model has them that knows none.
    private func words(_ text: String) throws -> [SpelledWord] {
        let empty = try HashedTFIDF(bits: 6, bitmap: ConstantBuffer([0]), idf: ConstantColumn([]))
        let featurizer = Featurizer(options: NGramOptions(), words: empty, characters: empty, embedding: nil)
        var features = Features()
        featurizer.fill(&features, subject: [], body: Array(text.utf8))
        return SpelledWord.all(of: features, featurizer)
    }

    @Test(arguments: [
        ("zebraword", "zebrawrod", 1), ("zebraword", "zebrword", 1), ("zebraword", "zebrawword", 1),
        ("zebraword", "zebrawerd", 1), ("zebraword", "zabrawerd", 0), ("zebraword zebraword", "zebrawerd", 1),
        ("zebra qwanta", "zebar qwanat", 2), ("zebra zebrx", "zebry", 1), ("qan't", "qant", 1),
        ("größenwahn", "grössenwahn", 0), ("größenwahn", "grösenwahn", 1),
        // A digit is another code, and the same word no misspelling.
        ("code4711", "code4712", 0), ("401", "402", 0), ("zebraword", "zebraword", 0), ("", "zebraword", 0),
    ])
    func `a letter missing, added, changed or moved is one slip`(
        first: String, second: String, count: Int
    ) throws {
        let (first, second) = (try words(first), try words(second))
        #expect(SpelledWord.misspellings(first, second) == count)
        #expect(SpelledWord.misspellings(second, first) == count)
    }

    @Test func `two words that training saw are no misspellings of each other`() {
        func word(_ hash: UInt32, isKnown: Bool) -> SpelledWord {
            SpelledWord(hash: hash, isKnown: isKnown, spellings: [7, 10 + hash])
        }
        for (first, second, count) in [
            (true, true, 0), (true, false, 1), (false, true, 1), (false, false, 1),
        ] {
            let found = SpelledWord.misspellings([word(1, isKnown: first)], [word(2, isKnown: second)])
            #expect(found == count)
        }
    }

    @Test func `a long ticket has none`() throws {
        #expect(try words(String(repeating: "zebra ", count: 32)).count == 1)
        #expect(try words(String(repeating: "zebra ", count: 33)).isEmpty)
    }
}
