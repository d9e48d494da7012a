internal import COpenBLAS

/// Dense products through BLAS; `ReferenceKernels` has the same functions as plain loops.
package enum DenseKernels {
    /// c = a · b, with a (m × k), b (k × n), c (m × n), all row-major.
    package static func multiply(_ a: [Float], _ b: [Float], into c: inout [Float], m: Int, n: Int, k: Int) {
        precondition(a.count >= m * k && b.count >= k * n && c.count >= m * n, "shapes \(m)×\(k) · \(k)×\(n)")
        guard BLASRuntime.isUsable else { return ReferenceKernels.multiply(a, b, into: &c, m: m, n: n, k: k) }
        blasMultiply(a, b, into: &c, m: m, n: n, k: k)
    }

    /// c += aᵀ · b, with a (m × k), b (m × n), c (k × n), all row-major.
    package static func addTransposedProduct(
        _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, to c: UnsafeMutablePointer<Float>, m: Int,
        n: Int, k: Int
    ) {
        guard BLASRuntime.isUsable else {
            return ReferenceKernels.addTransposedProduct(a, b, to: c, m: m, n: n, k: k)
        }
        blasAddTransposedProduct(a, b, to: c, m: m, n: n, k: k)
    }

    /// c += a · b, with a (m × k), b (k × n), c (m × n), all row-major.
    package static func addProduct(
        _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, to c: UnsafeMutablePointer<Float>, m: Int,
        n: Int, k: Int
    ) {
        guard BLASRuntime.isUsable else { return ReferenceKernels.addProduct(a, b, to: c, m: m, n: n, k: k) }
        blasAddProduct(a, b, to: c, m: m, n: n, k: k)
    }

    /// y += xᵀ · a, with a (rows × columns, row-major), x (rows), y (columns).
    package static func addProduct(
        of a: ConstantBuffer<Float>, rows: Int, columns: Int, and x: [Float], to y: inout [Float]
    ) {
        precondition(a.count >= rows * columns && x.count >= rows && y.count >= columns, "\(rows)×\(columns)")
        guard BLASRuntime.isUsable else {
            return ReferenceKernels.addProduct(of: a, rows: rows, columns: columns, and: x, to: &y)
        }
        blasAddProduct(of: a, rows: rows, columns: columns, and: x, to: &y)
    }

    /// y = a · x, with a (rows × columns, row-major), x (columns), y (rows).
    package static func multiply(
        _ a: ConstantBuffer<Float>, rows: Int, columns: Int, by x: [Float], into y: inout [Float]
    ) {
        precondition(a.count >= rows * columns && x.count >= columns && y.count >= rows, "\(rows)×\(columns)")
        guard BLASRuntime.isUsable else {
            return ReferenceKernels.multiply(a, rows: rows, columns: columns, by: x, into: &y)
        }
        blasMultiply(a, rows: rows, columns: columns, by: x, into: &y)
    }
}

// The same products by BLAS alone, for the self-check too.
extension DenseKernels {
    static func blasMultiply(_ a: [Float], _ b: [Float], into c: inout [Float], m: Int, n: Int, k: Int) {
        triage_sgemm(0, 0, Int32(m), Int32(n), Int32(k), 1, a, Int32(k), b, Int32(n), 0, &c, Int32(n))
    }

    static func blasAddTransposedProduct(
        _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, to c: UnsafeMutablePointer<Float>, m: Int,
        n: Int, k: Int
    ) {
        triage_sgemm(1, 0, Int32(k), Int32(n), Int32(m), 1, a, Int32(k), b, Int32(n), 1, c, Int32(n))
    }

    static func blasAddProduct(
        _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, to c: UnsafeMutablePointer<Float>, m: Int,
        n: Int, k: Int
    ) {
        triage_sgemm(0, 0, Int32(m), Int32(n), Int32(k), 1, a, Int32(k), b, Int32(n), 1, c, Int32(n))
    }

    static func blasAddProduct(
        of a: ConstantBuffer<Float>, rows: Int, columns: Int, and x: [Float], to y: inout [Float]
    ) {
        triage_sgemv(
            1, Int32(rows), Int32(columns), 1, a.buffer.baseAddress, Int32(columns), x, 1, &y)
    }

    static func blasMultiply(
        _ a: ConstantBuffer<Float>, rows: Int, columns: Int, by x: [Float], into y: inout [Float]
    ) {
        triage_sgemv(
            0, Int32(rows), Int32(columns), 1, a.buffer.baseAddress, Int32(columns), x, 0, &y)
    }
}

extension DenseKernels {
    /// Scales a vector to unit length and returns the length it had; zeros stay zeros.
    ///
    /// Squares are added in eight lanes, then the lanes in order: a fixed order that vectorises.
    package static func normalize(_ vector: inout [Float]) -> Float {
        let length = dot(vector, vector).squareRoot()
        guard length > 0 else { return 0 }
        let scale = 1 / length
        for index in vector.indices { vector[index] *= scale }
        return length
    }

    /// Σ aₖ bₖ over the shorter of the two.
    package static func dot(_ a: [Float], _ b: [Float]) -> Float {
        a.withUnsafeBufferPointer { a in b.withUnsafeBufferPointer { dot(a, $0) } }
    }

    /// Σ aₖ bₖ over the shorter of the two.
    package static func dot(_ a: UnsafeBufferPointer<Float>, _ b: UnsafeBufferPointer<Float>) -> Float {
        let count = min(a.count, b.count)
        var lanes = SIMD8<Float>(repeating: 0)
        var index = 0
        while index + 8 <= count {
            for lane in 0..<8 { lanes[lane] += a[index + lane] * b[index + lane] }
            index += 8
        }
        var sum: Float = 0
        for lane in 0..<8 { sum += lanes[lane] }
        while index < count {
            sum += a[index] * b[index]
            index += 1
        }
        return sum
    }
}
