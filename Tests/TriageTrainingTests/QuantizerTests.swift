import Testing
import TriageModel
import TriageNumerics
import TriageText

@testable import TriageTraining

struct QuantizerTests {
    private func tfidf(_ buckets: [UInt64]) throws -> HashedTFIDF {
        let idf = buckets.indices.map { 1 + Float($0) }
        return try HashedTFIDF(
            bits: 6, bitmap: ConstantBuffer([buckets.reduce(0) { $0 | 1 << $1 }]), idf: ConstantColumn(idf))
    }

    /// Heads of two labels and of one over three words, one run of characters and the bias, eight columns each.
    private func quantizer(_ first: [[Float]], _ second: [[Float]]) throws -> Quantizer {
        func head(_ field: String, _ rows: [[Float]]) -> FittedHead {
            FittedHead(
                field: field, labels: rows[0].indices.map { "label \($0)" }, columns: 8,
                parameters: rows.flatMap { $0 + [Float](repeating: 0, count: 8 - $0.count) },
                settings: .init(characterWeight: 1, embeddingWeight: 0, inversePenalty: 1),
                isCalibrated: false, calibration: Calibration(), labelShares: [])
        }
        let featurizer = Featurizer(
            options: NGramOptions(), words: try tfidf([0, 5, 9]), characters: try tfidf([2]), embedding: nil)
        return Quantizer(heads: [head("first", first), head("second", second)], featurizer: featurizer)
    }

    /// Over the four sparse rows the first label's weights are ±2, the second's 4, 0, 0, 0: root mean square 2 each.
    private func example() throws -> Quantizer {
        try quantizer([[2, 4], [-2, 0], [2, 0], [2, 0], [7, -7]], [[0], [0], [0], [0], [3]])
    }

    @Test func `a column's scale is its root mean square, 1 where there is nothing`() throws {
        let quantizer = try example()
        #expect(quantizer.columns == 8)
        #expect(quantizer.columnScale() == [2, 2, 1, 1, 1, 1, 1, 1])
    }

    /// In units of the scale the rows carry 5, 1, 1 and 1 of 8.
    @Test(arguments: [
        (0, [true, true, true, true], 0), (0.124, [true, true, true, true], 0),
        (0.125, [true, false, true, true], 0.125), (0.3, [true, false, false, true], 0.25),
        (0.5, [true, false, false, false], 0.375), (1, [false, false, false, false], 1),
    ])
    func `rows go by their share of the energy, the weakest first`(
        share: Double, rows: [Bool], lost: Double
    ) throws {
        let quantizer = try example()
        let kept = quantizer.kept(quantizer.columnScale(), pruning: share)
        #expect(kept.rows == rows && kept.lost == lost)
    }

    @Test func `a pruned row loses its bucket, the others keep theirs with their idf`() throws {
        let quantizer = try example()
        let kept = [true, false, true, true]
        let words = try quantizer.block(
            quantizer.featurizer.words, firstRow: 0, kept, quantizer.columnScale())
        #expect(words.tfidf.buckets == [0, 9] && words.tfidf.idf.array == [1, 3])
        #expect(words.rowScale.count == 2 && words.bytes.count == 16)
        let runs = try quantizer.block(
            quantizer.featurizer.characters, firstRow: 3, kept, quantizer.columnScale())
        #expect(runs.tfidf.buckets == [2] && runs.rowScale == [1 / 127])
    }

    @Test func `each weight comes back within half a step, the row's largest as 127`() throws {
        var generator = SplitMix64(seed: 3)
        func weights(_ labels: Int) -> [[Float]] {
            (0..<5).map { _ in (0..<labels).map { _ in 20 * (generator.unitFloat() - 0.5) } }
        }
        for _ in 0..<50 {
            let (first, second) = (weights(2), weights(3))
            let quantizer = try quantizer(first, second)
            let scale = quantizer.columnScale()
            let block = try quantizer.block(
                quantizer.featurizer.words, firstRow: 0, [true, true, true, true], scale)
            for row in 0..<3 {
                let weights = first[row] + second[row]
                let bytes = block.bytes[row * 8..<row * 8 + 8].map { Int($0) }
                #expect(bytes.map(abs).max() == 127 && bytes[5...] == [0, 0, 0])
                for column in weights.indices {
                    let step = block.rowScale[row] * scale[column]
                    #expect(abs(weights[column] - Float(bytes[column]) * step) <= 0.5001 * step)
                }
            }
        }
    }

    @Test func `the bias is kept as it is`() throws {
        let dense = try example().dense()
        #expect(dense.embedding.isEmpty && dense.bias == [7, -7, 3, 0, 0, 0, 0, 0])
    }
}
