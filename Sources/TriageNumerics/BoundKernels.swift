internal import CKernels

/// Upper bounds of many rows' scores: bytes select which rows floats must decide.
package enum BoundKernels {
    /// Adds `table[impact]` at each offset: `count` offsets, then as many impacts, both beginning at an even address.
    ///
    /// - Precondition: offsets lie below `sum.count`, `table` has 256 elements, and no sum exceeds 65,535.
    package static func add(
        _ postings: UnsafeRawBufferPointer, count: Int, table: [UInt16], to sum: inout [UInt16]
    ) {
        precondition(table.count == 256 && sum.count == 1 << 16 && postings.count >= 3 * count, "postings")
        guard count > 0, let start = postings.baseAddress else { return }
        triage_add_impacts(
            start.assumingMemoryBound(to: UInt16.self),
            (start + 2 * count).assumingMemoryBound(to: UInt8.self),
            count, table, &sum)
    }

    /// Rows of bytes with a scale and a rounding error each, and a vector of 16-bit numbers.
    package struct Rows: Sendable {
        let bytes: ConstantBuffer<Int8>
        let scales: ConstantBuffer<Float>
        /// The length of what rounding took from each row.
        let errors: ConstantBuffer<Float>
        package let columns: Int

        /// - Precondition: bytes of errors × columns elements.
        package init(
            bytes: ConstantBuffer<Int8>, scales: ConstantBuffer<Float>, errors: ConstantBuffer<Float>,
            columns: Int
        ) {
            precondition(
                scales.count == errors.count && bytes.count == scales.count * columns, "rows")
            (self.bytes, self.scales, self.errors, self.columns) = (bytes, scales, errors, columns)
        }
    }

    /// A vector of floats as 16-bit numbers, what one of them is worth, and the length of what rounding took.
    package struct Vector: Sendable {
        let numbers: [Int16]
        let unit: Float
        let error: Float

        package init(_ vector: [Float]) {
            // So that no sum of products with bytes exceeds 32 bits: 127 · 32,767 · 512 does not.
            let top = 32_767 / max(1, Float(vector.count) / 512)
            let largest = vector.reduce(0) { max($0, abs($1)) }
            let unit = largest > 0 ? largest / top : 1
            numbers = vector.map { Int16(($0 / unit).rounded(.towardZero)) }
            error = zip(vector, numbers).reduce(Float(0)) { sum, pair in
                let rest = pair.0 - Float(pair.1) * unit
                return sum + rest * rest
            }.squareRoot()
            self.unit = unit
        }
    }

    /// For each row of `range`: unit · sum + weight · (an upper bound of its cosine with a unit vector), at least half of it
    /// where it is negative; without a vector, unit · sum.
    ///
    /// The cosine of a row differs from that of its bytes by at most the length of what rounding took (Cauchy and Schwarz).
    package static func bounds(
        of rows: Rows, _ range: Range<Int>, with vector: Vector?, weight: Float, sums: [UInt16], unit: Float,
        into bounds: inout [Float]
    ) {
        precondition(
            range.lowerBound >= 0 && range.upperBound <= rows.scales.count && range.upperBound <= bounds.count
                && range.count <= sums.count && vector.map { $0.numbers.count == rows.columns } ?? true,
            "rows \(range)")
        let columns = vector == nil ? 0 : rows.columns
        let weight = vector == nil ? 0 : weight
        let rest = weight * ((vector?.error ?? 0) + roundingSlack)
        bounds.withUnsafeMutableBufferPointer { bounds in
            guard let scales = rows.scales.buffer.baseAddress, let errors = rows.errors.buffer.baseAddress,
                let out = bounds.baseAddress
            else { return }
            triage_bounds_i8(
                sums, unit, rows.bytes.buffer.baseAddress.map { $0 + range.lowerBound * columns }, columns,
                vector?.numbers ?? [], scales + range.lowerBound, errors + range.lowerBound,
                weight * (vector?.unit ?? 0), weight, rest, range.count, out + range.lowerBound)
        }
    }

    /// More than sums of floats can round by.
    private static let roundingSlack: Float = 2e-5

    /// A row as bytes, their scale, and the length of what rounding took.
    package static func bytes(of row: [Float]) -> (bytes: [Int8], scale: Float, error: Float) {
        let largest = row.reduce(0) { max($0, abs($1)) }
        let scale = largest > 0 ? largest / 127 : 1
        let bytes = row.map { Int8(($0 / scale).rounded()) }
        let squares = zip(row, bytes).reduce(Float(0)) { sum, pair in
            let rest = pair.0 - Float(pair.1) * scale
            return sum + rest * rest
        }
        return (bytes, scale, squares.squareRoot())
    }
}
