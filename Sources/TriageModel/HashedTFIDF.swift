public import TriageNumerics

/// One block of a ticket's features: rows of a weight table with their values, not yet of unit length.
///
/// Its arrays only grow: their first `count` elements are the ticket's, the others left from longer ones.
public struct SparseBlock: Sendable {
    /// How many distinct rows the ticket has.
    public private(set) var count = 0
    /// Rows in the order in which their n-grams first occurred; no row twice among the first `count`.
    public private(set) var indices: [UInt32] = []
    /// value = (1 + ln tf) · idf, one for each row.
    public private(set) var values: [Float] = []
    /// How often each row occurred.
    public private(set) var occurrences: [UInt32] = []
    /// The Euclidean length of the values; 0 for an empty block.
    public private(set) var norm: Float = 0
    /// How many n-grams have no row.
    public private(set) var unseen = 0
    /// The rows of all n-grams that have one.
    private var rows: [UInt32] = []
    /// Where in `indices` a row may be.
    private var positions: [UInt32] = []

    /// An empty block.
    public init() {}

    /// Replaces the content by the counted, weighed n-grams of one ticket.
    ///
    /// - Complexity: O(n-grams).
    mutating func fill(_ hashes: [UInt64], by tfidf: HashedTFIDF) {
        grow(to: hashes.count)
        if positions.count < tfidf.count { positions = [UInt32](repeating: 0, count: tfidf.count) }
        let seen = tfidf.rows(of: hashes, into: &rows)
        unseen = hashes.count - seen
        count = SparseBlock.count(rows, first: seen, &positions, &indices, &occurrences)
        norm = tfidf.weigh(indices, occurrences, count: count, into: &values)
    }

    private mutating func grow(to size: Int) {
        guard indices.count < size else { return }
        indices = [UInt32](repeating: 0, count: 2 * size)
        occurrences = indices
        rows = indices
        values = [Float](repeating: 0, count: 2 * size)
    }

    /// Collects the distinct ones among the first rows of a list, and how often each occurs.
    ///
    /// A sparse set (Briggs and Torczon, 1993): `positions` may hold anything, since what it says of a row is
    /// believed only if that position is filled and names the row. No clearing, no probing, nothing to mispredict.
    private static func count(
        _ rows: [UInt32], first seen: Int, _ positions: inout [UInt32], _ indices: inout [UInt32],
        _ occurrences: inout [UInt32]
    ) -> Int {
        var positions = positions.mutableSpan
        var indices = indices.mutableSpan
        var occurrences = occurrences.mutableSpan
        var distinct = 0
        for place in 0..<seen {
            let row = rows[place]
            let claimed = Int(positions[Int(row)])
            let isKnown = claimed < distinct && indices[claimed] == row
            let position = isKnown ? claimed : distinct
            positions[Int(row)] = UInt32(truncatingIfNeeded: position)
            indices[position] = row
            occurrences[position] = isKnown ? occurrences[position] + 1 : 1
            distinct += isKnown ? 0 : 1
        }
        return distinct
    }
}

/// Hashed n-grams as TF-IDF: which buckets were seen in training, and each one's inverse document frequency.
///
/// Buckets are numbered by rank in a bitmap, so that the weight table has a row only for those seen, and an unseen
/// one costs one bit. tf is taken sublinearly and idf = ln((1 + n) / (1 + df)) + 1, as in scikit-learn.
public struct HashedTFIDF: Sendable {
    /// 2^bits buckets.
    public let bits: Int
    /// One bit a bucket, 2^bits / 64 words.
    public let bitmap: ConstantBuffer<UInt64>
    /// The idf of each row.
    public let idf: ConstantBuffer<Float>
    private let ranks: [UInt32]
    /// 1 + ln tf for small counts.
    private let logarithms: [Float]

    /// A block from its stored parts.
    ///
    /// - Throws: `ModelError.damaged` when the number of set bits is not the number of idf values.
    public init(bits: Int, bitmap: ConstantBuffer<UInt64>, idf: ConstantBuffer<Float>) throws(ModelError) {
        guard (6...24).contains(bits), bitmap.count == 1 << (bits - 6) else {
            throw .damaged(part: "bitmap of \(bitmap.count) words for 2^\(bits) buckets")
        }
        var ranks: [UInt32] = []
        ranks.reserveCapacity(bitmap.count)
        var total = 0
        for index in 0..<bitmap.count {
            ranks.append(UInt32(total))
            total += bitmap[index].nonzeroBitCount
        }
        guard total == idf.count else { throw .damaged(part: "\(total) buckets but \(idf.count) idf values") }
        self.bits = bits
        self.bitmap = bitmap
        self.idf = idf
        self.ranks = ranks
        logarithms = (0..<64).map { $0 < 1 ? 0 : 1 + SublinearTF.log(Float($0)) }
    }

    /// The number of rows.
    public var count: Int { idf.count }

    /// The row of a hash's bucket; nil when training never saw it.
    public func row(of hash: UInt64) -> UInt32? { row(ofBucket: Int(hash >> UInt64(64 - bits))) }

    /// The buckets that have a row, in row order.
    public var buckets: [Int] {
        (0..<bitmap.count).flatMap { word in
            (0..<64).filter { bitmap[word] & (1 << UInt64($0)) != 0 }.map { word * 64 + $0 }
        }
    }

    /// The row of a bucket; nil when training never saw it.
    public func row(ofBucket bucket: Int) -> UInt32? {
        let word = bitmap[bucket >> 6]
        let bit = UInt64(1) << UInt64(bucket & 63)
        guard word & bit != 0 else { return nil }
        return ranks[bucket >> 6] + UInt32((word & (bit - 1)).nonzeroBitCount)
    }

    /// The rows of the n-grams that have one, in order, at the start of `rows`; returns how many there are.
    func rows(of hashes: [UInt64], into rows: inout [UInt32]) -> Int {
        SparseKernels.rows(of: hashes, bits: bits, bitmap: bitmap, ranks: ranks, into: &rows)
    }

    /// value = (1 + ln occurrences) · idf; returns the length of the values.
    func weigh(
        _ indices: [UInt32], _ occurrences: [UInt32], count: Int, into values: inout [Float]
    ) -> Float {
        var values = values.mutableSpan
        var squares: Float = 0
        for position in 0..<count {
            let tf = Int(occurrences[position])
            let factor = tf < logarithms.count ? logarithms[tf] : 1 + SublinearTF.log(Float(tf))
            let value = factor * idf[Int(indices[position])]
            squares += value * value
            values[position] = value
        }
        return squares.squareRoot()
    }
}
