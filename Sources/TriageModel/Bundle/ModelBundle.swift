internal import TriageData
package import TriageNumerics
package import TriageTickets

/// A trained model as it was loaded: immutable, shared by all threads.
///
/// A class, since a copy of so many parts costs more than a head's arithmetic.
package final class ModelBundle: Sendable {
    /// The bundle's description.
    package let manifest: ModelManifest
    /// SHA-256 of its manifest, in hexadecimal: the bundle's identity.
    package let sha256: String
    /// How text is cleaned, masked and normalised.
    package let preparation: TextPreparation
    /// Prepared text to features.
    package let featurizer: Featurizer
    /// Features to logits.
    package let layer: LinearLayer
    /// One classifier a field.
    package let heads: [Head]
    /// Hashes of the texts it was trained on; nil in bundles that were trained before they were kept.
    package let trainedTexts: TrainedTexts?
    /// Each label's strongest words; nil in bundles that were trained before they were kept.
    package let topFeatures: TopFeatures?
    /// Where they lie in the word block.
    package let topFeatureIndex: TopFeatureIndex

    /// The classifier of one field: a range of the layer's columns.
    package final class Head: Sendable {
        /// Its part of the manifest.
        package let manifest: ModelManifest.Head
        /// The closed set of labels.
        package let labels: LabelSet
        /// Its columns, one a label.
        package let columns: Range<Int>
        /// What thresholds and label sets are solved from: held-out rows as the live label mix would bring them; nil
        /// when none were held out, or the mix needs more than the bundle kept of them.
        package let heldOut: HeldOutScores?
        /// What the live label mix adds to each logit; empty without one.
        package let biasShift: [Float]
        /// labels × dimension mean embeddings of unit length; empty without.
        package let classMeans: ConstantBuffer<Float>
        /// A few directions of each label's embeddings; none without an embedding.
        package let prototypes: LabelPrototypes
        /// The tree whose leaves the labels are; nil for labels without parents.
        package let tree: LabelTree?
        /// The held-out rows of each depth above the deepest, scored by its nodes; empty when the bundle has none.
        package let heldOutNodes: [HeldOutScores]

        init(
            manifest: ModelManifest.Head, labels: LabelSet, columns: Range<Int>, heldOut: HeldOutScores?,
            heldOutNodes: [HeldOutScores] = [], classMeans: ConstantBuffer<Float>,
            prototypes: LabelPrototypes
        ) {
            self.prototypes = prototypes
            tree = manifest.labelTree
            self.heldOutNodes = heldOutNodes
            (self.manifest, self.labels, self.columns) = (manifest, labels, columns)
            biasShift = manifest.biasShift
            trained = heldOut
            self.heldOut = biasShift.isEmpty ? heldOut : heldOut?.resampled(to: manifest)
            self.classMeans = classMeans
        }

        private let trained: HeldOutScores?

        /// The held-out rows that another manifest of the same weights would have.
        package func heldOut(under manifest: ModelManifest.Head) -> HeldOutScores? {
            manifest.labelMix == nil ? trained : trained?.resampled(to: manifest)
        }
    }

    /// A bundle from the bytes of its files; `embedding` finds the matrix that the manifest names.
    ///
    /// - Throws: `ModelError` when a file is missing, damaged, newer, or has another SHA-256 than the manifest's.
    package init(
        files: [String: MappedBytes], directory: String, onPrepare: (@Sendable () -> Void)? = nil,
        embedding: (ModelManifest.EmbeddingReference) throws(ModelError) -> EmbeddingTable
    ) throws(ModelError) {
        guard let text = files[ModelBundle.manifestFile] else {
            throw .missingFile(name: ModelBundle.manifestFile, directory: directory)
        }
        let manifestPath = "\(directory)/\(ModelBundle.manifestFile)"
        manifest = try ModelError.placing(in: manifestPath) { () throws(ModelError) in
            try ModelManifest(text, directory: directory)
        }
        sha256 = Checksum.sha256(text)
        for (name, expected) in manifest.files.sorted(by: { $0.key < $1.key }) {
            guard let file = files[name] else { throw .missingFile(name: name, directory: directory) }
            guard Checksum.sha256(file) == expected else {
                throw .checksumMismatch(file: name, directory: directory)
            }
        }
        guard let tensorBytes = files[ModelBundle.tensorFile] else {
            throw .missingFile(name: ModelBundle.tensorFile, directory: directory)
        }
        guard let ngrams = manifest.text.ngrams else {
            throw .inFile(path: manifestPath, .damaged(part: "text options"))
        }
        guard let repeated = manifest.text.repeated else {
            throw .inFile(path: manifestPath, .damaged(part: "repeated paragraphs"))
        }
        preparation = TextPreparation(
            masked: manifest.text.masked, normalizesMachineText: manifest.text.normalizesMachineText,
            repeated: repeated, onPrepare: onPrepare)
        let table: EmbeddingTable? =
            if let reference = manifest.embedding { try embedding(reference) } else { nil }
        let manifest = manifest
        let places = try ModelError.placing(in: manifestPath) { () throws(ModelError) in
            try ModelBundle.places(of: manifest)
        }
        (featurizer, layer, heads, trainedTexts) = try ModelError.placing(
            in: "\(directory)/\(ModelBundle.tensorFile)"
        ) {
            () throws(ModelError) in
            let tensors = try SafeTensors(tensorBytes)
            let words = try tensors.block("words", columns: manifest.columns)
            let characters = try tensors.block("characters", columns: manifest.columns)
            let bits = manifest.bucketBits
            return (
                Featurizer(
                    options: ngrams,
                    words: try tensors.tfidf("words", bits: bits.words, idf: words.factors),
                    characters: try tensors.tfidf(
                        "characters", bits: bits.characters, idf: characters.factors),
                    embedding: table),
                try tensors.layer(
                    columns: manifest.columns, dimension: table?.dimension ?? 0, words, characters,
                    shift: manifest.heads.flatMap(\.shiftOrZeros)),
                try zip(manifest.heads, places).map { (head, place) throws(ModelError) in
                    try Head(
                        manifest: head, labels: place.labels, columns: place.columns,
                        heldOut: tensors.heldOutScores(of: head.field, labels: place.labels.count),
                        heldOutNodes: tensors.heldOutNodes(of: head),
                        classMeans: tensors.classMeans(
                            of: head.field, labels: place.labels.count, dimension: table?.dimension ?? 0),
                        prototypes: LabelPrototypes(
                            tensors, field: head.field, labelCount: place.labels.count,
                            dimension: table?.dimension ?? 0))
                },
                try TrainedTexts(tensors)
            )
        }
        topFeatures = try ModelBundle.topFeatures(files, manifest, directory: directory)
        topFeatureIndex = TopFeatureIndex(topFeatures ?? TopFeatures([]), featurizer.words)
    }

    /// The head that fills a role of the decision, such as "category".
    package func head(role: String) -> Head? { heads.first { $0.manifest.role == role } }

    package func head(field: String) -> Head? { heads.first { $0.manifest.field == field } }
}

extension ModelBundle {
    /// The names of a bundle's files beside the manifest.
    static let tensorFile = "model.safetensors"
    static let cardFile = "MODEL_CARD.md"
    static let manifestFile = "manifest.json"
    static let wordsFile = "words.json"

    /// Only a file that the manifest lists is read.
    private static func topFeatures(
        _ files: [String: MappedBytes], _ manifest: ModelManifest, directory: String
    ) throws(ModelError) -> TopFeatures? {
        guard manifest.files[wordsFile] != nil, let bytes = files[wordsFile] else { return nil }
        return try ModelError.placing(in: "\(directory)/\(wordsFile)") { () throws(ModelError) in
            try TopFeatures(bytes)
        }
    }

    /// The names of the files that a trained bundle has, in the order in which they are written.
    package static let fileNames = [tensorFile, cardFile, wordsFile, manifestFile]

    private static func places(
        of manifest: ModelManifest
    ) throws(ModelError) -> [(labels: LabelSet, columns: Range<Int>)] {
        var places: [(labels: LabelSet, columns: Range<Int>)] = []
        var fields: Set<String> = []
        var column = 0
        for head in manifest.heads {
            let labels = LabelSet(head.labels, joinsForms: head.joinsLabelForms ?? false)
            guard labels.names == head.labels, !head.labels.isEmpty, head.temperature > 0,
                fields.insert(head.field).inserted, column + labels.count <= manifest.columns,
                head.scope.map({ $0.isReadable }) ?? true, head.hasSoundShares,
                head.hasSoundTree, head.hasSoundTags
            else { throw .damaged(part: "labels of field \(head.field)") }
            places.append((labels, column..<column + labels.count))
            column += labels.count
        }
        return places
    }
}

extension SafeTensors {
    /// The rows of a block: each one's scale, idf and weights.
    fileprivate func block(_ name: String, columns: Int) throws(ModelError) -> PackedRows {
        guard (8...1 << 16).contains(columns) else { throw .damaged(part: "\(columns) columns") }
        let rows = try shape(of: "\(name).idf").first ?? 0
        return PackedRows(
            try buffer("\(name).weights", of: Int8.self, shape: [rows, columns]), columns: columns,
            scales: try numbers("\(name).scale", shape: [rows]),
            factors: try numbers("\(name).idf", shape: [rows]))
    }

    fileprivate func tfidf(_ name: String, bits: Int, idf: ConstantColumn) throws(ModelError) -> HashedTFIDF {
        guard (6...24).contains(bits) else { throw .damaged(part: "2^\(bits) buckets") }
        return try HashedTFIDF(
            bits: bits, bitmap: buffer("\(name).buckets", of: UInt64.self, shape: [1 << (bits - 6)]),
            idf: idf)
    }

    fileprivate func classMeans(
        of field: String, labels: Int, dimension: Int
    ) throws(ModelError) -> ConstantBuffer<Float> {
        let name = SafeTensors.classMeans(of: field)
        return contains(name) ? try numbers(name, shape: [labels, dimension]) : ConstantBuffer([])
    }

    /// The layer; `shift` is added to the intercepts of the first columns.
    fileprivate func layer(
        columns: Int, dimension: Int, _ words: PackedRows, _ characters: PackedRows, shift: [Float]
    ) throws(ModelError) -> LinearLayer {
        var bias = try numbers("bias", shape: [columns])
        if shift.contains(where: { $0 != 0 }) {
            bias = ConstantBuffer(bias.array.indices.map { bias[$0] + ($0 < shift.count ? shift[$0] : 0) })
        }
        return try LinearLayer(
            columns: columns, words: words, characters: characters,
            columnScale: try numbers("columns.scale", shape: [columns]),
            embedding: try numbers("embedding.weights", shape: [dimension, columns]),
            bias: bias)
    }
}
