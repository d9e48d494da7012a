#if Service
internal import TriageText

/// A server that keeps versions of a knowledge base: articles by number with their vectors, and entries by key.
///
/// A version is written whole before readers are pointed to it, so that they see one version or the other.
protocol VectorStore: Sendable {
    /// The address as errors and reports show it.
    var server: String { get }

    /// The version that readers use; nil before the first one.
    func current() async throws(VectorError) -> String?
    /// All versions, whole or not.
    func versions() async throws(VectorError) -> [String]
    /// Points readers to a version, at once.
    func point(to version: String) async throws(VectorError)
    /// Makes a version without articles in place of one of the name.
    ///
    /// - Parameter dimension: The length of vectors; 0 for articles without vectors.
    func create(_ version: String, dimension: Int) async throws(VectorError)
    func remove(_ version: String) async throws(VectorError)

    func write(_ articles: [StoredArticle], to version: String) async throws(VectorError)
    func write(_ entries: [StoredEntry], to version: String) async throws(VectorError)
    /// Builds what makes `nearest` fast; the version is right without it.
    func optimise(_ version: String) async throws(VectorError)

    /// How many articles a version has.
    func count(in version: String) async throws(VectorError) -> Int
    /// The numbers of the articles whose vectors have the largest products with a vector, best first.
    func nearest(_ vector: [Float], count: Int, in version: String) async throws(VectorError) -> [Int]
    /// The records of articles, in any order; numbers that no article has are left out.
    func records(of numbers: [Int], in version: String) async throws(VectorError) -> [Int: [UInt8]]
    /// The articles as JSON.
    func articles(of numbers: [Int], in version: String) async throws(VectorError) -> [Int: [UInt8]]
    /// The entries of keys; keys without an entry are left out.
    func entries(of keys: [String], in version: String) async throws(VectorError) -> [String: [UInt8]]

    func close() async
}

/// An article as it is written: its place in the knowledge base, and what is read of it.
struct StoredArticle: Sendable {
    var number: Int
    var id: String
    var json: [UInt8]
    /// What its score is computed from.
    var record: [UInt8]
    /// Empty without a matrix.
    var vector: [Float]
}

/// Bytes under a key of a few characters of ASCII; a page at most, which every server takes.
struct StoredEntry: Sendable {
    var key: String
    var bytes: [UInt8]

    /// A number for servers whose keys are numbers: a hash of the key, positive, which JSON's readers keep whole.
    var number: Int { Int(StableHash.hash(Array(key.utf8), kind: .word) >> 12) }
}
#endif
