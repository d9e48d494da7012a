#if Service
internal import NIOHTTP1
internal import TriageData

/// A knowledge base in Qdrant, by its REST interface.
///
/// A version has two collections, of articles with vectors and of entries. A point's id is a number: of an article its own, of
/// an entry a hash of its key.
struct QdrantStore: VectorStore {
    private let http: VectorHTTP

    init(_ http: VectorHTTP) { self.http = http }

    var server: String { http.server }

    private static let prefix = "triage-kb-"
    private static let pointer = "triage-kb-current"
    private static let batch = 250

    private static func name(_ version: String, _ part: String) -> String {
        "/collections/\(prefix)\(version)-\(part)"
    }

    // MARK: - Versions

    func current() async throws(VectorError) -> String? {
        let answer = try await http.call(.GET, "/collections/\(Self.pointer)/points/1", mayLack: true)
        return answer?["result"]?["payload"]?["version"]?.text
    }

    func versions() async throws(VectorError) -> [String] {
        let answer = try await http.call(.GET, "/collections")
        let names = (answer?["result"]?["collections"]?.elements ?? []).compactMap { $0["name"]?.text }
        return Set(
            names.compactMap { name in
                let parts = name.dropFirst(Self.prefix.count).split(separator: "-")
                return name.hasPrefix(Self.prefix) && parts.count == 2 ? String(parts[0]) : nil
            }
        ).sorted()
    }

    func point(to version: String) async throws(VectorError) {
        let path = "/collections/\(Self.pointer)"
        if try await http.call(.GET, path, mayLack: true) == nil { try await make(path, dimension: 1) }
        try await put([point(1, [1], ["version": .string(version)])], path)
    }

    func create(_ version: String, dimension: Int) async throws(VectorError) {
        try await remove(version)
        try await make(Self.name(version, "articles"), dimension: max(dimension, 1))
        try await make(Self.name(version, "entries"), dimension: 1)
    }

    func remove(_ version: String) async throws(VectorError) {
        for part in ["articles", "entries"] {
            try await http.call(
                .DELETE, Self.name(version, part), within: VectorHTTP.writingTime, mayLack: true)
        }
    }

    private func make(_ path: String, dimension: Int) async throws(VectorError) {
        let vectors: JSONValue = .object(["size": .integer(Int64(dimension)), "distance": .string("Dot")])
        try await http.call(
            .PUT, path,
            .object([
                "vectors": vectors,
                "hnsw_config": .object(["m": .integer(16), "ef_construct": .integer(128)]),
            ]), within: VectorHTTP.writingTime)
    }

    // MARK: - Writing

    private func point(_ id: Int, _ vector: [Float], _ payload: [String: JSONValue]) -> JSONValue {
        .object(["id": .integer(Int64(id)), "vector": .vector(vector), "payload": .object(payload)])
    }

    private func put(_ points: [JSONValue], _ path: String) async throws(VectorError) {
        for start in stride(from: 0, to: points.count, by: Self.batch) {
            let batch = Array(points[start..<min(start + Self.batch, points.count)])
            try await http.call(
                .PUT, "\(path)/points?wait=true", .object(["points": .array(batch)]),
                within: VectorHTTP.writingTime)
        }
    }

    func write(_ articles: [StoredArticle], to version: String) async throws(VectorError) {
        let points = articles.map { article in
            point(
                article.number, article.vector.isEmpty ? [1] : article.vector,
                [
                    "record": .base64(article.record),
                    "article": .string(String(decoding: article.json, as: UTF8.self)),
                ])
        }
        try await put(points, Self.name(version, "articles"))
    }

    func write(_ entries: [StoredEntry], to version: String) async throws(VectorError) {
        let points = entries.map {
            point($0.number, [1], ["key": .string($0.key), "bytes": .base64($0.bytes)])
        }
        try await put(points, Self.name(version, "entries"))
    }

    /// Qdrant builds its index by itself.
    func optimise(_ version: String) async throws(VectorError) {}

    // MARK: - Reading

    func count(in version: String) async throws(VectorError) -> Int {
        let answer = try await http.call(
            .POST, "\(Self.name(version, "articles"))/points/count", .object(["exact": .bool(true)]))
        guard let count = answer?["result"]?["count"]?.integer else { throw .badAnswer(problem: "no count") }
        return count
    }

    func nearest(_ vector: [Float], count: Int, in version: String) async throws(VectorError) -> [Int] {
        let answer = try await http.call(
            .POST, "\(Self.name(version, "articles"))/points/query",
            .object([
                "query": .vector(vector), "limit": .integer(Int64(count)), "with_payload": .bool(false),
                "params": .object(["hnsw_ef": .integer(200)]),
            ]))
        return (answer?["result"]?["points"]?.elements ?? []).compactMap { $0["id"]?.integer }
    }

    private func get(
        _ ids: [Int], _ payload: [String], _ path: String
    ) async throws(VectorError) -> [(id: Int, payload: JSONValue)] {
        guard !ids.isEmpty else { return [] }
        let answer = try await http.call(
            .POST, "\(path)/points",
            .object([
                "ids": .array(ids.map { .integer(Int64($0)) }), "with_payload": .texts(payload),
                "with_vector": .bool(false),
            ]))
        guard let found = answer?["result"]?.elements else { throw .badAnswer(problem: "no points") }
        return found.compactMap { point in
            point["id"]?.integer.flatMap { id in point["payload"].map { (id, $0) } }
        }
    }

    func records(of numbers: [Int], in version: String) async throws(VectorError) -> [Int: [UInt8]] {
        let found = try await get(numbers, ["record"], Self.name(version, "articles"))
        return Dictionary(found.compactMap { id, it in it["record"]?.base64.map { (id, $0) } }) { $1 }
    }

    func articles(of numbers: [Int], in version: String) async throws(VectorError) -> [Int: [UInt8]] {
        let found = try await get(numbers, ["article"], Self.name(version, "articles"))
        return Dictionary(found.compactMap { id, it in it["article"]?.text.map { (id, Array($0.utf8)) } }) { $1 }
    }

    func entries(of keys: [String], in version: String) async throws(VectorError) -> [String: [UInt8]] {
        let ids = keys.map { StoredEntry(key: $0, bytes: []).number }
        let found = try await get(ids, ["key", "bytes"], Self.name(version, "entries"))
        return Dictionary(
            found.compactMap { _, it in
                it["key"]?.text.flatMap { key in it["bytes"]?.base64.map { (key, $0) } }
            }, uniquingKeysWith: { $1 })
    }

    func close() async { await http.close() }
}
#endif
