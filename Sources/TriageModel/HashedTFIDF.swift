public import TriageNumerics

/// One block of a ticket's features: rows of a weight table with their values, not yet of unit length.
public struct SparseBlock: Sendable {
    /// Rows in the order in which their n-grams first occurred; no row twice.
    public internal(set) var indices: [UInt32] = []
    /// value = (1 + ln tf) · idf, one for each row.
    public internal(set) var values: [Float] = []
    /// The Euclidean length of `values`; 0 for an empty block.
    public internal(set) var norm: Float = 0
    var counts: [UInt32] = []
    /// Position + 1 in `indices`, by a hash of the row; scratch of `HashedTFIDF.vectorize`.
    var slots: [UInt32] = []

    /// An empty block.
    public init() {}

    /// How often the row at a position occurred.
    public func count(at position: Int) -> Int { Int(counts[position]) }
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
    }

    /// The number of rows.
    public var count: Int { idf.count }

    /// The row of a hash's bucket; nil when training never saw it.
    @inline(__always)
    public func row(of hash: UInt64) -> UInt32? {
        let bucket = Int(hash >> UInt64(64 - bits))
        let word = bitmap[bucket >> 6]
        let bit = UInt64(1) << UInt64(bucket & 63)
        guard word & bit != 0 else { return nil }
        return ranks[bucket >> 6] + UInt32((word & (bit - 1)).nonzeroBitCount)
    }

    /// Counts, weighs and measures the n-grams of one ticket.
    ///
    /// - Complexity: O(n-grams).
    public func vectorize(_ hashes: [UInt64], into block: inout SparseBlock) {
        block.indices.removeAll(keepingCapacity: true)
        block.counts.removeAll(keepingCapacity: true)
        block.values.removeAll(keepingCapacity: true)
        block.count(hashes, self)
        var squares: Float = 0
        for position in block.indices.indices {
            let value = HashedTFIDF.sublinear(block.counts[position]) * idf[Int(block.indices[position])]
            squares += value * value
            block.values.append(value)
        }
        block.norm = squares.squareRoot()
    }

    @inline(__always)
    private static func sublinear(_ count: UInt32) -> Float {
        count < 256 ? logarithms[Int(count)] : 1 + SublinearTF.log(Float(count))
    }

    private static let logarithms: [Float] = (0..<256).map { $0 < 1 ? 0 : 1 + SublinearTF.log(Float($0)) }
}

extension SparseBlock {
    /// Fills `indices` and `counts` from hashes, through an open-addressing table of at least twice their number.
    fileprivate mutating func count(_ hashes: [UInt64], _ tfidf: HashedTFIDF) {
        var size = 64
        while size < 2 * hashes.count { size *= 2 }
        slots.removeAll(keepingCapacity: true)
        slots.append(contentsOf: repeatElement(0, count: size))
        // The table is taken out for the loop, and one exclusive view of it spares a check at each access.
        var taken: [UInt32] = []
        swap(&taken, &slots)
        defer { slots = taken }
        var table = taken.mutableSpan
        for position in hashes.indices {
            guard let row = tfidf.row(of: hashes[position]) else { continue }
            var slot = Int((row &* 0x9E37_79B1) >> 7) & (size - 1)
            while true {
                let entry = Int(table[slot])
                if entry == 0 {
                    indices.append(row)
                    counts.append(1)
                    table[slot] = UInt32(indices.count)
                    break
                }
                if indices[entry - 1] == row {
                    counts[entry - 1] += 1
                    break
                }
                slot = (slot + 1) & (size - 1)
            }
        }
    }
}
