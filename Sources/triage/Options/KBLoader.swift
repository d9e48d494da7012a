import TriageData
import TriageModel
import TriageSearch

/// A KB as an index, with the matrix of the model where it has one.
enum KBLoader {
    static func index(path: String, model: ModelBundle?) throws -> SearchIndex {
        SearchIndex()
    }
}
