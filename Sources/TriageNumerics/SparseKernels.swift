internal import CKernels

/// Sums over rows picked by index, the heart of scoring and of training.
///
/// Each element of the result adds its terms in the order of the index list, so a result depends only on its own
/// terms. An index outside the table traps in every build: file contents decide these numbers.
package enum SparseKernels {
    /// The rows of the hashes whose buckets are set, in order; returns how many there are.
    ///
    /// A hash's bucket is its top `bits` bits, `bitmap` has one bit a bucket, and `ranks` has for each of its words
    /// how many bits are set before it: a bucket's row is its rank. `rows` grows as needed and never shrinks.
    package static func rows(
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

    /// The distinct ones among the first `count` of `rows`, as they first occur, and how often each does.
    ///
    /// Each of these `rows` becomes the place of its own among them. Returns how many distinct ones there are.
    /// `slots` is scratch and grows as needed. The columns' memory at these rows is prefetched along the way.
    package static func count(
        _ rows: inout [UInt32], first count: Int, _ slots: inout [UInt32], of column: ConstantColumn,
        distinct: inout [UInt32], _ occurrences: inout [UInt32]
    ) -> Int {
        precondition(
            rows.count >= count && distinct.count >= count && occurrences.count >= count, "\(count) rows")
        let size = max(64, 1 << (Int.bitWidth - (4 * count).leadingZeroBitCount))
        if slots.count < size { slots = [UInt32](repeating: 0, count: size) }
        guard let start = column.start else { return 0 }
        return triage_count(&rows, count, &slots, size, start, column.stride, &distinct, &occurrences)
    }

    /// values[i] = factors[occurrences[i]] · column[indices[i]] for i < `count`; returns the sum of their squares.
    package static func weigh(
        _ indices: [UInt32], _ occurrences: [UInt32], count: Int, factors: [Float], _ column: ConstantColumn,
        into values: inout [Float]
    ) -> Float {
        requireInside(indices, count, column.count)
        requireInside(occurrences, count, factors.count)
        precondition(values.count >= count, "\(count) values into \(values.count)")
        guard let start = column.start else { return 0 }
        return triage_weigh(indices, occurrences, count, factors, start, column.stride, &values)
    }

    /// out[k] += Σᵢ values[i] · scales[indices[i]] · bytes[indices[i]][k] for i < `count` and each column k.
    package static func gather(
        _ indices: [UInt32], _ values: [Float], count: Int, rows: PackedRows, into out: inout [Float]
    ) {
        requireInside(indices, count, rows.count)
        precondition(
            values.count >= count && out.count >= rows.bytes.columns, "\(count) rows into \(out.count)")
        guard let table = rows.bytes.start else { return }
        triage_gather_scaled_i8(
            indices, values, count, table, rows.bytes.stride, PackedRows.first, rows.bytes.columns, &out)
    }

    /// out[k] += Σᵢ values[i] · rows[indices[i]][k] for i < `count` and each column k.
    package static func gather(
        _ indices: [UInt32], _ values: [Float], count: Int, rows: ByteRows, into out: inout [Float]
    ) {
        requireInside(indices, count, rows.count)
        precondition(
            values.count >= count && out.count >= rows.columns, "\(count) rows into \(out.count)")
        guard let table = rows.start else { return }
        triage_gather_i8(indices, values, count, table, rows.stride, rows.columns, &out)
    }

    /// out[i] = values[i] · Σₖ rows[indices[i]][k] · vector[k] for i < `count`.
    package static func dots(
        _ indices: [UInt32], _ values: [Float], count: Int, rows: ByteRows, with vector: [Float]
    ) -> [Float] {
        requireInside(indices, count, rows.count)
        precondition(
            values.count >= count && vector.count >= rows.columns, "\(count) rows with \(vector.count)")
        var out = [Float](repeating: 0, count: count)
        guard let table = rows.start else { return out }
        triage_dots_i8(indices, values, count, table, rows.stride, rows.columns, vector, &out)
        return out
    }

    private static func requireInside(_ indices: [UInt32], _ count: Int, _ rows: Int) {
        precondition(indices.count >= count, "\(count) of \(indices.count)")
        let largest = triage_largest(indices, count)
        precondition(count == 0 || Int(largest) < rows, "row \(largest) of \(rows)")
    }

    /// out[k] += Σᵢ values[i] · rows[indices[i]][k] over Float rows; the caller vouches for the pointers' sizes.
    package static func gather(
        _ indices: UnsafePointer<UInt32>, _ values: UnsafePointer<Float>, count: Int,
        rows: UnsafePointer<Float>, columns: Int, into out: UnsafeMutablePointer<Float>
    ) {
        triage_gather_f32(indices, values, count, rows, columns, out)
    }

    /// rows[indices[i]][k] += values[i] · input[k] for k in `range`; the caller vouches for the pointers' sizes.
    package static func scatter(
        _ indices: UnsafePointer<UInt32>, _ values: UnsafePointer<Float>, count: Int,
        _ input: UnsafePointer<Float>, range: Range<Int>, into rows: UnsafeMutablePointer<Float>, columns: Int
    ) {
        triage_scatter_f32(indices, values, count, input, range.lowerBound, range.upperBound, rows, columns)
    }
}
