/// A dense matrix of Float, row-major.
package struct Matrix: Sendable, Equatable {
    package let rows: Int
    package let columns: Int
    /// The elements, row after row: `rows * columns` of them.
    package var elements: [Float]

    package init(rows: Int, columns: Int) {
        self.init(rows: rows, columns: columns, elements: [Float](repeating: 0, count: rows * columns))
    }

    /// A matrix of the given elements, row after row.
    package init(rows: Int, columns: Int, elements: [Float]) {
        precondition(elements.count == rows * columns, "\(elements.count) elements for \(rows) × \(columns)")
        self.rows = rows
        self.columns = columns
        self.elements = elements
    }

    package subscript(row: Int, column: Int) -> Float {
        get { elements[row * columns + column] }
        set { elements[row * columns + column] = newValue }
    }

    /// One row as a slice of `elements`.
    package func row(_ index: Int) -> ArraySlice<Float> {
        elements[index * columns..<(index + 1) * columns]
    }
}
