import TriageModel
import TriageNumerics

/// A training set as numbers, and what made them: where training and the audit of labels begin.
struct TrainingFeatures {
    let featurizer: Featurizer
    let matrix: FeatureMatrix
    let names: LabelNames
    /// The rows of the matrix that are tickets without labels.
    let unlabelled: Range<Int>

    /// Finds the features worth a weight and fills the matrix with them.
    ///
    /// - Throws: `TrainingError` when the fits to come would need too much memory, or no row has any feature.
    init(
        _ set: TrainingSet, _ options: TrainingOptions, embedding: EmbeddingTable?, holdsOut: Bool,
        _ workers: Workers
    ) throws {
        let texts = set.unlabelledTickets.examples
        let blocks = try VocabularyFit.fit(
            set.examples + texts, options.ngrams, bits: options.bits, minimum: options.minimumDocuments,
            workers)
        featurizer = Featurizer(
            options: options.ngrams, words: blocks.words, characters: blocks.characters, embedding: embedding)
        let needed = TrainingFeatures.megabytes(blocks, set, embedding, holdsOut: holdsOut)
        guard needed <= options.memoryLimitMegabytes else {
            throw TrainingError.tooLarge(
                neededMegabytes: needed, allowedMegabytes: options.memoryLimitMegabytes)
        }
        names = LabelNames(set)
        let labelled = set.examples + names.examples
        unlabelled = labelled.count..<labelled.count + texts.count
        matrix = FeatureMatrix(
            labelled + texts, featurizer, minimumDocuments: options.minimumDocuments, workers)
        guard !matrix.indices.isEmpty || embedding != nil else { throw TrainingError.noText }
    }

    /// What a fit needs, counted before it is taken: the non-zeros, twice while they are few, the embeddings, three
    /// tables of rows × labels, and some fourteen vectors as long as the weights.
    ///
    /// Where rows are held out, each fold has values and a turned copy of its own beside them.
    private static func megabytes(
        _ blocks: VocabularyFit.Blocks, _ set: TrainingSet, _ embedding: EmbeddingTable?, holdsOut: Bool
    ) -> Int {
        let columns = ((set.labelSets.map(\.count).max() ?? 0) + 7) / 8 * 8
        let dimension = embedding?.dimension ?? 0
        let sparse = 8 * blocks.nonZeros
        let parameters = 4 * columns * (blocks.words.count + blocks.characters.count + dimension + 1)
        let rows = 4 * (set.examples.count + set.unlabelledTickets.count) * (dimension + 3 * columns)
        let twice = min(sparse, ColumnMajorRows.maximumBytes)
        let fold = holdsOut ? sparse / 2 + twice : 0
        return 1 + (sparse + twice + fold + rows + 14 * parameters) >> 20
    }
}
