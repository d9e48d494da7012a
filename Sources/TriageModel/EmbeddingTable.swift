import TriageNumerics
package import TriageText

/// A static embedding: one vector a WordPiece and one a frequent pair of adjacent pieces; a text is their
/// sum, scaled to unit length.
///
/// Word order beyond pairs is lost; the n-gram blocks beside it carry that. Loaded once and shared, hence a class.
package final class EmbeddingTable: Sendable {
    /// The length of a vector.
    package let dimension: Int
    /// SHA-256 of the table's file, in hexadecimal: how bundles name it.
    package let sha256: String
    /// SHA-256 of the vocabulary's file: other lines would mean other rows.
    package let vocabularySHA256: String
    /// The tokeniser whose ids are rows.
    package let tokenizer: WordPiece
    private let rows: ByteRows
    private let scale: ConstantBuffer<Float>
    private let pairs: PairTable

    /// A table from the bytes of `table.safetensors` and `vocab.txt`.
    ///
    /// - Throws: `ModelError` when a tensor is missing or the shapes do not fit the vocabulary.
    package init(table: SafeTensors, vocabulary: [UInt8], sha256: String) throws(ModelError) {
        do { tokenizer = try WordPiece(vocabulary: vocabulary) } catch { throw .text(error) }
        let shape = try table.shape(of: "rows")
        guard shape.count == 2, shape[1] > 0, shape[1] <= 4096 else {
            throw .damaged(part: "embedding rows of shape \(shape)")
        }
        dimension = shape[1]
        rows = ByteRows(try table.buffer("rows", of: Int8.self, shape: shape), columns: dimension)
        scale = try table.numbers("scale", shape: [shape[0]])
        let pairIDs: [Int32] = table.contains("bigrams") ? try table.pairs("bigrams") : []
        guard shape[0] == tokenizer.count + pairIDs.count / 2 else {
            throw .damaged(
                part: "\(shape[0]) embedding rows for \(tokenizer.count) pieces, \(pairIDs.count / 2) pairs")
        }
        pairs = PairTable(pairIDs, firstRow: UInt32(tokenizer.count))
        self.sha256 = sha256
        vocabularySHA256 = Checksum.sha256(vocabulary)
    }

    /// The rows that a text sums, and how far each is scaled: pieces first, then pairs, each in order.
    package func terms(of pieces: WordPiece.Pieces, into terms: inout EmbeddingTerms) {
        terms.fill(pieces.ids, scale)
        for index in pieces.ids.indices.dropLast() {
            if let row = pairs.row(of: pieces.ids[index], pieces.ids[index + 1]) {
                terms.append(row, scale[Int(row)], piece: index)
            }
        }
    }

    /// Adds the terms' rows to `vector`, which has `dimension` elements.
    ///
    /// A long text's terms are summed in pieces, and the pieces in Double: in one Float sum of 50,000 terms a
    /// thousandth would be lost, and an explanation could not add up.
    func add(_ terms: EmbeddingTerms, to vector: inout [Float]) {
        guard terms.rows.count > EmbeddingTable.piece else {
            SparseKernels.gather(
                terms.rows, terms.scales, count: terms.rows.count, rows: rows, into: &vector)
            return
        }
        var sums = vector.map(Double.init)
        for start in stride(from: 0, to: terms.rows.count, by: EmbeddingTable.piece) {
            let range = start..<min(start + EmbeddingTable.piece, terms.rows.count)
            var sum = [Float](repeating: 0, count: dimension)
            SparseKernels.gather(
                Array(terms.rows[range]), Array(terms.scales[range]), count: range.count, rows: rows,
                into: &sum)
            for place in sum.indices { sums[place] += Double(sum[place]) }
        }
        for place in sums.indices { vector[place] = Float(sums[place]) }
    }

    /// Texts of up to so many terms are one sum.
    private static let piece = 512

    /// The unit vector of a text; zeros when no piece of it is known.
    package func embed(_ text: [UInt8]) -> [Float] { embed(subject: [], body: text) }

    /// The unit vector of subject and body as one text; zeros when no piece of it is known.
    package func embed(subject: [UInt8], body: [UInt8]) -> [Float] {
        var features = Features()
        fill(&features, subject: subject, body: body)
        return features.embedding
    }

    /// The product of each term's vector with one of `dimension` elements.
    package func products(of terms: EmbeddingTerms, with vector: [Float]) -> [Float] {
        SparseKernels.dots(
            terms.rows, terms.scales, count: terms.rows.count, rows: rows, with: vector)
    }
}

/// The rows that a text sums in an `EmbeddingTable`.
package struct EmbeddingTerms: Sendable {
    /// Rows of the table.
    package private(set) var rows: [UInt32] = []
    /// What each row is multiplied by.
    package private(set) var scales: [Float] = []
    /// The piece that each row came from; for a pair, its first.
    package private(set) var pieces: [Int32] = []

    package init() {}

    /// Replaces the content by one row a piece.
    mutating func fill(_ ids: [UInt32], _ scale: ConstantBuffer<Float>) {
        rows.removeAll(keepingCapacity: true)
        scales.removeAll(keepingCapacity: true)
        pieces.removeAll(keepingCapacity: true)
        rows.append(contentsOf: ids)
        scales.append(contentsOf: ids.lazy.map { scale[Int($0)] })
        pieces.append(contentsOf: 0..<Int32(ids.count))
    }

    @inline(__always)
    mutating func append(_ row: UInt32, _ scale: Float, piece: Int) {
        rows.append(row)
        scales.append(scale)
        pieces.append(Int32(piece))
    }
}

/// Pairs of ids and the rows that they have.
private struct PairTable: Sendable {
    private var rows: UInt64HashTable

    init(_ ids: [Int32], firstRow: UInt32) {
        rows = UInt64HashTable(capacity: ids.count / 2)
        for pair in 0..<UInt32(ids.count / 2) {
            let (first, second) = (ids[2 * Int(pair)], ids[2 * Int(pair) + 1])
            // Of equal pairs the first counts.
            _ = rows.insert(
                PairTable.key(UInt32(bitPattern: first), UInt32(bitPattern: second)), firstRow + pair)
        }
    }

    func row(of first: UInt32, _ second: UInt32) -> UInt32? { rows[PairTable.key(first, second)] }

    private static func key(_ first: UInt32, _ second: UInt32) -> UInt64 {
        UInt64(first) << 32 | UInt64(second)
    }
}
