internal import CKernels

/// Sums over rows picked by index, the heart of scoring and of training.
///
/// Each element of the result adds its terms in the order of the index list, so a result depends only on its own
/// terms. An index outside the table traps in every build: file contents decide these numbers.
public enum SparseKernels {
    /// out[k] += Σᵢ values[i] · rows[indices[i]][k], for `columns` signed bytes a row.
    public static func gather(
        _ indices: [UInt32], _ values: [Float], rows: ConstantBuffer<Int8>, columns: Int,
        into out: inout [Float]
    ) {
        precondition(
            values.count >= indices.count && out.count >= columns, "\(indices.count) rows of \(columns)")
        requireInside(indices, rows: rows.count / max(columns, 1))
        guard let table = rows.buffer.baseAddress else { return }
        triage_gather_i8(indices, values, indices.count, table, columns, &out)
    }

    private static func requireInside(_ indices: [UInt32], rows: Int) {
        var largest: UInt32 = 0
        for index in indices { largest = max(largest, index) }
        precondition(indices.isEmpty || Int(largest) < rows, "row \(largest) of \(rows)")
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
