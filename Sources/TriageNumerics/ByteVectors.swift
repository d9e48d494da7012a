internal import CKernels

/// Rows of bytes of one length, one behind the other, for many products with one vector.
package struct ByteVectors: Sendable {
    /// The length of a row.
    package let width: Int
    private let bytes: [Int8]

    /// Rows of `width` elements, at most 65,536; those of another length become zeros.
    package init(_ rows: [[Int8]], width: Int) {
        precondition(width <= 1 << 16, "\(width) columns")
        self.width = width
        bytes = rows.flatMap { $0.count == width ? $0 : [Int8](repeating: 0, count: width) }
    }

    /// The product of one row and a vector of its length, exact in any order of addition.
    package func product(row: Int, _ vector: [Int8]) -> Int32 {
        precondition(vector.count == width && (row + 1) * width <= bytes.count, "row \(row)")
        return bytes.withUnsafeBufferPointer { bytes in
            guard let start = bytes.baseAddress else { return 0 }
            return triage_dot_i8(start + row * width, vector, width)
        }
    }

    /// The products of all rows.
    package func products(_ vector: [Int8]) -> [Int32] {
        precondition(vector.count == width, "\(vector.count) elements")
        guard width > 0 else { return [] }
        return bytes.withUnsafeBufferPointer { bytes in
            guard let start = bytes.baseAddress else { return [] }
            return (0..<bytes.count / width).map { triage_dot_i8(start + $0 * width, vector, width) }
        }
    }
}

extension ReferenceKernels {
    /// The product of two vectors of bytes.
    package static func product(_ first: [Int8], _ second: [Int8]) -> Int32 {
        zip(first, second).reduce(0) { $0 + Int32($1.0) * Int32($1.1) }
    }
}
