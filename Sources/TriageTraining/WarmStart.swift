package import TriageModel
import TriageNumerics
package import TriageText

/// An earlier bundle as the start of a new fit: the weights of the buckets and labels that both have.
///
/// The loss is convex, so the start changes how soon the stated tolerance is reached, not what is looked for. Only
/// the last fit begins there: the earlier bundle may have seen the rows that the search holds out.
package struct WarmStart: Sendable {
    private let bundle: ModelBundle

    /// A start from a bundle made with these n-grams, buckets and matrix.
    ///
    /// - Throws: `TrainingError.cannotWarmStart` when they differ: its weights would belong to other features.
    package init(
        _ bundle: ModelBundle, ngrams: NGramOptions, bits: ModelManifest.BucketBits,
        embedding: EmbeddingTable?
    ) throws(TrainingError) {
        let manifest = bundle.manifest
        guard manifest.text.ngrams == ngrams, manifest.bucketBits == bits else {
            throw .cannotWarmStart(bundle: manifest.name, difference: "n-grams or buckets")
        }
        guard manifest.embedding == nil || manifest.embedding?.sha256 == embedding?.sha256 else {
            throw .cannotWarmStart(bundle: manifest.name, difference: "the embedding matrix")
        }
        self.bundle = bundle
    }

    /// The SHA-256 that names the bundle in the manifest of the new one.
    var sha256: String { bundle.sha256 }

    /// The settings that the earlier fit chose for a field.
    func settings(of field: String) -> ModelManifest.Hyperparameters? {
        bundle.head(field: field)?.manifest.settings
    }

    /// Parameters in the layout of `SoftmaxObjective`, zeros where the bundle has nothing; empty without the field.
    func parameters(
        of field: String, labels: [String], columns: Int, _ featurizer: Featurizer
    ) -> [Float] {
        guard let head = bundle.head(field: field) else { return [] }
        let dimension = featurizer.embedding?.dimension ?? 0
        let sparse = featurizer.words.count + featurizer.characters.count
        var parameters = [Float](repeating: 0, count: (sparse + dimension + 1) * columns)
        let places = labels.map { head.labels.index(reading: $0).map { head.columns.lowerBound + $0 } }
        let layer = bundle.layer
        func fill(_ row: Int, _ weight: (Int) -> Float) {
            for (label, place) in places.enumerated() {
                if let place { parameters[row * columns + label] = weight(place) }
            }
        }
        let old = bundle.featurizer
        for (block, before, first, weights) in [
            (featurizer.words, old.words, 0, layer.words),
            (featurizer.characters, old.characters, featurizer.words.count, layer.characters),
        ] {
            for (row, bucket) in block.buckets.enumerated() {
                guard let known = before.row(ofBucket: bucket) else { continue }
                fill(first + row) { layer.weight(weights, row: Int(known), column: $0) }
            }
        }
        if !layer.embedding.isEmpty, dimension > 0 {
            for row in 0..<dimension { fill(sparse + row) { layer.embedding[row * layer.columns + $0] } }
        }
        let bias = head.removingPriorShift(layer.bias.array)
        fill(sparse + dimension) { bias[$0 - head.columns.lowerBound] }
        return parameters
    }
}
