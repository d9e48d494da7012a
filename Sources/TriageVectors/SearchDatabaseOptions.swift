#if Service
internal import Foundation

/// How a vector database is reached.
package struct SearchDatabaseOptions: Sendable {
    /// `postgres://user@host:port/database`, or the kind of server and its address: `chroma+http://host:port`.
    package var url: String
    /// The password of PostgreSQL's user, or another server's API key; read at each use, so that a rotated one takes effect.
    package var secret: @Sendable () -> String? = { nil }
    /// Whether PostgreSQL must prove with a certificate who it is; nil for everywhere but on this machine.
    package var usesTLS: Bool?
    /// A PEM file of authorities to trust instead of the system's.
    package var authorities: String?
    /// The time for one question, until the articles of it are here.
    package var timeout: Duration = .seconds(1)
    package var connectTimeout: Duration = .seconds(1)
    /// Connections to PostgreSQL at a time.
    package var connections = 4

    package init(url: String) { self.url = url }

    /// The schemes of addresses.
    package static let schemes =
        ["postgres", "postgresql"] + ["chroma", "qdrant", "weaviate", "pinecone"].flatMap { ["\($0)+http", "\($0)+https"] }

    /// Whether an address has a form that can be used.
    package static func accepts(_ url: String) -> Bool {
        guard let parts = URLComponents(string: url), let scheme = parts.scheme?.lowercased(),
            schemes.contains(scheme)
        else { return false }
        return scheme.hasPrefix("postgres") ? PostgresAddress(url) != nil : VectorHTTP.Address(url) != nil
    }
}

extension SearchDatabase {
    /// The database of an address; no connection is opened.
    ///
    /// - Throws: `.badSetting` when an option cannot be used.
    package convenience init(
        _ options: SearchDatabaseOptions, onChange: @escaping @Sendable (VectorError?) -> Void = { _ in }
    ) throws(VectorError) {
        self.init(try Self.store(options), onChange: onChange)
    }

    private static func store(_ options: SearchDatabaseOptions) throws(VectorError) -> any VectorStore {
        if let address = PostgresAddress(options.url) {
            let pool = PostgresPool(
                PostgresPool.Options(
                    address: address, password: options.secret,
                    usesTLS: options.usesTLS ?? !address.isLoopback, authorities: options.authorities,
                    connectTime: options.connectTimeout, statementTime: options.timeout,
                    connections: options.connections))
            return PostgresStore(pool, time: options.timeout)
        }
        guard let address = VectorHTTP.Address(options.url) else {
            throw .badSetting(
                name: "search.url",
                problem: "not an address; give one such as postgres://triage@127.0.0.1/kb or chroma+http://127.0.0.1:8000")
        }
        let client = try VectorHTTP(address, options)
        switch address.kind {
        case .chroma: return ChromaStore(client)
        case .qdrant: return QdrantStore(client)
        case .weaviate: return WeaviateStore(client)
        case .pinecone: return PineconeStore(client)
        }
    }
}
#endif
