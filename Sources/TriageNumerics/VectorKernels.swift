internal import COpenBLAS

/// Long vectors, worked on in pieces of fixed size: sums run in the same order on any number of threads.
package enum VectorKernels {
    static let piece = 1 << 15

    /// Σ aₖ bₖ; each piece in Float through BLAS, the pieces' sums in Double.
    package static func dot(_ a: [Float], _ b: [Float], _ workers: Workers) -> Double {
        precondition(a.count == b.count, "\(a.count) and \(b.count) elements")
        return dot(a, b, 0..<a.count, workers)
    }

    /// Σ aₖ bₖ for k in `range`.
    package static func dot(_ a: [Float], _ b: [Float], _ range: Range<Int>, _ workers: Workers) -> Double {
        precondition(range.upperBound <= min(a.count, b.count), "\(range) of \(a.count), \(b.count) elements")
        let pieces = (range.count + piece - 1) / piece
        var sums = [Double](repeating: 0, count: pieces)
        a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in
                sums.withUnsafeMutableBufferPointer { sums in
                    nonisolated(unsafe) let (a, b, sums) = (a, b, sums)
                    workers.forEach(pieces) { index in
                        let first = range.lowerBound + index * piece
                        let part = first..<min(first + piece, range.upperBound)
                        sums[index] = Double(pieceDot(a, b, part))
                    }
                }
            }
        }
        return sums.reduce(0, +)
    }

    static func pieceDot(
        _ a: UnsafeBufferPointer<Float>, _ b: UnsafeBufferPointer<Float>, _ range: Range<Int>
    ) -> Float {
        guard BLASRuntime.isUsable, let a = a.baseAddress, let b = b.baseAddress else {
            return range.reduce(0) { $0 + a[$1] * b[$1] }
        }
        return triage_sdot(Int32(range.count), a + range.lowerBound, b + range.lowerBound)
    }

    /// y += scale · x.
    package static func add(_ scale: Float, _ x: [Float], to y: inout [Float], _ workers: Workers) {
        precondition(x.count == y.count, "\(x.count) and \(y.count) elements")
        add(scale, x, 0..<x.count, to: &y, workers)
    }

    /// yₖ += scale · xₖ for k in `range`.
    package static func add(
        _ scale: Float, _ x: [Float], _ range: Range<Int>, to y: inout [Float], _ workers: Workers
    ) {
        precondition(range.upperBound <= min(x.count, y.count), "\(range) of \(x.count), \(y.count) elements")
        x.withUnsafeBufferPointer { x in
            y.withUnsafeMutableBufferPointer { y in
                nonisolated(unsafe) let (x, y) = (x, y)
                workers.forEach((range.count + piece - 1) / piece) { index in
                    let first = range.lowerBound + index * piece
                    for k in first..<min(first + piece, range.upperBound) { y[k] += scale * x[k] }
                }
            }
        }
    }
}

extension VectorKernels {
    /// z = x + scale · y.
    package static func set(
        _ z: inout [Float], to x: [Float], plus scale: Float, _ y: [Float], _ workers: Workers
    ) {
        precondition(x.count == y.count && x.count == z.count, "\(z.count), \(x.count), \(y.count) elements")
        forEachPiece(&z, x, y, workers) { z, x, y, range in
            for k in range { z[k] = x[k] + scale * y[k] }
        }
    }

    /// z = scale · x.
    package static func set(_ z: inout [Float], to x: [Float], times scale: Float, _ workers: Workers) {
        precondition(x.count == z.count, "\(z.count) and \(x.count) elements")
        forEachPiece(&z, x, x, workers) { z, x, _, range in
            for k in range { z[k] = scale * x[k] }
        }
    }

    /// xₖ *= factor · rowFactors[k / columns].
    package static func scaleRows(
        _ x: inout [Float], by rowFactors: [Float], times factor: Float, columns: Int, _ workers: Workers
    ) {
        precondition(x.count == rowFactors.count * columns, "\(rowFactors.count) rows of \(columns)")
        let rows = max(1, piece / max(columns, 1))
        x.withUnsafeMutableBufferPointer { x in
            nonisolated(unsafe) let x = x
            workers.forEach((rowFactors.count + rows - 1) / rows) { index in
                for row in index * rows..<min((index + 1) * rows, rowFactors.count) {
                    let scale = factor * rowFactors[row]
                    for k in row * columns..<(row + 1) * columns { x[k] *= scale }
                }
            }
        }
    }

    /// For each column the sum over the rows of x of factor · element, for as many rows as there are factors.
    ///
    /// Rows are added in order within pieces of fixed size, then the pieces.
    package static func weightedRowSum(
        _ x: [Float], _ rowFactors: [Float], columns: Int, _ workers: Workers
    ) -> [Float] {
        precondition(x.count >= rowFactors.count * columns, "\(rowFactors.count) rows of \(columns)")
        let rows = max(1, piece / max(columns, 1))
        let pieces = (rowFactors.count + rows - 1) / rows
        var sums = [Float](repeating: 0, count: pieces * columns)
        x.withUnsafeBufferPointer { x in
            sums.withUnsafeMutableBufferPointer { sums in
                nonisolated(unsafe) let (x, sums) = (x, sums)
                workers.forEach(pieces) { index in
                    for row in index * rows..<min((index + 1) * rows, rowFactors.count) {
                        let factor = rowFactors[row]
                        for k in 0..<columns { sums[index * columns + k] += factor * x[row * columns + k] }
                    }
                }
            }
        }
        return (0..<columns).map { k in (0..<pieces).reduce(0) { $0 + sums[$1 * columns + k] } }
    }

    /// x[row][k] += scale · rowFactors[row] · y[k], for as many rows as there are factors.
    package static func addOuter(
        _ rowFactors: [Float], _ y: [Float], times scale: Float, to x: inout [Float], _ workers: Workers
    ) {
        let columns = y.count
        precondition(x.count >= rowFactors.count * columns, "\(rowFactors.count) rows of \(columns)")
        let rows = max(1, piece / max(columns, 1))
        x.withUnsafeMutableBufferPointer { x in
            nonisolated(unsafe) let x = x
            workers.forEach((rowFactors.count + rows - 1) / rows) { index in
                for row in index * rows..<min((index + 1) * rows, rowFactors.count) {
                    let factor = scale * rowFactors[row]
                    for k in 0..<columns { x[row * columns + k] += factor * y[k] }
                }
            }
        }
    }

    /// Σ xₖ² · rowFactors[k / columns]: each row in Float, the rows' sums in Double.
    package static func square(
        of x: [Float], weighing rowFactors: [Float], columns: Int, _ workers: Workers
    ) -> Double {
        precondition(x.count == rowFactors.count * columns, "\(rowFactors.count) rows of \(columns)")
        var sums = [Float](repeating: 0, count: rowFactors.count)
        let rows = max(1, piece / max(columns, 1))
        x.withUnsafeBufferPointer { x in
            sums.withUnsafeMutableBufferPointer { sums in
                nonisolated(unsafe) let (x, sums) = (x, sums)
                workers.forEach((rowFactors.count + rows - 1) / rows) { index in
                    for row in index * rows..<min((index + 1) * rows, rowFactors.count) {
                        let range = row * columns..<(row + 1) * columns
                        sums[row] = pieceDot(x, x, range) * rowFactors[row]
                    }
                }
            }
        }
        return sums.reduce(0) { $0 + Double($1) }
    }

    private static func forEachPiece(
        _ z: inout [Float], _ x: [Float], _ y: [Float], _ workers: Workers,
        _ body:
            @Sendable (
                UnsafeMutableBufferPointer<Float>, UnsafeBufferPointer<Float>, UnsafeBufferPointer<Float>,
                Range<Int>
            ) -> Void
    ) {
        let count = z.count
        z.withUnsafeMutableBufferPointer { z in
            x.withUnsafeBufferPointer { x in
                y.withUnsafeBufferPointer { y in
                    nonisolated(unsafe) let (z, x, y) = (z, x, y)
                    workers.forEach((count + piece - 1) / piece) { index in
                        body(z, x, y, index * piece..<min((index + 1) * piece, count))
                    }
                }
            }
        }
    }
}
