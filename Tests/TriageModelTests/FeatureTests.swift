import Foundation
import Testing
import TriageNumerics
import TriageText

@testable import TriageModel

struct HashedTFIDFTests {
    /// Buckets 1, 3 and 63 of 64, with idf 1, 2 and 3.
    private func block() throws -> HashedTFIDF {
        let bitmap = UInt64(1) << 1 | 1 << 3 | 1 << 63
        return try HashedTFIDF(bits: 6, bitmap: ConstantBuffer([bitmap]), idf: ConstantColumn([1, 2, 3]))
    }

    /// A hash of a bucket: the bucket's number is its first six bits.
    private func hash(_ bucket: UInt64) -> UInt64 { bucket << 58 | 12345 }

    @Test func `rows are numbered by the rank of their buckets`() throws {
        let block = try block()
        #expect(block.count == 3 && block.buckets == [1, 3, 63])
        #expect((0..<64).compactMap { block.row(ofBucket: $0) } == [0, 1, 2])
        #expect([1, 3, 63].map { block.row(ofBucket: $0) } == [0, 1, 2])
        #expect(block.row(of: hash(3)) == 1 && block.row(of: hash(4)) == nil)
        #expect(block.hasRow(hash(63)) && !block.hasRow(hash(0)))
    }

    /// 1 + ln 3 for a word that occurs three times, 1 for those that occur once.
    @Test func `values are one plus the logarithm of tf, times idf, in the order of first occurrence`() throws
    {
        let tfidf = try block()
        var block = SparseBlock()
        for _ in 0..<2 {
            let hashes = [3, 1, 3, 0, 63, 3].map(hash)
            block.fill(hashes, by: tfidf)
            let expected: [Double] = [(1 + log(3)) * 2, 1, 3]
            #expect(block.count == 3 && block.unseen == 1)
            #expect(block.indices.prefix(3) == [1, 0, 2] && block.occurrences.prefix(3) == [3, 1, 1])
            #expect(zip(block.values, expected).allSatisfy { abs(Double($0) - $1) < 1e-5 })
            #expect(abs(Double(block.norm) - expected.reduce(0) { $0 + $1 * $1 }.squareRoot()) < 1e-5)
            let hits = block.hits(of: hashes, by: tfidf)
            #expect(hits.map(\.ngram) == [0, 1, 2, 4, 5] && hits.map(\.place) == [0, 1, 0, 2, 0])
            // A longer ticket leaves nothing of itself in the next.
            block.fill((0..<500).map { hash(UInt64($0 % 64)) }, by: tfidf)
        }
        block.fill([], by: tfidf)
        #expect(block.count == 0 && block.norm == 0 && block.unseen == 0)
    }

    @Test(arguments: [
        (5, 1, 3, "bitmap of 1 words for 2^5 buckets"), (25, 1, 3, "bitmap of 1 words for 2^25 buckets"),
        (7, 1, 3, "bitmap of 1 words for 2^7 buckets"), (6, 1, 2, "3 buckets but 2 idf values"),
    ])
    func `parts that do not fit are refused`(bits: Int, words: Int, idf: Int, part: String) {
        #expect(throws: ModelError.damaged(part: part)) {
            try HashedTFIDF(
                bits: bits, bitmap: ConstantBuffer([UInt64](repeating: 0b111, count: words)),
                idf: ConstantColumn([Float](repeating: 1, count: idf)))
        }
    }
}

/// A matrix of two dimensions over the pieces a, b and ##c and the pair (a, b).
struct EmbeddingTableTests {
    private static let rows: [Int8] = [1, 0, 0, 2, 4, 4, -1, 2]

    private func table(
        rows: [Int8] = rows, shape: [Int] = [4, 2], scale: [Float]? = [1, 0.5, 0.25, 2],
        pairs: [Int32] = [0, 1]
    ) throws -> EmbeddingTable {
        var writer = SafeTensorsWriter()
        writer.add("rows", rows, shape: shape)
        if let scale { writer.add("scale", scale, shape: [scale.count]) }
        writer.add("bigrams", pairs, shape: [pairs.count / 2, 2])
        let tensors = try SafeTensors(MappedBytes(copying: writer.bytes()))
        return try EmbeddingTable(table: tensors, vocabulary: Array("a\nb\n##c\n".utf8), sha256: "x")
    }

    private func isClose(_ found: [Float], _ expected: [Float]) -> Bool {
        let length = expected.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return found.count == expected.count
            && zip(found, expected).allSatisfy { abs($0 - (length > 0 ? $1 / length : 0)) < 1e-6 }
    }

    /// a is (1, 0), b (0, 1), ##c (1, 1), and the pair a b (−2, 4).
    @Test(
        arguments: [
            ("", "a", [1, 0]), ("", "b", [0, 1]), ("", "ac", [2, 1]), ("", "a b", [-1, 5]),
            ("", "b a", [1, 1]),
            ("a", "b", [1, 1]), ("", "a b a b", [-2, 10]), ("", "zzz", [0, 0]), ("", "", [0, 0]),
        ] as [(String, String, [Float])])
    func `a text is the sum of its pieces and pairs, scaled to unit length`(
        subject: String, body: String, sum: [Float]
    ) throws {
        let table = try table()
        #expect(isClose(table.embed(subject: Array(subject.utf8), body: Array(body.utf8)), sum))
    }

    /// More terms than one sum in Float takes.
    @Test func `a long text keeps the weight of a piece that occurs once`() throws {
        let text = Array((String(repeating: "a ", count: 4000) + "ac").utf8)
        #expect(isClose(try table(pairs: [1, 0]).embed(text), [4002, 1]))
    }

    @Test func `of two rows for one pair the first counts, and products are those of each term`() throws {
        let table = try table(
            rows: Self.rows + [100, 100], shape: [5, 2], scale: [1, 0.5, 0.25, 2, 1], pairs: [0, 1, 0, 1])
        #expect(isClose(table.embed(Array("a b".utf8)), [-1, 5]))
        var terms = EmbeddingTerms()
        var pieces = WordPiece.Pieces()
        table.tokenizer.append(Array("a b".utf8), to: &pieces)
        table.terms(of: pieces, into: &terms)
        #expect(terms.rows == [0, 1, 3] && terms.pieces == [0, 1, 0])
        #expect(table.products(of: terms, with: [3, 5]) == [3, 5, 14])
    }

    @Test func `tensors that do not fit the vocabulary are refused`() {
        #expect(throws: ModelError.missingTensor("scale")) { try table(scale: nil) }
        #expect(throws: ModelError.damaged(part: "embedding rows of shape [8]")) { try table(shape: [8]) }
        #expect(throws: ModelError.damaged(part: "4 embedding rows for 3 pieces, 2 pairs")) {
            try table(pairs: [0, 1, 1, 0])
        }
        #expect(throws: ModelError.damaged(part: "tensor scale, number 3")) {
            try table(scale: [1, 1, .nan, 1])
        }
        #expect(throws: ModelError.shapeMismatch(tensor: "scale", expected: "F32 [4]", found: "F32 [3]")) {
            try table(scale: [1, 1, 1])
        }
    }
}
