internal import RealModule

/// Every fast kernel as naive loops: the specification that tests compare against, and the fallback.
package enum ReferenceKernels {
    /// c = a · b, with a (m × k), b (k × n), c (m × n), all row-major.
    package static func multiply(_ a: [Float], _ b: [Float], into c: inout [Float], m: Int, n: Int, k: Int) {
        for i in 0..<m * n { c[i] = 0 }
        addProduct(a, b, to: &c, m: m, n: n, k: k)
    }

    /// c += a · b, with a (m × k), b (k × n), c (m × n), all row-major.
    package static func addProduct(
        _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, to c: UnsafeMutablePointer<Float>, m: Int,
        n: Int, k: Int
    ) {
        for i in 0..<m {
            for j in 0..<n {
                var sum: Float = 0
                for p in 0..<k { sum += a[i * k + p] * b[p * n + j] }
                c[i * n + j] += sum
            }
        }
    }

    /// c += aᵀ · b, with a (m × k), b (m × n), c (k × n), all row-major.
    package static func addTransposedProduct(
        _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, to c: UnsafeMutablePointer<Float>, m: Int,
        n: Int, k: Int
    ) {
        for p in 0..<k {
            for j in 0..<n {
                var sum: Float = 0
                for i in 0..<m { sum += a[i * k + p] * b[i * n + j] }
                c[p * n + j] += sum
            }
        }
    }

    /// y += xᵀ · a, with a (rows × columns, row-major), x (rows), y (columns).
    package static func addProduct(
        of a: ConstantBuffer<Float>, rows: Int, columns: Int, and x: [Float], to y: inout [Float]
    ) {
        for i in 0..<rows {
            for j in 0..<columns { y[j] += x[i] * a[i * columns + j] }
        }
    }

    /// y = a · x, with a (rows × columns, row-major), x (columns), y (rows).
    package static func multiply(
        _ a: ConstantBuffer<Float>, rows: Int, columns: Int, by x: [Float], into y: inout [Float]
    ) {
        for i in 0..<rows {
            var sum: Float = 0
            for j in 0..<columns { sum += a[i * columns + j] * x[j] }
            y[i] = sum
        }
    }

    /// The rank of each hash's bucket among the set bits, for the buckets that are set.
    package static func rows(of hashes: [UInt64], bits: Int, bitmap: [UInt64]) -> [UInt32] {
        hashes.compactMap { hash in
            let bucket = Int(hash >> UInt64(64 - bits))
            guard bitmap[bucket / 64] >> UInt64(bucket % 64) & 1 == 1 else { return nil }
            return UInt32((0..<bucket).count { bitmap[$0 / 64] >> UInt64($0 % 64) & 1 == 1 })
        }
    }

    /// The distinct ones among `rows`, in the order in which they first occur, and how often each does.
    package static func count(_ rows: [UInt32]) -> (distinct: [UInt32], occurrences: [UInt32]) {
        var distinct: [UInt32] = []
        for row in rows where !distinct.contains(row) { distinct.append(row) }
        return (distinct, distinct.map { row in UInt32(rows.count { $0 == row }) })
    }

    /// pₖ = exp(zₖ / T) / Σⱼ exp(zⱼ / T), in Double.
    package static func probabilities(_ logits: [Float], temperature: Float) -> [Float] {
        let largest = Double(logits.max() ?? 0)
        let terms = logits.map { Double.exp((Double($0) - largest) / Double(temperature)) }
        let sum = terms.reduce(0, +)
        return terms.map { Float($0 / sum) }
    }

    /// out[k] += Σᵢ values[i] · rows[indices[i]][k].
    package static func gather(
        _ indices: [UInt32], _ values: [Float], rows: ConstantBuffer<Int8>, columns: Int,
        into out: inout [Float]
    ) {
        for (index, value) in zip(indices, values) {
            for k in 0..<columns { out[k] += value * Float(rows[Int(index) * columns + k]) }
        }
    }

    /// out[i] = values[i] · Σₖ rows[indices[i]][k] · vector[k].
    package static func dots(
        _ indices: [UInt32], _ values: [Float], rows: ConstantBuffer<Int8>, columns: Int, with vector: [Float]
    ) -> [Float] {
        zip(indices, values).map { index, value in
            value * (0..<columns).reduce(0) { $0 + Float(rows[Int(index) * columns + $1]) * vector[$1] }
        }
    }

    /// out[k] += Σᵢ values[i] · rows[indices[i]][k] over Float rows.
    package static func gather(
        _ indices: [UInt32], _ values: [Float], rows: [Float], columns: Int, into out: inout [Float]
    ) {
        for (index, value) in zip(indices, values) {
            for k in 0..<columns { out[k] += value * rows[Int(index) * columns + k] }
        }
    }

    /// rows[indices[i]][k] += values[i] · input[k] for k in `range`.
    package static func scatter(
        _ indices: [UInt32], _ values: [Float], _ input: [Float], range: Range<Int>,
        into rows: inout [Float], columns: Int
    ) {
        for (index, value) in zip(indices, values) {
            for k in range { rows[Int(index) * columns + k] += value * input[k] }
        }
    }
}
