#if Service
internal import NIOHTTP1
internal import TriageData

/// A knowledge base in one index of Pinecone, whose address is the index's host; it is made there beforehand, with the matrix's
/// dimension and the metric dotproduct.
///
/// A version has two namespaces, of articles and of entries. Pinecone shows writes a moment later, so a version is counted until it
/// is whole.
struct PineconeStore: VectorStore {
    private let http: VectorHTTP

    init(_ http: VectorHTTP) { self.http = http }

    var server: String { http.server }

    private static let prefix = "triage-kb-"
    private static let pointer = "triage-kb-current"
    /// A request has 2 MB at most.
    private static let batch = 100
    /// Ids of one fetch are in its address, whose length is limited.
    private static let fetchBatch = 100
    private static let patience = Duration.seconds(60)

    private static func name(_ version: String, _ part: String) -> String { "\(prefix)\(version)-\(part)" }

    // MARK: - Versions

    func current() async throws(VectorError) -> String? {
        try await fetch(["current"], Self.pointer)["current"]?["metadata"]?["version"]?.text
    }

    func versions() async throws(VectorError) -> [String] {
        try await namespaces().keys.compactMap { name in
            let parts = name.dropFirst(Self.prefix.count).split(separator: "-")
            return name.hasPrefix(Self.prefix) && parts.count == 2 && parts[1] == "articles"
                ? String(parts[0]) : nil
        }.sorted()
    }

    private func statistics() async throws(VectorError) -> JSONValue {
        guard let found = try await http.call(.POST, "/describe_index_stats", .object([:])) else {
            throw .badAnswer(problem: "no statistics")
        }
        return found
    }

    /// How many vectors each namespace has.
    private func namespaces() async throws(VectorError) -> [String: Int] {
        let found = try await statistics()["namespaces"]?.members ?? []
        return Dictionary(found.map { ($0.name, $0.value["vectorCount"]?.integer ?? 0) }) { $1 }
    }

    private func dimension() async throws(VectorError) -> Int {
        guard let dimension = try await statistics()["dimension"]?.integer else {
            throw .badAnswer(problem: "no dimension")
        }
        return dimension
    }

    /// Of an entry: Pinecone takes no vector of zeros, and all of one length.
    private static func plain(_ dimension: Int) -> [Float] {
        [1] + [Float](repeating: 0, count: max(dimension - 1, 0))
    }

    func point(to version: String) async throws(VectorError) {
        try await settle(version)
        let vector = Self.plain(try await dimension())
        try await put([item("current", vector, ["version": .string(version)])], Self.pointer)
        try await wait { () throws(VectorError) in try await current() == version }
    }

    func create(_ version: String, dimension: Int) async throws(VectorError) {
        let found = try await self.dimension()
        guard dimension == 0 || dimension == found else {
            throw .badSetting(
                name: "search.url",
                problem:
                    "the index has the dimension \(found), and the articles have \(dimension); make one of that"
            )
        }
        try await remove(version)
    }

    func remove(_ version: String) async throws(VectorError) {
        for part in ["articles", "entries"] {
            try await http.call(
                .POST, "/vectors/delete",
                .object(["deleteAll": .bool(true), "namespace": .string(Self.name(version, part))]),
                within: VectorHTTP.writingTime, mayLack: true)
        }
    }

    // MARK: - Writing

    private func item(_ id: String, _ vector: [Float], _ metadata: [String: JSONValue]) -> JSONValue {
        .object(["id": .string(id), "values": .vector(vector), "metadata": .object(metadata)])
    }

    private func put(_ items: [JSONValue], _ namespace: String) async throws(VectorError) {
        for start in stride(from: 0, to: items.count, by: Self.batch) {
            let batch = Array(items[start..<min(start + Self.batch, items.count)])
            try await http.call(
                .POST, "/vectors/upsert",
                .object(["vectors": .array(batch), "namespace": .string(namespace)]),
                within: VectorHTTP.writingTime)
        }
    }

    func write(_ articles: [StoredArticle], to version: String) async throws(VectorError) {
        let dimension = articles.contains { $0.vector.isEmpty } ? try await dimension() : 0
        let items = articles.map { article in
            item(
                String(article.number),
                article.vector.contains { $0 != 0 }
                    ? article.vector : Self.plain(max(dimension, article.vector.count)),
                [
                    "record": .base64(article.record),
                    "article": .string(String(decoding: article.json, as: UTF8.self)),
                ])
        }
        try await put(items, Self.name(version, "articles"))
    }

    func write(_ entries: [StoredEntry], to version: String) async throws(VectorError) {
        let vector = Self.plain(try await dimension())
        try await put(
            entries.map { item($0.key, vector, ["bytes": .base64($0.bytes)]) }, Self.name(version, "entries"))
    }

    /// Pinecone builds its index by itself.
    func optimise(_ version: String) async throws(VectorError) {}

    /// Waits until the description of a version, written last, can be read.
    private func settle(_ version: String) async throws(VectorError) {
        try await wait { () throws(VectorError) in
            try await !entries(of: [KnowledgeBaseHead.key], in: version).isEmpty
        }
    }

    private func wait(until condition: () async throws(VectorError) -> Bool) async throws(VectorError) {
        let end = ContinuousClock.now + Self.patience
        while try await !condition() {
            guard ContinuousClock.now < end else {
                throw .timedOut(milliseconds: Int(Self.patience / .milliseconds(1)))
            }
            do { try await Task.sleep(for: .milliseconds(250)) } catch { throw VectorError.cancelled }
        }
    }

    // MARK: - Reading

    func count(in version: String) async throws(VectorError) -> Int {
        try await namespaces()[Self.name(version, "articles")] ?? 0
    }

    func nearest(_ vector: [Float], count: Int, in version: String) async throws(VectorError) -> [Int] {
        let answer = try await http.call(
            .POST, "/query",
            .object([
                "vector": .vector(vector), "topK": .integer(Int64(count)), "includeValues": .bool(false),
                "includeMetadata": .bool(false), "namespace": .string(Self.name(version, "articles")),
            ]))
        return (answer?["matches"]?.elements ?? []).compactMap { $0["id"]?.text.flatMap { Int($0) } }
    }

    private func fetch(_ ids: [String], _ namespace: String) async throws(VectorError) -> [String: JSONValue]
    {
        var found: [String: JSONValue] = [:]
        for start in stride(from: 0, to: ids.count, by: Self.fetchBatch) {
            let batch = ids[start..<min(start + Self.fetchBatch, ids.count)]
            // Keys hold nothing that an address would have to escape but the slash.
            let list = batch.map { "ids=\($0.replacing("/", with: "%2F"))" }.joined(separator: "&")
            let answer = try await http.call(.GET, "/vectors/fetch?\(list)&namespace=\(namespace)")
            for (id, value) in answer?["vectors"]?.members ?? [] { found[id] = value }
        }
        return found
    }

    func records(of numbers: [Int], in version: String) async throws(VectorError) -> [Int: [UInt8]] {
        try await metadata("record", of: numbers, in: version).compactMapValues(\.base64)
    }

    func articles(of numbers: [Int], in version: String) async throws(VectorError) -> [Int: [UInt8]] {
        try await metadata("article", of: numbers, in: version).compactMapValues { value in
            value.text.map { Array($0.utf8) }
        }
    }

    private func metadata(
        _ name: String, of numbers: [Int], in version: String
    ) async throws(VectorError) -> [Int: JSONValue] {
        let found = try await fetch(numbers.map { String($0) }, Self.name(version, "articles"))
        return Dictionary(
            found.compactMap { id, value in
                Int(id).flatMap { number in value["metadata"]?[name].map { (number, $0) } }
            }, uniquingKeysWith: { $1 })
    }

    func entries(of keys: [String], in version: String) async throws(VectorError) -> [String: [UInt8]] {
        try await fetch(keys, Self.name(version, "entries")).compactMapValues {
            $0["metadata"]?["bytes"]?.base64
        }
    }

    func close() async { await http.close() }
}
#endif
