/// For each of many vectors the centre with the largest product.
///
/// Products are computed in blocks of a fixed number of rows, so the result depends on no number of threads.
package struct NearestCentres: Sendable {
    /// The place of each vector's centre; of equally near ones the first.
    package private(set) var places: [Int32]
    /// The product of each vector and its centre: the cosine, for vectors of unit length.
    package private(set) var products: [Float]

    /// The rows of one product.
    static let blockRows = 512

    /// Compares vectors with centres, both row-major with `dimension` columns; there must be a centre.
    package init(of vectors: [Float], among centres: [Float], dimension: Int, _ workers: Workers) {
        let (rows, count) = (vectors.count / dimension, centres.count / dimension)
        precondition(count > 0 && rows * dimension == vectors.count, "\(rows) vectors, \(count) centres")
        places = [Int32](repeating: 0, count: rows)
        products = [Float](repeating: 0, count: rows)
        let turned = NearestCentres.turned(centres, dimension: dimension)
        places.withUnsafeMutableBufferPointer { places in
            products.withUnsafeMutableBufferPointer { products in
                nonisolated(unsafe) let (places, products) = (places, products)
                NearestCentres.forEachBlock(vectors, turned, dimension: dimension, workers) { first, scores in
                    for row in 0..<scores.count / count {
                        let best = NearestCentres.best(scores, row * count..<(row + 1) * count)
                        places[first + row] = Int32(best - row * count)
                        products[first + row] = scores[best]
                    }
                }
            }
        }
    }

    /// Calls `body` with the products of each block of rows and all centres, and with the block's first row.
    ///
    /// `turned` has a column for each centre.
    package static func forEachBlock(
        _ vectors: [Float], _ turned: [Float], dimension: Int, _ workers: Workers,
        _ body: @Sendable (Int, UnsafeMutableBufferPointer<Float>) -> Void
    ) {
        let (rows, count) = (vectors.count / dimension, turned.count / dimension)
        vectors.withUnsafeBufferPointer { vectors in
            turned.withUnsafeBufferPointer { turned in
                nonisolated(unsafe) let (vectors, turned) = (vectors, turned)
                workers.forEach((rows + blockRows - 1) / blockRows) { block in
                    let first = block * blockRows
                    let size = min(blockRows, rows - first)
                    var scores = [Float](repeating: 0, count: size * count)
                    scores.withUnsafeMutableBufferPointer { scores in
                        guard let a = vectors.baseAddress, let b = turned.baseAddress,
                            let c = scores.baseAddress
                        else { return }
                        DenseKernels.addProduct(
                            a + first * dimension, b, to: c, m: size, n: count, k: dimension)
                        body(first, scores)
                    }
                }
            }
        }
    }

    /// Row-major centres as columns.
    package static func turned(_ centres: [Float], dimension: Int) -> [Float] {
        let count = centres.count / dimension
        var turned = [Float](repeating: 0, count: centres.count)
        for centre in 0..<count {
            for k in 0..<dimension { turned[k * count + centre] = centres[centre * dimension + k] }
        }
        return turned
    }

    private static func best(_ scores: UnsafeMutableBufferPointer<Float>, _ range: Range<Int>) -> Int {
        var best = range.lowerBound
        for place in range where scores[place] > scores[best] { best = place }
        return best
    }
}

extension ReferenceKernels {
    /// For each vector the place of the centre with the largest product, of equal ones the first, and the product.
    package static func nearest(
        of vectors: [Float], among centres: [Float], dimension: Int
    ) -> (places: [Int32], products: [Float]) {
        var (places, products): ([Int32], [Float]) = ([], [])
        for row in 0..<vectors.count / dimension {
            let scores = (0..<centres.count / dimension).map { centre in
                (0..<dimension).reduce(Float(0)) {
                    $0 + vectors[row * dimension + $1] * centres[centre * dimension + $1]
                }
            }
            let place = scores.placeOfMaximum ?? 0
            places.append(Int32(place))
            products.append(scores[place])
        }
        return (places, products)
    }
}
