import TriageNumerics

/// The few directions in which the n-grams of some tickets vary most: latent semantic analysis (Deerwester et al., 1990).
///
/// A ticket has thousands of n-grams, and two tickets on one matter share few of them. The directions join n-grams that
/// occur together, and make sparse rows short dense ones. They are found by subspace iteration from seeded random numbers
/// (Halko, Martinsson and Tropp, 2011). Any basis of the space gives the same distances, so none is singled out.
struct NGramBasis {
    /// How many directions there are.
    let columns: Int
    /// n-grams × columns, row-major; the columns are orthonormal.
    let values: [Float]

    /// As many numbers as the shipped embedding has.
    static let maximumColumns = 256
    private static let iterations = 2

    /// The directions of a matrix's sparse blocks.
    init(_ matrix: FeatureMatrix, _ workers: Workers) {
        columns = min(NGramBasis.maximumColumns, matrix.rows, matrix.sparseColumns)
        let rows = Array(0..<matrix.rows)
        let turned = ColumnMajorRows(matrix, rows: rows, limit: .max)
        var generator = SplitMix64(seed: 1)
        var table = (0..<matrix.rows * columns).map { _ in generator.unitFloat() - 0.5 }
        var values = NGramBasis.product(turned, table, matrix.sparseColumns, columns, workers)
        for _ in 0..<NGramBasis.iterations {
            OrthonormalColumns.make(&values, columns: columns, workers)
            table = NGramBasis.coordinates(of: matrix, values, columns, workers)
            // Without this the columns lean to the strongest direction so far that the weak ones drown in rounding.
            OrthonormalColumns.make(&table, columns: columns, workers)
            values = NGramBasis.product(turned, table, matrix.sparseColumns, columns, workers)
        }
        OrthonormalColumns.make(&values, columns: columns, workers)
        self.values = values
    }

    /// The rows of a matrix in these directions, `columns` numbers a row.
    func coordinates(of matrix: FeatureMatrix, _ workers: Workers) -> [Float] {
        NGramBasis.coordinates(of: matrix, values, columns, workers)
    }

    /// Rows worked on at once.
    private static let chunkRows = 256
    /// Features worked on at once.
    private static let chunkFeatures = 512

    /// matrix · values.
    private static func coordinates(
        of matrix: FeatureMatrix, _ values: [Float], _ columns: Int, _ workers: Workers
    ) -> [Float] {
        var out = [Float](repeating: 0, count: matrix.rows * columns)
        out.withUnsafeMutableBufferPointer { out in
            values.withUnsafeBufferPointer { values in
                nonisolated(unsafe) let (out, values) = (out.baseAddress, values.baseAddress)
                workers.forEach((matrix.rows + chunkRows - 1) / chunkRows) { chunk in
                    guard let out, let values else { return }
                    for row in chunk * chunkRows..<min((chunk + 1) * chunkRows, matrix.rows) {
                        matrix.gather(row, from: values, columns: columns, into: out + row * columns)
                    }
                }
            }
        }
        return out
    }

    /// matrixᵀ · table.
    private static func product(
        _ turned: ColumnMajorRows?, _ table: [Float], _ features: Int, _ columns: Int, _ workers: Workers
    ) -> [Float] {
        var out = [Float](repeating: 0, count: features * columns)
        out.withUnsafeMutableBufferPointer { out in
            table.withUnsafeBufferPointer { table in
                nonisolated(unsafe) let (out, table) = (out.baseAddress, table.baseAddress)
                workers.forEach((features + chunkFeatures - 1) / chunkFeatures) { chunk in
                    guard let out, let table else { return }
                    let range = chunk * chunkFeatures..<min((chunk + 1) * chunkFeatures, features)
                    turned?.add(table, columns: columns, features: range, to: out)
                }
            }
        }
        return out
    }
}

extension FeatureMatrix {
    /// out[k] += Σ over the row's n-grams of value · table[n-gram][k].
    fileprivate func gather(
        _ row: Int, from table: UnsafePointer<Float>, columns: Int, into out: UnsafeMutablePointer<Float>
    ) {
        let entries = starts[row]..<starts[row + 1]
        indices.withUnsafeBufferPointer { indices in
            values.withUnsafeBufferPointer { values in
                guard let indices = indices.baseAddress, let values = values.baseAddress else { return }
                SparseKernels.gather(
                    indices + entries.lowerBound, values + entries.lowerBound, count: entries.count,
                    rows: table, columns: columns, into: out)
            }
        }
    }
}
