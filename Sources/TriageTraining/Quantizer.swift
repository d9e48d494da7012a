import TriageModel
import TriageNumerics

/// The fitted weights of one field, unpadded labels in the first columns of `columns`.
struct FittedHead: Sendable {
    var field: String
    var labels: [String]
    var columns: Int
    /// (sparse rows + dimension + 1) × columns, as `SoftmaxObjective` lays them out.
    var parameters: [Float]
    var settings: ModelManifest.Hyperparameters
    var isCalibrated: Bool
    var calibration: Calibration
    /// Each label's share of the rows as the fit weighed them.
    var labelShares: [Float]
    /// The tree whose leaves the labels are.
    var tree: ModelManifest.Tree?
    /// The thresholds of labels that are tags.
    var tags: ModelManifest.TagRule?
    /// What parts of the rows reach; nil where it was not measured.
    var learningCurve: [ModelManifest.LearningStep]?
}

/// Sets the heads' weights side by side, drops rows that carry almost nothing, and rounds the rest to bytes.
///
/// weight ≈ byte · row scale · column scale, with the column scale the root mean square of its column (so that
/// heads of different strength share a row's bytes fairly) and the row scale the row's largest |weight / column
/// scale| ÷ 127.
struct Quantizer {
    struct Block {
        var tfidf: HashedTFIDF
        var bytes: [Int8]
        var rowScale: [Float]

        func packed(columns: Int) -> PackedRows {
            PackedRows(
                ConstantBuffer(bytes), columns: columns, scales: ConstantBuffer(rowScale),
                factors: ConstantBuffer(tfidf.idf.array))
        }
    }

    let heads: [FittedHead]
    let featurizer: Featurizer
    let columns: Int
    private let offsets: [Int]

    init(heads: [FittedHead], featurizer: Featurizer) {
        self.heads = heads
        self.featurizer = featurizer
        var offsets: [Int] = []
        var total = 0
        for head in heads {
            offsets.append(total)
            total += head.labels.count
        }
        self.offsets = offsets
        columns = (total + 7) / 8 * 8
    }

    /// The weights of one parameter row across all heads.
    private func row(_ index: Int, into row: inout [Float]) {
        for (head, offset) in zip(heads, offsets) {
            for label in head.labels.indices {
                row[offset + label] = head.parameters[index * head.columns + label]
            }
        }
    }

    /// Root mean square of each column over the sparse rows; 1 for padding and empty columns.
    func columnScale() -> [Float] {
        var squares = [Double](repeating: 0, count: columns)
        var row = [Float](repeating: 0, count: columns)
        let rows = featurizer.words.count + featurizer.characters.count
        for index in 0..<rows {
            self.row(index, into: &row)
            for column in 0..<columns { squares[column] += Double(row[column]) * Double(row[column]) }
        }
        return squares.map { $0 > 0 ? Float(($0 / Double(max(rows, 1))).squareRoot()) : 1 }
    }

    /// The rows to keep so that at most `share` of the weights' energy, in units of the column scale, is lost.
    func kept(_ scale: [Float], pruning share: Double) -> (rows: [Bool], lost: Double) {
        let rows = featurizer.words.count + featurizer.characters.count
        var row = [Float](repeating: 0, count: columns)
        let energies = (0..<rows).map { index in
            self.row(index, into: &row)
            return zip(row, scale).reduce(0.0) { $0 + Double($1.0 / $1.1) * Double($1.0 / $1.1) }
        }
        let total = energies.reduce(0, +)
        var kept = [Bool](repeating: true, count: rows)
        var lost = 0.0
        for index in energies.indices.sorted(by: { (energies[$0], $0) < (energies[$1], $1) }) {
            guard lost + energies[index] <= share * total else { break }
            lost += energies[index]
            kept[index] = false
        }
        return (kept, total > 0 ? lost / total : 0)
    }

    /// One sparse block rounded to bytes, with the buckets that are left.
    func block(
        _ tfidf: HashedTFIDF, firstRow: Int, _ kept: [Bool], _ scale: [Float]
    ) throws(ModelError) -> Block {
        var bitmap = tfidf.bitmap.array
        var idf: [Float] = []
        var bytes: [Int8] = []
        var rowScale: [Float] = []
        var row = [Float](repeating: 0, count: columns)
        var index = 0
        for word in bitmap.indices {
            for bit in 0..<64 where bitmap[word] & (1 << UInt64(bit)) != 0 {
                defer { index += 1 }
                guard kept[firstRow + index] else {
                    bitmap[word] &= ~(1 << UInt64(bit))
                    continue
                }
                self.row(firstRow + index, into: &row)
                for column in 0..<columns { row[column] /= scale[column] }
                let step = max(row.reduce(0) { max($0, abs($1)) } / 127, .leastNormalMagnitude)
                bytes.append(contentsOf: row.map { Int8(($0 / step).rounded()) })
                rowScale.append(step)
                idf.append(tfidf.idf[index])
            }
        }
        let pruned = try HashedTFIDF(
            bits: tfidf.bits, bitmap: ConstantBuffer(bitmap), idf: ConstantColumn(idf))
        return Block(tfidf: pruned, bytes: bytes, rowScale: rowScale)
    }

    /// The embedding's weights (dimension × columns) and the bias, kept as they are.
    func dense() -> (embedding: [Float], bias: [Float]) {
        let first = featurizer.words.count + featurizer.characters.count
        let dimension = featurizer.embedding?.dimension ?? 0
        var row = [Float](repeating: 0, count: columns)
        var embedding: [Float] = []
        for index in 0..<dimension {
            self.row(first + index, into: &row)
            embedding.append(contentsOf: row)
        }
        self.row(first + dimension, into: &row)
        return (embedding, row)
    }
}
