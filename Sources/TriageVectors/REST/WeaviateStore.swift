#if Service
internal import NIOHTTP1
internal import TriageData

/// A knowledge base in Weaviate, by its REST interface and, where it finds the nearest, GraphQL.
///
/// A version has two classes, of articles with vectors and of entries. An object's id is made of the number of its article or
/// of its key.
struct WeaviateStore: VectorStore {
    private let http: VectorHTTP

    init(_ http: VectorHTTP) { self.http = http }

    var server: String { http.server }

    private static let prefix = "TriageKb_"
    private static let pointer = "TriageKbCurrent"
    private static let batch = 250

    private enum Part: String, CaseIterable { case articles, entries }

    private static func name(_ version: String, _ part: Part) -> String { "\(prefix)\(version)_\(part.rawValue)" }

    /// The id of an object, in the form of a UUID.
    static func id(_ number: Int) -> String {
        let digits = String(number, radix: 16)
        let padded = String(repeating: "0", count: max(0, 32 - digits.count)) + digits
        let ends = [0, 8, 12, 16, 20, 32]
        return zip(ends, ends.dropFirst()).map { start, end in
            String(padded.dropFirst(start).prefix(end - start))
        }.joined(separator: "-")
    }

    // MARK: - Versions

    func current() async throws(VectorError) -> String? {
        let answer = try await http.call(.GET, "/v1/objects/\(Self.pointer)/\(Self.id(1))", mayLack: true)
        return answer?["properties"]?["version"]?.text
    }

    func versions() async throws(VectorError) -> [String] {
        let answer = try await http.call(.GET, "/v1/schema")
        let names = (answer?["classes"]?.elements ?? []).compactMap { $0["class"]?.text }
        return Set(
            names.compactMap { name in
                name.hasPrefix(Self.prefix)
                    ? String(name.dropFirst(Self.prefix.count).prefix { $0 != "_" }) : nil
            }
        ).sorted()
    }

    func point(to version: String) async throws(VectorError) {
        if try await http.call(.GET, "/v1/schema/\(Self.pointer)", mayLack: true) == nil {
            try await make(Self.pointer, ["version"])
        }
        try await put([object(Self.pointer, 1, [1], ["version": .string(version)])])
    }

    func create(_ version: String, dimension: Int) async throws(VectorError) {
        try await remove(version)
        try await make(Self.name(version, .articles), ["record", "article"])
        try await make(Self.name(version, .entries), ["key", "bytes"])
    }

    func remove(_ version: String) async throws(VectorError) {
        for part in Part.allCases {
            try await http.call(
                .DELETE, "/v1/schema/\(Self.name(version, part))", within: VectorHTTP.writingTime,
                mayLack: true)
        }
    }

    private func make(_ name: String, _ properties: [String]) async throws(VectorError) {
        try await http.call(
            .POST, "/v1/schema",
            .object([
                "class": .string(name), "vectorizer": .string("none"),
                "vectorIndexConfig": .object([
                    "distance": .string("dot"), "ef": .integer(200), "efConstruction": .integer(128),
                    "maxConnections": .integer(16),
                ]),
                "properties": .array(
                    properties.map {
                        .object([
                            "name": .string($0), "dataType": .texts(["text"]), "indexFilterable": .bool(false),
                            "indexSearchable": .bool(false),
                        ])
                    }),
            ]), within: VectorHTTP.writingTime)
    }

    // MARK: - Writing

    private func object(
        _ name: String, _ number: Int, _ vector: [Float], _ properties: [String: JSONValue]
    ) -> JSONValue {
        .object([
            "class": .string(name), "id": .string(Self.id(number)), "vector": .vector(vector),
            "properties": .object(properties),
        ])
    }

    private func put(_ objects: [JSONValue]) async throws(VectorError) {
        for start in stride(from: 0, to: objects.count, by: Self.batch) {
            let batch = Array(objects[start..<min(start + Self.batch, objects.count)])
            let answer = try await http.call(
                .POST, "/v1/batch/objects", .object(["objects": .array(batch)]), within: VectorHTTP.writingTime)
            // A batch is answered 200 although an object of it failed.
            let isWhole = answer?.elements?.allSatisfy { $0["result"]?["status"]?.text == "SUCCESS" } ?? false
            guard isWhole else { throw .rejected(state: "batch") }
        }
    }

    func write(_ articles: [StoredArticle], to version: String) async throws(VectorError) {
        try await put(
            articles.map { article in
                object(
                    Self.name(version, .articles), article.number,
                    article.vector.isEmpty ? [1] : article.vector,
                    [
                        "record": .base64(article.record),
                        "article": .string(String(decoding: article.json, as: UTF8.self)),
                    ])
            })
    }

    func write(_ entries: [StoredEntry], to version: String) async throws(VectorError) {
        try await put(
            entries.map {
                object(
                    Self.name(version, .entries), $0.number, [1],
                    ["key": .string($0.key), "bytes": .base64($0.bytes)])
            })
    }

    /// Weaviate builds its index while it takes objects.
    func optimise(_ version: String) async throws(VectorError) {}

    // MARK: - Reading

    func count(in version: String) async throws(VectorError) -> Int {
        let name = Self.name(version, .articles)
        let found = try await query("{ Aggregate { \(name) { meta { count } } } }")
        guard let count = found?["Aggregate"]?[name]?.elements?.first?["meta"]?["count"]?.integer else {
            throw .badAnswer(problem: "no count")
        }
        return count
    }

    func nearest(_ vector: [Float], count: Int, in version: String) async throws(VectorError) -> [Int] {
        let name = Self.name(version, .articles)
        let numbers = vector.map { String($0) }.joined(separator: ",")
        let found = try await query(
            "{ Get { \(name)(nearVector: {vector: [\(numbers)]}, limit: \(count)) { _additional { id } } } }")
        let ids = (found?["Get"]?[name]?.elements ?? []).compactMap { $0["_additional"]?["id"]?.text }
        return ids.compactMap { Int($0.filter { $0 != "-" }, radix: 16) }
    }

    private func query(_ text: String) async throws(VectorError) -> JSONValue? {
        let answer = try await http.call(.POST, "/v1/graphql", .object(["query": .string(text)]))
        if let errors = answer?["errors"]?.elements, !errors.isEmpty { throw .rejected(state: "GraphQL") }
        return answer?["data"]
    }

    /// The properties of objects by their numbers.
    private func get(
        _ numbers: [Int], _ part: Part, _ properties: [String], in version: String
    ) async throws(VectorError) -> [Int: JSONValue] {
        guard !numbers.isEmpty else { return [:] }
        let name = Self.name(version, part)
        let ids = numbers.map { "\"\(Self.id($0))\"" }.joined(separator: ",")
        let found = try await query(
            """
            { Get { \(name)(limit: \(numbers.count), where: {path: ["id"], operator: ContainsAny, valueText: [\(ids)]}) \
            { \(properties.joined(separator: " ")) _additional { id } } } }
            """)
        guard let objects = found?["Get"]?[name]?.elements else { throw .badAnswer(problem: "no objects") }
        return Dictionary(
            objects.compactMap { object in
                object["_additional"]?["id"]?.text.flatMap { Int($0.filter { $0 != "-" }, radix: 16) }
                    .map { ($0, object) }
            }, uniquingKeysWith: { $1 })
    }

    func records(of numbers: [Int], in version: String) async throws(VectorError) -> [Int: [UInt8]] {
        try await get(numbers, .articles, ["record"], in: version).compactMapValues { $0["record"]?.base64 }
    }

    func articles(of numbers: [Int], in version: String) async throws(VectorError) -> [Int: [UInt8]] {
        try await get(numbers, .articles, ["article"], in: version).compactMapValues { object in
            object["article"]?.text.map { Array($0.utf8) }
        }
    }

    func entries(of keys: [String], in version: String) async throws(VectorError) -> [String: [UInt8]] {
        let numbers = keys.map { StoredEntry(key: $0, bytes: []).number }
        let found = try await get(numbers, .entries, ["key", "bytes"], in: version)
        return Dictionary(
            found.values.compactMap { object in
                object["key"]?.text.flatMap { key in object["bytes"]?.base64.map { (key, $0) } }
            }, uniquingKeysWith: { $1 })
    }

    func close() async { await http.close() }
}
#endif
