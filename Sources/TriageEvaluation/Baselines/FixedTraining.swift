package import TriageModel
package import TriageNumerics
internal import TriageText
internal import TriageTraining

/// Bundles trained in memory with the documented settings, to be measured and let go.
package struct FixedTraining: Sendable {
    /// What a bundle is made of.
    enum Parts: Sendable {
        case all
        case ngrams
        case embedding
    }

    private let embedding: (name: String, table: EmbeddingTable)?
    let workers: Workers

    /// Trainings with a matrix, or none.
    package init(embedding: (name: String, table: EmbeddingTable)?, workers: Workers) {
        self.embedding = embedding
        self.workers = workers
    }

    var hasEmbedding: Bool { embedding != nil }

    func bundle(_ set: TrainingSet, parts: Parts = .all) throws -> ModelBundle {
        var options = TrainingOptions()
        options.fixedHyperparameters = TrainingOptions.documentedHyperparameters
        // Without an n-gram in so many rows, none has a weight.
        if parts == .embedding { options.minimumDocuments = set.examples.count + 1 }
        let matrix = parts == .ngrams ? nil : embedding
        let trained = try Trainer(options, embedding: matrix, workers: workers).train(set)
        return try ModelBundle(trained, embedding: matrix?.table)
    }
}

extension ModelBundle {
    /// A bundle as training made it, without a folder.
    convenience init(_ trained: TrainedBundle, embedding: EmbeddingTable?) throws {
        let files = Dictionary(
            uniqueKeysWithValues: trained.files.map { ($0.name, MappedBytes(copying: $0.bytes)) })
        try self.init(files: files, directory: trained.manifest.name) { (reference) throws(ModelError) in
            guard let embedding else {
                throw .embeddingNotFound(name: reference.name, sha256: reference.sha256, searched: [])
            }
            return embedding
        }
    }
}

/// A bundle as one more way to answer one field.
struct BundleBaseline: Baseline {
    let name: String
    let explanation: String
    let labels: [String]
    private let bundle: ModelBundle
    private let head: ModelBundle.Head
    private var features = Features()
    private var logits: [Float] = []

    /// Nil when the bundle has no such field.
    init?(_ name: String, _ explanation: String, _ bundle: ModelBundle, field: String) {
        guard let head = bundle.head(field: field) else { return nil }
        self.name = name
        self.explanation = explanation
        self.bundle = bundle
        self.head = head
        labels = head.labels.names
    }

    mutating func probabilities(of row: RowFacts) -> [Float] {
        bundle.score(subject: row.subject, body: row.body, features: &features, logits: &logits)
        return head.probabilities(logits)
    }
}
