/// Makes the columns of a tall table orthonormal, by Cholesky factors of its Gram matrix (CholeskyQR2, Fukaya et al., 2014).
///
/// The columns span the same space as before. A column that the ones before it span becomes zeros.
package enum OrthonormalColumns {
    /// The rows of one product.
    static let blockRows = 1024
    /// A column with less than this share of its square outside of the others' span counts as spanned by them.
    static let tolerance = 1e-6

    /// Replaces the columns of `table`, row-major.
    package static func make(_ table: inout [Float], columns: Int, _ workers: Workers) {
        guard columns > 0 else { return }
        // The first pass leaves errors of the square of the condition number, the second those of rounding.
        for _ in 0..<2 {
            let factor = inverseFactor(gram(table, columns: columns, workers), columns)
            multiply(&table, by: factor, columns: columns, workers)
        }
    }

    /// tableᵀ · table: each block in Float through BLAS, the blocks' sums in Double and in order.
    static func gram(_ table: [Float], columns: Int, _ workers: Workers) -> [Double] {
        let rows = table.count / columns
        var sum = [Double](repeating: 0, count: columns * columns)
        let blocks = (rows + blockRows - 1) / blockRows
        // In waves, so that few products are held at once.
        for wave in stride(from: 0, to: blocks, by: waveBlocks) {
            let count = min(waveBlocks, blocks - wave)
            var parts = [Float](repeating: 0, count: count * columns * columns)
            table.withUnsafeBufferPointer { table in
                parts.withUnsafeMutableBufferPointer { parts in
                    nonisolated(unsafe) let (table, parts) = (table, parts)
                    workers.forEach(count) { block in
                        let first = (wave + block) * blockRows
                        guard let a = table.baseAddress, let c = parts.baseAddress else { return }
                        DenseKernels.addTransposedProduct(
                            a + first * columns, a + first * columns, to: c + block * columns * columns,
                            m: min(blockRows, rows - first), n: columns, k: columns)
                    }
                }
            }
            for block in 0..<count {
                for cell in sum.indices { sum[cell] += Double(parts[block * columns * columns + cell]) }
            }
        }
        return sum
    }

    private static let waveBlocks = 16

    /// The inverse of R, upper triangular, with Rᵀ · R the given matrix; zeros in the columns that others span.
    static func inverseFactor(_ gram: [Double], _ n: Int) -> [Double] {
        var r = [Double](repeating: 0, count: n * n)
        for i in 0..<n {
            var square = gram[i * n + i]
            for k in 0..<i { square -= r[k * n + i] * r[k * n + i] }
            guard square > tolerance * gram[i * n + i] else { continue }
            let pivot = square.squareRoot()
            r[i * n + i] = pivot
            for j in i + 1..<n {
                var sum = gram[i * n + j]
                for k in 0..<i { sum -= r[k * n + i] * r[k * n + j] }
                r[i * n + j] = sum / pivot
            }
        }
        return inverse(ofUpper: r, n)
    }

    /// The inverse of an upper triangular matrix; a row and column without a pivot stay zeros.
    private static func inverse(ofUpper r: [Double], _ n: Int) -> [Double] {
        var x = [Double](repeating: 0, count: n * n)
        for j in 0..<n where r[j * n + j] > 0 {
            x[j * n + j] = 1 / r[j * n + j]
            for i in stride(from: j - 1, through: 0, by: -1) where r[i * n + i] > 0 {
                var sum = 0.0
                for k in i + 1...j { sum += r[i * n + k] * x[k * n + j] }
                x[i * n + j] = -sum / r[i * n + i]
            }
        }
        return x
    }

    private static func multiply(
        _ table: inout [Float], by factor: [Double], columns: Int, _ workers: Workers
    ) {
        let rows = table.count / columns
        let factor = factor.map { Float($0) }
        table.withUnsafeMutableBufferPointer { table in
            factor.withUnsafeBufferPointer { factor in
                nonisolated(unsafe) let (table, factor) = (table, factor)
                workers.forEach((rows + blockRows - 1) / blockRows) { block in
                    let first = block * blockRows
                    let size = min(blockRows, rows - first)
                    var product = [Float](repeating: 0, count: size * columns)
                    product.withUnsafeMutableBufferPointer { product in
                        guard let a = table.baseAddress, let b = factor.baseAddress,
                            let c = product.baseAddress
                        else { return }
                        DenseKernels.addProduct(
                            a + first * columns, b, to: c, m: size, n: columns, k: columns)
                        (a + first * columns).update(from: c, count: size * columns)
                    }
                }
            }
        }
    }
}
