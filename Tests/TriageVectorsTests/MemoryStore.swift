#if Service
import Synchronization

@testable import TriageVectors

/// A server in memory: what others are compared with, and one that fails when a test wants it.
final class MemoryStore: VectorStore {
    struct Version {
        var articles: [Int: StoredArticle] = [:]
        var entries: [String: [UInt8]] = [:]
    }

    struct State {
        var current: String?
        var versions: [String: Version] = [:]
        var failure: VectorError?
        var asked = 0
    }

    let state = Mutex(State())
    let server = "memory"

    func fail(_ error: VectorError?) { state.withLock { $0.failure = error } }

    private func read<Value: Sendable>(_ use: (inout State) -> Value) throws(VectorError) -> Value {
        let result: Result<Value, VectorError> = state.withLock { state in
            state.asked += 1
            if let failure = state.failure { return .failure(failure) }
            return .success(use(&state))
        }
        return try result.get()
    }

    func current() async throws(VectorError) -> String? { try read { $0.current } }
    func versions() async throws(VectorError) -> [String] { try read { $0.versions.keys.sorted() } }
    func point(to version: String) async throws(VectorError) { try read { $0.current = version } }
    func create(_ version: String, dimension: Int) async throws(VectorError) {
        try read { $0.versions[version] = Version() }
    }
    func remove(_ version: String) async throws(VectorError) { try read { $0.versions[version] = nil } }

    func write(_ articles: [StoredArticle], to version: String) async throws(VectorError) {
        try read { state in
            for article in articles { state.versions[version]?.articles[article.number] = article }
        }
    }

    func write(_ entries: [StoredEntry], to version: String) async throws(VectorError) {
        try read { state in
            for entry in entries { state.versions[version]?.entries[entry.key] = entry.bytes }
        }
    }

    func optimise(_ version: String) async throws(VectorError) {}

    func count(in version: String) async throws(VectorError) -> Int {
        try read { $0.versions[version]?.articles.count ?? 0 }
    }

    func nearest(_ vector: [Float], count: Int, in version: String) async throws(VectorError) -> [Int] {
        try read { state in
            let articles = state.versions[version]?.articles ?? [:]
            let products = articles.mapValues { article in
                zip(article.vector, vector).reduce(Float(0)) { $0 + $1.0 * $1.1 }
            }
            return Array(products.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key).prefix(count))
        }
    }

    func records(of numbers: [Int], in version: String) async throws(VectorError) -> [Int: [UInt8]] {
        try articles(numbers, version).mapValues(\.record)
    }

    func articles(of numbers: [Int], in version: String) async throws(VectorError) -> [Int: [UInt8]] {
        try articles(numbers, version).mapValues(\.json)
    }

    private func articles(_ numbers: [Int], _ version: String) throws(VectorError) -> [Int: StoredArticle] {
        try read { state in
            (state.versions[version]?.articles ?? [:]).filter { numbers.contains($0.key) }
        }
    }

    func entries(of keys: [String], in version: String) async throws(VectorError) -> [String: [UInt8]] {
        try read { state in
            (state.versions[version]?.entries ?? [:]).filter { keys.contains($0.key) }
        }
    }

    func close() async {}
}
#endif
