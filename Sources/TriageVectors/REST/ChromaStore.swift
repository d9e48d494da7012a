#if Service
internal import NIOHTTP1
internal import Synchronization
internal import TriageData

/// A knowledge base in Chroma, by its REST interface of version 2.
///
/// A version has two collections: articles with vectors, and entries. A third one names the current version.
struct ChromaStore: VectorStore {
    private let http: VectorHTTP
    private let names = CollectionNames()

    init(_ http: VectorHTTP) { self.http = http }

    var server: String { http.server }

    private static let root = "/api/v2/tenants/default_tenant/databases/default_database/collections"
    private static let prefix = "triage-kb-"
    private static let pointer = "triage-kb-current"
    /// Chroma takes 5,461 records at a time, and requests of limited length.
    private static let batch = 250

    private enum Part: String, CaseIterable { case articles, entries }

    private static func name(_ version: String, _ part: Part) -> String {
        "\(prefix)\(version)-\(part.rawValue)"
    }

    // MARK: - Versions

    func current() async throws(VectorError) -> String? {
        guard let id = try await collection(Self.pointer) else { return nil }
        let answer = try await http.call(
            .POST, "\(Self.root)/\(id)/get",
            .object(["ids": .texts(["current"]), "include": .texts(["documents"])]))
        return answer?["documents"]?.elements?.first?.text
    }

    func versions() async throws(VectorError) -> [String] {
        let answer = try await http.call(.GET, Self.root)
        let found = (answer?.elements ?? []).compactMap { $0["name"]?.text }
        return Set(
            found.compactMap { name in
                let parts = name.dropFirst(Self.prefix.count).split(separator: "-")
                return name.hasPrefix(Self.prefix) && parts.count == 2 ? String(parts[0]) : nil
            }
        ).sorted()
    }

    func point(to version: String) async throws(VectorError) {
        let id = try await make(Self.pointer)
        try await http.call(
            .POST, "\(Self.root)/\(id)/upsert",
            .object([
                "ids": .texts(["current"]), "documents": .texts([version]),
                "embeddings": .array([.vector([1])]),
            ]))
    }

    func create(_ version: String, dimension: Int) async throws(VectorError) {
        try await remove(version)
        for part in Part.allCases { _ = try await make(Self.name(version, part)) }
    }

    func remove(_ version: String) async throws(VectorError) {
        for part in Part.allCases {
            let name = Self.name(version, part)
            try await http.call(
                .DELETE, "\(Self.root)/\(name)", within: VectorHTTP.writingTime, mayLack: true)
            names.forget(name)
        }
    }

    /// Makes a collection, unless it is there, and returns its id.
    private func make(_ name: String) async throws(VectorError) -> String {
        let answer = try await http.call(
            .POST, Self.root,
            .object([
                "name": .string(name), "get_or_create": .bool(true),
                "configuration": .object([
                    "hnsw": .object([
                        "space": .string("ip"), "ef_construction": .integer(128), "ef_search": .integer(200),
                        "max_neighbors": .integer(16),
                    ])
                ]),
            ]), within: VectorHTTP.writingTime)
        guard let id = answer?["id"]?.text else { throw .badAnswer(problem: "no id of a collection") }
        names.remember(name, id)
        return id
    }

    /// The id of a collection; nil when there is none.
    private func collection(_ name: String) async throws(VectorError) -> String? {
        if let id = names.id(of: name) { return id }
        guard let id = try await http.call(.GET, "\(Self.root)/\(name)", mayLack: true)?["id"]?.text else {
            return nil
        }
        names.remember(name, id)
        return id
    }

    private func collection(_ version: String, _ part: Part) async throws(VectorError) -> String {
        guard let id = try await collection(Self.name(version, part)) else {
            throw .damaged(what: "its collections")
        }
        return id
    }

    // MARK: - Writing

    func write(_ articles: [StoredArticle], to version: String) async throws(VectorError) {
        let id = try await collection(version, .articles)
        try await add(articles, to: id) { batch in
            [
                "ids": .texts(batch.map { String($0.number) }),
                // Chroma keeps no record without a vector.
                "embeddings": .array(batch.map { .vector($0.vector.isEmpty ? [1] : $0.vector) }),
                "documents": .texts(batch.map { String(decoding: $0.json, as: UTF8.self) }),
                "metadatas": .array(batch.map { .object(["record": .base64($0.record)]) }),
            ]
        }
    }

    func write(_ entries: [StoredEntry], to version: String) async throws(VectorError) {
        let id = try await collection(version, .entries)
        try await add(entries, to: id) { batch in
            [
                "ids": .texts(batch.map(\.key)), "documents": .array(batch.map { .base64($0.bytes) }),
                "embeddings": .array(batch.map { _ in .vector([1]) }),
            ]
        }
    }

    private func add<Element>(
        _ elements: [Element], to id: String, _ body: ([Element]) -> [String: JSONValue]
    ) async throws(VectorError) {
        for start in stride(from: 0, to: elements.count, by: Self.batch) {
            let batch = Array(elements[start..<min(start + Self.batch, elements.count)])
            try await http.call(
                .POST, "\(Self.root)/\(id)/upsert", .object(body(batch)), within: VectorHTTP.writingTime)
        }
    }

    /// Chroma builds its index while it takes records.
    func optimise(_ version: String) async throws(VectorError) {}

    // MARK: - Reading

    func count(in version: String) async throws(VectorError) -> Int {
        let id = try await collection(version, .articles)
        guard let count = try await http.call(.GET, "\(Self.root)/\(id)/count")?.integer else {
            throw .badAnswer(problem: "no count")
        }
        return count
    }

    func nearest(_ vector: [Float], count: Int, in version: String) async throws(VectorError) -> [Int] {
        let id = try await collection(version, .articles)
        let answer = try await http.call(
            .POST, "\(Self.root)/\(id)/query",
            .object([
                "query_embeddings": .array([.vector(vector)]), "n_results": .integer(Int64(count)),
                "include": .array([]),
            ]))
        return answer?["ids"]?.elements?.first?.elements?.compactMap { $0.text.flatMap { Int($0) } } ?? []
    }

    func records(of numbers: [Int], in version: String) async throws(VectorError) -> [Int: [UInt8]] {
        try await get(numbers, "metadatas", in: version) { $0["record"]?.base64 }
    }

    func articles(of numbers: [Int], in version: String) async throws(VectorError) -> [Int: [UInt8]] {
        try await get(numbers, "documents", in: version) { $0.text.map { Array($0.utf8) } }
    }

    private func get(
        _ numbers: [Int], _ column: String, in version: String, _ read: (JSONValue) -> [UInt8]?
    ) async throws(VectorError) -> [Int: [UInt8]] {
        let id = try await collection(version, .articles)
        let found = try await get(numbers.map { String($0) }, column, of: id, read)
        return Dictionary(found.compactMap { key, bytes in Int(key).map { ($0, bytes) } }) { $1 }
    }

    func entries(of keys: [String], in version: String) async throws(VectorError) -> [String: [UInt8]] {
        try await get(keys, "documents", of: try await collection(version, .entries), \.base64)
    }

    private func get(
        _ keys: [String], _ column: String, of id: String, _ read: (JSONValue) -> [UInt8]?
    ) async throws(VectorError) -> [String: [UInt8]] {
        guard !keys.isEmpty else { return [:] }
        let answer = try await http.call(
            .POST, "\(Self.root)/\(id)/get",
            .object(["ids": .texts(keys), "include": .texts([column]), "limit": .integer(Int64(keys.count))]))
        guard let ids = answer?["ids"]?.elements, let values = answer?[column]?.elements,
            ids.count == values.count
        else { throw .badAnswer(problem: "no records") }
        return Dictionary(
            zip(ids, values).compactMap { id, value in
                id.text.flatMap { key in read(value).map { (key, $0) } }
            }, uniquingKeysWith: { $1 })
    }

    func close() async { await http.close() }
}

/// The ids of collections, which requests name instead of the collections' names.
private final class CollectionNames: Sendable {
    private let ids = Mutex<[String: String]>([:])

    func id(of name: String) -> String? { ids.withLock { $0[name] } }
    func remember(_ name: String, _ id: String) { ids.withLock { $0[name] = id } }
    func forget(_ name: String) { ids.withLock { $0[name] = nil } }
}
#endif
