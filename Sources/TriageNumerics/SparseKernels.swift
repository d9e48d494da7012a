internal import CKernels

/// Sums over rows picked by index, the heart of scoring and of training.
///
/// Each element of the result adds its terms in the order of the index list, so a result depends only on its own
/// terms. An index outside the table traps in every build: file contents decide these numbers.
public enum SparseKernels {
    /// The rows of the hashes whose buckets are set, in order; returns how many there are.
    ///
    /// A hash's bucket is its top `bits` bits, `bitmap` has one bit a bucket, and `ranks` says for each of its words
    /// how many bits are set before it: a bucket's row is its rank. `rows` grows as needed and never shrinks.
    public static func rows(
        of hashes: [UInt64], bits: Int, bitmap: ConstantBuffer<UInt64>, ranks: [UInt32],
        into rows: inout [UInt32]
    ) -> Int {
        precondition(bitmap.count == 1 << (bits - 6) && ranks.count == bitmap.count, "2^\(bits) buckets")
        if rows.count < hashes.count {
            rows.append(contentsOf: repeatElement(0, count: hashes.count - rows.count))
        }
        guard let words = bitmap.buffer.baseAddress else { return 0 }
        return triage_rows(hashes, hashes.count, UInt32(bits), words, ranks, &rows)
    }

    /// out[k] += Σᵢ values[i] · rows[indices[i]][k] for i < `count`, for `columns` signed bytes a row.
    public static func gather(
        _ indices: [UInt32], _ values: [Float], count: Int, rows: ConstantBuffer<Int8>, columns: Int,
        into out: inout [Float]
    ) {
        precondition(
            values.count >= count && indices.count >= count && out.count >= columns,
            "\(count) rows of \(columns)")
        requireInside(indices, count, rows: rows.count / max(columns, 1))
        guard let table = rows.buffer.baseAddress else { return }
        triage_gather_i8(indices, values, count, table, columns, &out)
    }

    /// out[i] = values[i] · Σₖ rows[indices[i]][k] · vector[k] for i < `count`, for `columns` signed bytes a row.
    public static func dots(
        _ indices: [UInt32], _ values: [Float], count: Int, rows: ConstantBuffer<Int8>, columns: Int,
        with vector: [Float]
    ) -> [Float] {
        precondition(
            values.count >= count && indices.count >= count && vector.count >= columns,
            "\(count) rows of \(columns)")
        requireInside(indices, count, rows: rows.count / max(columns, 1))
        var out = [Float](repeating: 0, count: count)
        guard let table = rows.buffer.baseAddress else { return out }
        triage_dots_i8(indices, values, count, table, columns, vector, &out)
        return out
    }

    private static func requireInside(_ indices: [UInt32], _ count: Int, rows: Int) {
        var largest: UInt32 = 0
        for position in 0..<count { largest = max(largest, indices[position]) }
        precondition(count == 0 || Int(largest) < rows, "row \(largest) of \(rows)")
    }

    /// out[k] += Σᵢ values[i] · rows[indices[i]][k] over Float rows; the caller vouches for the pointers' sizes.
    public static func gather(
        _ indices: UnsafePointer<UInt32>, _ values: UnsafePointer<Float>, count: Int,
        rows: UnsafePointer<Float>, columns: Int, into out: UnsafeMutablePointer<Float>
    ) {
        triage_gather_f32(indices, values, count, rows, columns, out)
    }

    /// rows[indices[i]][k] += values[i] · input[k] for k in `range`; the caller vouches for the pointers' sizes.
    public static func scatter(
        _ indices: UnsafePointer<UInt32>, _ values: UnsafePointer<Float>, count: Int,
        _ input: UnsafePointer<Float>, range: Range<Int>, into rows: UnsafeMutablePointer<Float>, columns: Int
    ) {
        triage_scatter_f32(indices, values, count, input, range.lowerBound, range.upperBound, rows, columns)
    }
}
