package import TriageNumerics

/// One block of a ticket's features: rows of a weight table with their values, not yet of unit length.
///
/// Its arrays only grow: their first `count` elements are the ticket's, the others left from longer ones.
package struct SparseBlock: Sendable {
    /// How many distinct rows the ticket has.
    package private(set) var count = 0
    /// Rows in the order in which their n-grams first occurred; no row twice among the first `count`.
    package private(set) var indices: [UInt32] = []
    /// value = (1 + ln tf) · idf, one for each row.
    package private(set) var values: [Float] = []
    /// How often each row occurred.
    package private(set) var occurrences: [UInt32] = []
    /// The Euclidean length of the values; 0 for an empty block.
    package private(set) var norm: Float = 0
    /// How many n-grams have no row.
    package private(set) var unseen = 0
    /// The places in `indices` of the rows of all n-grams that have one.
    private var places: [UInt32] = []
    /// Scratch of counting.
    private var slots: [UInt32] = []
    /// 1 + ln tf for every tf that there may be.
    private var logarithms: [Float] = []

    package init() {}

    /// Replaces the content by the counted, weighed n-grams of one ticket.
    ///
    /// - Complexity: O(n-grams).
    mutating func fill(_ hashes: [UInt64], by tfidf: HashedTFIDF) {
        grow(to: hashes.count)
        let seen = tfidf.rows(of: hashes, into: &places)
        unseen = hashes.count - seen
        count = SparseKernels.count(
            &places, first: seen, &slots, of: tfidf.idf, distinct: &indices, &occurrences)
        norm = SparseKernels.weigh(
            indices, occurrences, count: count, factors: logarithms, tfidf.idf, into: &values
        ).squareRoot()
    }

    /// An n-gram that has a row.
    package struct Hit: Sendable, Equatable {
        /// Its number among the n-grams of the ticket.
        package var ngram: Int32
        /// The place of its row among the first `count`.
        package var place: Int32
    }

    /// The n-grams that have a row, in order; `hashes` are those that filled this block.
    ///
    /// - Complexity: O(n-grams).
    package func hits(of hashes: [UInt64], by tfidf: HashedTFIDF) -> [Hit] {
        var hits: [Hit] = []
        hits.reserveCapacity(hashes.count)
        for (number, hash) in hashes.enumerated() where tfidf.hasRow(hash) {
            hits.append(Hit(ngram: Int32(number), place: Int32(places[hits.count])))
        }
        return hits
    }

    private mutating func grow(to size: Int) {
        guard indices.count < size else { return }
        logarithms = (0...2 * size).map { $0 < 1 ? 0 : 1 + SublinearTF.log(Float($0)) }
        indices = [UInt32](repeating: 0, count: 2 * size)
        occurrences = indices
        places = indices
        values = [Float](repeating: 0, count: 2 * size)
    }
}

/// Hashed n-grams as TF-IDF: which buckets were seen in training, and each one's inverse document frequency.
///
/// Buckets are numbered by rank in a bitmap, so that the weight table has a row only for those seen, and an unseen
/// one costs one bit. tf is taken sublinearly and idf = ln((1 + n) / (1 + df)) + 1, as in scikit-learn.
package struct HashedTFIDF: Sendable {
    /// 2^bits buckets.
    package let bits: Int
    /// One bit a bucket, 2^bits / 64 words.
    package let bitmap: ConstantBuffer<UInt64>
    /// The idf of each row.
    package let idf: ConstantColumn
    private let ranks: [UInt32]

    /// A block from its stored parts.
    ///
    /// - Throws: `ModelError.damaged` when the number of set bits is not the number of idf values.
    package init(bits: Int, bitmap: ConstantBuffer<UInt64>, idf: ConstantColumn) throws(ModelError) {
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
    package var count: Int { idf.count }

    /// The row of a hash's bucket; nil when training never saw it.
    package func row(of hash: UInt64) -> UInt32? { row(ofBucket: Int(hash >> UInt64(64 - bits))) }

    /// Whether training saw a hash's bucket.
    func hasRow(_ hash: UInt64) -> Bool {
        let bucket = Int(hash >> UInt64(64 - bits))
        return bitmap[bucket >> 6] & UInt64(1) << UInt64(bucket & 63) != 0
    }

    /// The buckets that have a row, in row order.
    package var buckets: [Int] {
        (0..<bitmap.count).flatMap { word in
            (0..<64).filter { bitmap[word] & (1 << UInt64($0)) != 0 }.map { word * 64 + $0 }
        }
    }

    /// The row of a bucket; nil when training never saw it.
    package func row(ofBucket bucket: Int) -> UInt32? {
        let word = bitmap[bucket >> 6]
        let bit = UInt64(1) << UInt64(bucket & 63)
        guard word & bit != 0 else { return nil }
        return ranks[bucket >> 6] + UInt32((word & (bit - 1)).nonzeroBitCount)
    }

    /// The rows of the n-grams that have one, in order, at the start of `rows`; returns how many there are.
    func rows(of hashes: [UInt64], into rows: inout [UInt32]) -> Int {
        SparseKernels.rows(of: hashes, bits: bits, bitmap: bitmap, ranks: ranks, into: &rows)
    }
}
