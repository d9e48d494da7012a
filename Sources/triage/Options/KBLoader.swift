import TriageData
import TriageModel
import TriageSearch

/// A KB as an index: its articles, its calibration, and the matrix of the model or the shipped one.
enum KBLoader {
    static func index(path: String, model: ModelBundle?) throws -> SearchIndex {
        let articles = try KnowledgeBase.load(path: path)
        let file = "\(path)/calibration.json"
        let calibration = FileInput.exists(file) ? try SearchCalibration(file: file) : nil
        return SearchIndex(articles, embedding: try embedding(model), calibration: calibration)
    }

    private static func embedding(_ model: ModelBundle?) throws -> EmbeddingTable? {
        if let table = model?.featurizer.embedding { return table }
        return try Places.existing("models/embeddings/minilm-256").map { try EmbeddingTable(directory: $0) }
    }
}
