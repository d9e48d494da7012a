/// Rows of signed bytes with two factors before each, so that all that belongs to a row costs one miss of the cache.
///
/// A ticket picks hundreds of rows, one here, one there, and what it touches drives other things out of the caches.
package struct PackedRows: Sendable {
    package let bytes: ByteRows
    /// What a row's bytes are multiplied by, one a row.
    package let scales: ConstantColumn
    /// What goes into the value that picks a row, such as its idf, one a row.
    package let factors: ConstantColumn

    /// The rows of a table: rows × `columns` bytes, row-major, and two factors a row.
    package init(
        _ bytes: ConstantBuffer<Int8>, columns: Int, scales: ConstantBuffer<Float>,
        factors: ConstantBuffer<Float>
    ) {
        let count = scales.count
        precondition(
            factors.count == count && bytes.count == count * columns, "\(count) rows of \(columns)")
        let stride = (PackedRows.first + columns + 15) / 16 * 16
        let owner = MappedBytes(count: count * stride) { packed in
            for row in 0..<count {
                let start = row * stride
                packed.storeBytes(of: scales[row], toByteOffset: start, as: Float.self)
                packed.storeBytes(of: factors[row], toByteOffset: start + 4, as: Float.self)
                let row = UnsafeRawBufferPointer(bytes.buffer)[row * columns..<(row + 1) * columns]
                packed[(start + PackedRows.first)...].copyBytes(from: row)
            }
        }
        self.bytes = ByteRows(
            in: owner, offset: PackedRows.first, stride: stride, count: count, columns: columns)
        self.scales = ConstantColumn(in: owner, offset: 0, stride: stride, count: count)
        self.factors = ConstantColumn(in: owner, offset: 4, stride: stride, count: count)
    }

    /// Where in a row its bytes begin.
    static let first = 8

    package var count: Int { scales.count }
}

/// Rows of signed bytes at an even distance that never change.
package struct ByteRows: Sendable {
    package let count: Int
    package let columns: Int
    /// From one row to the next, in bytes.
    let stride: Int
    /// The first row; nil without rows.
    nonisolated(unsafe) let start: UnsafePointer<Int8>?
    private let owner: MappedBytes

    /// The rows of a table of whole rows, row-major, where they lie.
    package init(_ table: ConstantBuffer<Int8>, columns: Int) {
        precondition(columns > 0 && table.count % columns == 0, "\(table.count) bytes in rows of \(columns)")
        (count, self.columns, stride) = (table.count / columns, columns, columns)
        (start, owner) = (table.buffer.baseAddress, table.owner)
    }

    init(in owner: MappedBytes, offset: Int, stride: Int, count: Int, columns: Int) {
        (self.owner, self.stride, self.count, self.columns) = (owner, stride, count, columns)
        let first = count > 0 ? owner.pointer.baseAddress : nil
        start = first.map { ($0 + offset).assumingMemoryBound(to: Int8.self) }
    }

    /// The byte of one row in one column, both checked in every build.
    package subscript(row: Int, column: Int) -> Int8 {
        precondition(
            row >= 0 && row < count && column >= 0 && column < columns, "row \(row), column \(column)")
        return start?[row * stride + column] ?? 0
    }
}

/// Floats at an even distance that never change: one column of a table whose rows lie side by side.
package struct ConstantColumn: Sendable {
    package let count: Int
    @usableFromInline let stride: Int
    // Inlinable for the reason that `ConstantBuffer` gives.
    @usableFromInline nonisolated(unsafe) let start: UnsafeRawPointer?
    private let owner: MappedBytes

    package init(_ elements: [Float]) {
        let buffer = ConstantBuffer(elements)
        self.init(in: buffer.owner, offset: 0, stride: MemoryLayout<Float>.stride, count: buffer.count)
    }

    init(in owner: MappedBytes, offset: Int, stride: Int, count: Int) {
        (self.owner, self.stride, self.count) = (owner, stride, count)
        start = owner.pointer.baseAddress.map { $0 + offset }
    }

    /// The element at `index`, checked in every build: files decide these numbers.
    @inlinable package subscript(index: Int) -> Float {
        guard index >= 0, index < count, let start else {
            preconditionFailure("index \(index) outside 0..<\(count)")
        }
        return start.load(fromByteOffset: index * stride, as: Float.self)
    }

    package var array: [Float] { (0..<count).map { self[$0] } }
}
