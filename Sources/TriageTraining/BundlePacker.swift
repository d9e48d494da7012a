import TriageModel
import TriageNumerics
import TriageText

/// Turns fitted heads into the files of a bundle, and measures what pruning and rounding changed.
struct BundlePacker {
    let options: TrainingOptions
    let embeddingName: String?
    let workers: Workers
    /// Training rows whose answer is compared before and after rounding, evenly spread.
    private static let comparedRows = 5000

    mutating func pack(
        _ heads: [FittedHead], _ featurizer: Featurizer, _ set: TrainingSet, _ matrix: FeatureMatrix,
        _ fits: [TrainedBundle.FieldFit]
    ) throws -> TrainedBundle {
        let usesEmbedding = heads.contains { $0.settings.embeddingWeight > 0 }
        let kept = usesEmbedding ? featurizer.embedding : nil
        let quantizer = Quantizer(heads: heads, featurizer: featurizer)
        let scale = quantizer.columnScale()
        let (rows, lost) = quantizer.kept(scale, pruning: options.pruning)
        let words = try quantizer.block(featurizer.words, firstRow: 0, rows, scale)
        let characters = try quantizer.block(
            featurizer.characters, firstRow: featurizer.words.count, rows, scale)
        let (allEmbedding, bias) = quantizer.dense()
        let embedding = usesEmbedding ? allEmbedding : []
        let layer = try LinearLayer(
            columns: quantizer.columns,
            words: words.packed(columns: quantizer.columns),
            characters: characters.packed(columns: quantizer.columns), columnScale: ConstantBuffer(scale),
            embedding: ConstantBuffer(embedding),
            bias: ConstantBuffer(bias))
        let rounded = Featurizer(
            options: featurizer.options, words: words.tfidf, characters: characters.tfidf, embedding: kept)
        let changed = compare(heads, set, matrix, rounded, layer)
        let texts = trainedTexts(set)
        let manifest = self.manifest(
            heads, set, columns: quantizer.columns, embedding: kept, lost: lost, changed: changed,
            hashedTexts: texts.count)
        var tensors = SafeTensorsWriter()
        for (name, block) in [("words", words), ("characters", characters)] {
            tensors.add("\(name).buckets", block.tfidf.bitmap.array, shape: [block.tfidf.bitmap.count])
            tensors.add("\(name).idf", block.tfidf.idf.array, shape: [block.rowScale.count])
            tensors.add("\(name).scale", block.rowScale, shape: [block.rowScale.count])
            tensors.add("\(name).weights", block.bytes, shape: [block.rowScale.count, quantizer.columns])
        }
        tensors.add("columns.scale", scale, shape: [quantizer.columns])
        tensors.add("embedding.weights", embedding, shape: [kept?.dimension ?? 0, quantizer.columns])
        tensors.add("bias", bias, shape: [quantizer.columns])
        for head in heads { head.calibration.add(to: &tensors, field: head.field, labels: head.labels.count) }
        texts.add(to: &tensors)
        let topFeatures = TopFeatureSearch(heads, rounded, layer).find(in: set.examples, workers)
        let written = try manifest.files(
            tensors: tensors.bytes(), words: topFeatures, cardNotes: options.cardNotes)
        var scores: [String: HeldOutScores] = [:]
        for head in heads { scores[head.field] = head.calibration.scores }
        return TrainedBundle(files: written.files, manifest: written.manifest, scores: scores, fits: fits)
    }

    private func manifest(
        _ heads: [FittedHead], _ set: TrainingSet, columns: Int, embedding: EmbeddingTable?, lost: Double,
        changed: [String: Int], hashedTexts: Int
    ) -> ModelManifest {
        var manifest = ModelManifest(
            name: options.name,
            text: .init(
                ngrams: options.ngrams, normalizesMachineText: options.normalizesMachineText,
                masked: IdentifierKind.allCases.map(\.rawValue), repeated: set.repeated),
            bucketBits: options.bits, columns: columns,
            heads: heads.map { head in
                var entry = ModelManifest.Head(
                    field: head.field, role: options.role(of: head.field), labels: head.labels,
                    temperature: head.calibration.temperature, isCalibrated: head.isCalibrated,
                    threshold: ModelManifest.defaultThreshold, auto: head.calibration.auto,
                    scope: head.calibration.scope, settings: head.settings, metrics: head.calibration.metrics,
                    labelShares: head.labelShares, joinsLabelForms: set.joinsLabelForms)
                (entry.tree, entry.tags, entry.memory) = (head.tree, head.tags, head.calibration.memory)
                entry.learningCurve = head.learningCurve
                return entry
            },
            embedding: embedding.map {
                .init(
                    name: embeddingName ?? "embedding", sha256: $0.sha256,
                    vocabularySHA256: $0.vocabularySHA256)
            },
            training: .init(
                rows: set.examples.count, dataFingerprint: set.fingerprint,
                blasKernel: BLASRuntime.kernelName, prunedEnergy: (lost * 1e9).rounded() / 1e9,
                changedByRounding: changed, warmStart: options.warmStart?.sha256, hashedTexts: hashedTexts))
        (manifest.languages, manifest.languageRows) = (options.languages, options.languageRows)
        manifest.input = set.input
        if heads.contains(where: { $0.settings.unlabelledWeight > 0 }) {
            manifest.training.unlabelledTickets = set.unlabelledTickets.count
        }
        return manifest
    }

    /// The hashes of the rows' texts.
    private func trainedTexts(_ set: TrainingSet) -> TrainedTexts {
        TrainedTexts(
            contents: workers.map(set.examples.count) { row in
                var words = Words()
                words.scan(subject: set.examples[row].subject, body: set.examples[row].body)
                return TrainedTexts.content(of: words)
            })
    }

    /// Rows of an even sample whose best label differs between the fitted and the rounded weights, by field.
    private func compare(
        _ heads: [FittedHead], _ set: TrainingSet, _ matrix: FeatureMatrix, _ featurizer: Featurizer,
        _ layer: LinearLayer
    ) -> [String: Int] {
        let step = max(1, set.examples.count / BundlePacker.comparedRows)
        let sample = Array(stride(from: 0, to: set.examples.count, by: step))
        var features = Features()
        var logits: [Float] = []
        var rounded: [[Float]] = []
        for row in sample {
            featurizer.fill(&features, subject: set.examples[row].subject, body: set.examples[row].body)
            layer.score(&features, into: &logits)
            rounded.append(logits)
        }
        var changed: [String: Int] = [:]
        var column = 0
        for head in heads {
            let fit = HeadFit(
                matrix: matrix, rows: [], targets: [], weights: nil, classCount: head.labels.count,
                workers: workers)
            let exact = fit.logits(of: sample, head.parameters, head.settings)
            let range = column..<column + head.labels.count
            changed[head.field] = rounded.indices.count { index in
                let before = exact[index * head.columns..<index * head.columns + head.labels.count]
                return TopK.indices(of: Array(before), count: 1)
                    != TopK.indices(of: Array(rounded[index][range]), count: 1)
            }
            column = range.upperBound
        }
        return changed
    }
}
