internal import TriageNumerics

/// A few directions of each label's embeddings, to tell how near a ticket is to those that a label was learned from.
///
/// Each is the mean of at least five training rows, and a label has eight at most, so that none is the vector of a row.
/// They are kept as bytes with a scale.
package struct LabelPrototypes: Sendable {
    /// The most that a label has.
    package static let maximumCount = 8
    /// The fewest rows that one is the mean of.
    package static let minimumRows = 5

    private let dimension: Int
    /// For each label its prototypes, row-major.
    private let byLabel: [ConstantBuffer<Float>]
    /// The label of each prototype, its scale and its bytes, in the order of labels.
    private let labels: [Int32]
    private let scales: [Float]
    private let bytes: [Int8]

    /// Prototypes of each label, row-major; they are rounded to bytes.
    package init(_ vectors: [[Float]], dimension: Int) {
        let rows = vectors.enumerated().flatMap { label, values in
            (0..<values.count / max(dimension, 1)).map { row in
                (label: Int32(label), vector: values[row * dimension..<(row + 1) * dimension])
            }
        }
        let scales = rows.map { row in
            max(row.vector.reduce(0) { max($0, abs($1)) } / 127, .leastNormalMagnitude)
        }
        let bytes = zip(rows, scales).flatMap { row, scale in
            row.vector.map { Int8(max(-127, min(127, ($0 / scale).rounded()))) }
        }
        self.init(
            labels: rows.map(\.label), scales: scales, bytes: bytes, labelCount: vectors.count,
            dimension: dimension)
    }

    private init(labels: [Int32], scales: [Float], bytes: [Int8], labelCount: Int, dimension: Int) {
        (self.labels, self.scales, self.bytes, self.dimension) = (labels, scales, bytes, dimension)
        var byLabel = [[Float]](repeating: [], count: labelCount)
        for (row, label) in labels.enumerated() {
            byLabel[Int(label)] += bytes[row * dimension..<(row + 1) * dimension].map {
                Float($0) * scales[row]
            }
        }
        self.byLabel = byLabel.map { ConstantBuffer($0) }
    }

    /// Whether no label has any.
    package var isEmpty: Bool { labels.isEmpty }

    /// The largest cosine of an embedding of unit length and a label's prototypes; 0 without any.
    ///
    /// - Complexity: O(prototypes · dimension).
    package func nearest(to embedding: [Float], label: Int) -> Float {
        guard embedding.count == dimension, byLabel.indices.contains(label), !byLabel[label].isEmpty else {
            return 0
        }
        let rows = byLabel[label].count / dimension
        var products = [Float](repeating: 0, count: rows)
        DenseKernels.multiply(
            byLabel[label], rows: rows, columns: dimension, by: embedding, into: &products)
        return products.max() ?? 0
    }
}

extension LabelPrototypes {
    private static func name(_ field: String) -> String { "field.\(field).prototypes" }

    /// Adds what a bundle keeps of a field's prototypes.
    package func add(to tensors: inout SafeTensorsWriter, field: String) {
        let name = LabelPrototypes.name(field)
        tensors.add("\(name).labels", labels, shape: [labels.count])
        tensors.add("\(name).scale", scales, shape: [labels.count])
        tensors.add("\(name).bytes", bytes, shape: [labels.count, dimension])
    }

    /// A field's prototypes; none in bundles that were trained before they were kept, or without an embedding.
    ///
    /// - Throws: `ModelError` when parts differ in length, or a label is none of the field's.
    init(_ tensors: SafeTensors, field: String, labelCount: Int, dimension: Int) throws(ModelError) {
        let name = LabelPrototypes.name(field)
        guard tensors.contains("\(name).labels"), dimension > 0 else {
            self.init(labels: [], scales: [], bytes: [], labelCount: labelCount, dimension: dimension)
            return
        }
        let count = try tensors.shape(of: "\(name).labels").first ?? 0
        let labels = try tensors.buffer("\(name).labels", of: Int32.self, shape: [count]).array
        guard labels.allSatisfy({ (0..<labelCount).contains(Int($0)) }) else {
            throw .damaged(part: "\(name).labels")
        }
        self.init(
            labels: labels, scales: try tensors.numbers("\(name).scale", shape: [count]).array,
            bytes: try tensors.buffer("\(name).bytes", of: Int8.self, shape: [count, dimension]).array,
            labelCount: labelCount, dimension: dimension)
    }
}
