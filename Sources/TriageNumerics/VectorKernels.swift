internal import COpenBLAS

/// Long vectors, worked on in pieces of fixed size: sums run in the same order on any number of threads.
public enum VectorKernels {
    static let piece = 1 << 15

    /// Σ aₖ bₖ; each piece in Float through BLAS, the pieces' sums in Double.
    public static func dot(_ a: [Float], _ b: [Float], _ workers: Workers) -> Double {
        precondition(a.count == b.count, "\(a.count) and \(b.count) elements")
        let pieces = (a.count + piece - 1) / piece
        var sums = [Double](repeating: 0, count: pieces)
        a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in
                sums.withUnsafeMutableBufferPointer { sums in
                    nonisolated(unsafe) let (a, b, sums) = (a, b, sums)
                    workers.forEach(pieces) { index in
                        let range = index * piece..<min((index + 1) * piece, a.count)
                        sums[index] = Double(pieceDot(a, b, range))
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
        return cblas_sdot(blasint(range.count), a + range.lowerBound, 1, b + range.lowerBound, 1)
    }

    /// y += scale · x.
    public static func add(_ scale: Float, _ x: [Float], to y: inout [Float], _ workers: Workers) {
        precondition(x.count == y.count, "\(x.count) and \(y.count) elements")
        let count = x.count
        x.withUnsafeBufferPointer { x in
            y.withUnsafeMutableBufferPointer { y in
                nonisolated(unsafe) let (x, y) = (x, y)
                workers.forEach((count + piece - 1) / piece) { index in
                    for k in index * piece..<min((index + 1) * piece, count) { y[k] += scale * x[k] }
                }
            }
        }
    }
}

extension VectorKernels {
    /// gradient += penalty · w over a range, and ½ · penalty · ‖w‖² of the range.
    public static func addPenalty(
        _ penalty: Float, _ w: [Float], _ range: Range<Int>, to gradient: inout [Float], _ workers: Workers
    ) -> Double {
        let pieces = (range.count + piece - 1) / piece
        var sums = [Double](repeating: 0, count: pieces)
        w.withUnsafeBufferPointer { w in
            gradient.withUnsafeMutableBufferPointer { gradient in
                sums.withUnsafeMutableBufferPointer { sums in
                    nonisolated(unsafe) let (w, gradient, sums) = (w, gradient, sums)
                    workers.forEach(pieces) { index in
                        let first = range.lowerBound + index * piece
                        let part = first..<min(first + piece, range.upperBound)
                        for k in part { gradient[k] += penalty * w[k] }
                        sums[index] = Double(pieceDot(w, w, part))
                    }
                }
            }
        }
        return 0.5 * Double(penalty) * sums.reduce(0, +)
    }
}

extension VectorKernels {
    /// x *= factor.
    public static func scale(_ x: inout [Float], by factor: Float, _ workers: Workers) {
        let count = x.count
        x.withUnsafeMutableBufferPointer { x in
            nonisolated(unsafe) let x = x
            workers.forEach((count + piece - 1) / piece) { index in
                for k in index * piece..<min((index + 1) * piece, count) { x[k] *= factor }
            }
        }
    }
}
