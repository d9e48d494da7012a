#if Service
import Foundation
import ServerTestSupport
import Synchronization
import TriageData

/// Servers with the published interfaces of vector databases, as far as a knowledge base needs them.
///
/// They keep points in memory and search exactly. What has another form than the interface's is answered 400.
final class ScriptedStore: Sendable {
    struct Point: Sendable {
        var vector: [Float]
        var payload: JSONValue
    }

    struct State {
        /// By collection, class or namespace.
        var collections: [String: [String: Point]] = [:]
        var refused: [String] = []
        var keys: Set<String> = []
    }

    let state = Mutex(State())

    /// Requests that do not have the interface's form.
    var refused: [String] { state.withLock { $0.refused } }

    typealias Answer = (status: Int, body: JSONValue)

    /// Runs a server with one of the interfaces below while `body` does.
    static func run<Value>(
        _ answer: @escaping @Sendable (ScriptedStore, Request) -> Answer?,
        _ body: (ScriptedStore, _ address: String) async throws -> Value
    ) async throws -> Value {
        let store = ScriptedStore()
        return try await ScriptedServer.run({ captured in
            let request = Request(captured)
            store.state.withLock { state in
                for name in ["api-key", "authorization", "x-chroma-token"] {
                    if let key = captured.header(name) { state.keys.insert("\(name): \(key)") }
                }
            }
            let found = answer(store, request)
            if found == nil {
                store.state.withLock { $0.refused.append("\(request.method) \(request.path)") }
            }
            var json = JSONWriter()
            json.value(found?.body ?? .object([:]))
            return [.answer(found?.status ?? 400, json.text, ["content-type": "application/json"])]
        }) { server in try await body(store, "http://127.0.0.1:\(server.port)") }
    }

    /// A request, taken apart.
    struct Request: Sendable {
        var method: String
        /// The parts of the path.
        var path: [String]
        var query: [(name: String, value: String)]
        var body: JSONValue

        init(_ captured: ScriptedServer.Captured) {
            let words = captured.head.split(separator: " ", maxSplits: 2)
            method = String(words[0])
            let parts = URLComponents(string: String(words[1]))
            path = (parts?.path ?? "").split(separator: "/").map(String.init)
            query = (parts?.queryItems ?? []).map { ($0.name, $0.value ?? "") }
            body = JSONValue(parsing: captured.body) ?? .null
        }
    }

    /// The ids of the points with the largest products, best first.
    func nearest(_ vector: [Float], _ collection: String, count: Int) -> [String] {
        let points = state.withLock { $0.collections[collection] ?? [:] }
        let products = points.mapValues { point in
            zip(point.vector, vector).reduce(Float(0)) { $0 + $1.0 * $1.1 }
        }
        return Array(
            products.sorted { ($1.value, $0.key.count, $0.key) < ($0.value, $1.key.count, $1.key) }.map(\.key)
                .prefix(count))
    }

    func points(_ collection: String) -> [String: Point]? { state.withLock { $0.collections[collection] } }

    func put(_ points: [String: Point], _ collection: String) {
        state.withLock { $0.collections[collection, default: [:]].merge(points) { $1 } }
    }

    func remove(_ collection: String) -> Bool {
        state.withLock { $0.collections.removeValue(forKey: collection) != nil }
    }
}

extension JSONValue {
    var vector: [Float]? { elements?.compactMap { $0.double.map { Float($0) } } }
    var whole: Int? { if case .integer(let number) = self { Int(number) } else { nil } }
}

// MARK: - Interfaces

extension ScriptedStore {
    /// Qdrant's REST interface (https://api.qdrant.tech/api-reference).
    static let qdrant: @Sendable (ScriptedStore, Request) -> Answer? = { store, request in
        func ok(_ result: JSONValue) -> Answer {
            (200, .object(["status": .string("ok"), "result": result]))
        }
        let path = request.path
        guard path.first == "collections" else { return nil }
        if path.count == 1 {
            let names = store.state.withLock { $0.collections.keys.sorted() }
            return ok(.object(["collections": .array(names.map { .object(["name": .string($0)]) })]))
        }
        let name = path[1]
        switch (request.method, Array(path.dropFirst(2))) {
        case ("PUT", []):
            guard request.body["vectors"]?["size"]?.whole != nil,
                request.body["vectors"]?["distance"]?.text == "Dot"
            else { return nil }
            store.put([:], name)
            return ok(.bool(true))
        case ("GET", []):
            return store.points(name) == nil ? (404, .object([:])) : ok(.object([:]))
        case ("DELETE", []): return ok(.bool(store.remove(name)))
        case ("PUT", ["points"]):
            guard let points = request.body["points"]?.elements, store.points(name) != nil else { return nil }
            for point in points {
                guard let id = point["id"]?.whole, let vector = point["vector"]?.vector,
                    let payload = point["payload"]
                else { return nil }
                store.put([String(id): Point(vector: vector, payload: payload)], name)
            }
            return ok(.object([:]))
        case ("GET", let rest) where rest.count == 2:
            guard let point = store.points(name)?[rest[1]] else { return (404, .object([:])) }
            return ok(.object(["payload": point.payload]))
        case ("POST", ["points"]):
            guard let ids = request.body["ids"]?.elements, request.body["with_payload"]?.elements != nil
            else { return nil }
            let points = store.points(name) ?? [:]
            return ok(
                .array(
                    ids.compactMap { id in
                        points[id.text ?? ""].map { .object(["id": id, "payload": $0.payload]) }
                    }))
        case ("POST", ["points", "count"]):
            return ok(.object(["count": .integer(Int64(store.points(name)?.count ?? 0))]))
        case ("POST", ["points", "query"]):
            guard let vector = request.body["query"]?.vector, let limit = request.body["limit"]?.whole else {
                return nil
            }
            let ids = store.nearest(vector, name, count: limit)
            return ok(.object(["points": .array(ids.map { .object(["id": .integer(Int64($0) ?? -1)]) })]))
        default: return nil
        }
    }

    /// Pinecone's data plane (https://docs.pinecone.io/reference/api).
    static let pinecone: @Sendable (ScriptedStore, Request) -> Answer? = { store, request in
        let namespace =
            request.body["namespace"]?.text ?? request.query.first { $0.name == "namespace" }?.value ?? ""
        switch (request.method, request.path.joined(separator: "/")) {
        case ("POST", "describe_index_stats"):
            let counts = store.state.withLock { $0.collections.mapValues(\.count) }
            return (
                200,
                .object([
                    "dimension": .integer(256),
                    "namespaces": .object(counts.mapValues { .object(["vectorCount": .integer(Int64($0))]) }),
                ])
            )
        case ("POST", "vectors/upsert"):
            guard let vectors = request.body["vectors"]?.elements, vectors.count <= 100 else { return nil }
            for item in vectors {
                // Vectors of zeros, of another length, and metadata over 40 KB are refused.
                guard let id = item["id"]?.text, let vector = item["values"]?.vector, vector.count == 256,
                    vector.contains(where: { $0 != 0 }), let metadata = item["metadata"]
                else { return nil }
                store.put([id: Point(vector: vector, payload: metadata)], namespace)
            }
            return (200, .object(["upsertedCount": .integer(Int64(vectors.count))]))
        case ("POST", "vectors/delete"):
            guard case .bool(true)? = request.body["deleteAll"] else { return nil }
            return store.remove(namespace) ? (200, .object([:])) : (404, .object([:]))
        case ("POST", "query"):
            guard let vector = request.body["vector"]?.vector, let count = request.body["topK"]?.whole else {
                return nil
            }
            let ids = store.nearest(vector, namespace, count: count)
            return (200, .object(["matches": .array(ids.map { .object(["id": .string($0)]) })]))
        case ("GET", "vectors/fetch"):
            let points = store.points(namespace) ?? [:]
            var found: [String: JSONValue] = [:]
            for (name, id) in request.query where name == "ids" {
                if let point = points[id] {
                    found[id] = .object(["id": .string(id), "metadata": point.payload])
                }
            }
            return (200, .object(["vectors": .object(found), "namespace": .string(namespace)]))
        default: return nil
        }
    }

    /// Weaviate's REST interface and GraphQL (https://docs.weaviate.io/weaviate/api).
    static let weaviate: @Sendable (ScriptedStore, Request) -> Answer? = { store, request in
        let path = request.path
        guard path.first == "v1" else { return nil }
        switch (request.method, Array(path.dropFirst())) {
        case ("GET", ["schema"]):
            let names = store.state.withLock { $0.collections.keys.sorted() }
            return (200, .object(["classes": .array(names.map { .object(["class": .string($0)]) })]))
        case ("POST", ["schema"]):
            // Names of classes begin with a capital letter.
            guard let name = request.body["class"]?.text, name.first?.isUppercase == true,
                name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" })
            else { return nil }
            store.put([:], name)
            return (200, request.body)
        case ("GET", let rest) where rest.count == 2 && rest[0] == "schema":
            return store.points(rest[1]) == nil ? (404, .object([:])) : (200, .object([:]))
        case ("DELETE", let rest) where rest.count == 2 && rest[0] == "schema":
            return store.remove(rest[1]) ? (200, .null) : (404, .object([:]))
        case ("POST", ["batch", "objects"]):
            guard let objects = request.body["objects"]?.elements else { return nil }
            for object in objects {
                guard let name = object["class"]?.text, store.points(name) != nil,
                    let id = object["id"]?.text,
                    UUID(uuidString: id) != nil, let vector = object["vector"]?.vector,
                    let properties = object["properties"]
                else { return nil }
                store.put([id: Point(vector: vector, payload: properties)], name)
            }
            return (
                200, .array(objects.map { _ in .object(["result": .object(["status": .string("SUCCESS")])]) })
            )
        case ("GET", let rest) where rest.count == 3 && rest[0] == "objects":
            guard let point = store.points(rest[1])?[rest[2]] else { return (404, .object([:])) }
            return (200, .object(["properties": point.payload]))
        case ("POST", ["graphql"]):
            return request.body["query"]?.text.flatMap { store.graphQL($0) }
        default: return nil
        }
    }

    /// The three queries that there are, by their forms.
    private func graphQL(_ query: String) -> Answer? {
        func data(_ kind: String, _ name: Substring, _ values: [JSONValue]) -> Answer {
            (200, .object(["data": .object([kind: .object([String(name): .array(values)])])]))
        }
        func id(_ text: String) -> JSONValue { .object(["id": .string(text)]) }
        if let found = query.firstMatch(of: #/^\{ Aggregate \{ (\w+) \{ meta \{ count \} \} \} \}$/#) {
            let count = points(String(found.1))?.count ?? 0
            return data("Aggregate", found.1, [.object(["meta": .object(["count": .integer(Int64(count))])])])
        }
        if let found = query.firstMatch(
            of:
                #/^\{ Get \{ (\w+)\(nearVector: \{vector: \[([^\]]+)\]\}, limit: (\d+)\) \{ _additional \{ id \} \} \} \}$/#
        ) {
            let vector = found.2.split(separator: ",").compactMap { Float($0) }
            let ids = nearest(vector, String(found.1), count: Int(found.3) ?? 0)
            return data("Get", found.1, ids.map { .object(["_additional": id($0)]) })
        }
        if let found = query.firstMatch(
            of:
                #/^\{ Get \{ (\w+)\(limit: \d+, where: \{path: \["id"\], operator: ContainsAny, valueText: \[([^\]]+)\]\}\) /#
        ) {
            let all = points(String(found.1)) ?? [:]
            let ids = found.2.split(separator: ",").map { $0.filter { $0 != "\"" } }
            return data(
                "Get", found.1,
                ids.compactMap { key in
                    guard let point = all[key], case .object(var members) = point.payload else { return nil }
                    members["_additional"] = id(key)
                    return .object(members)
                })
        }
        return nil
    }
}
#endif
