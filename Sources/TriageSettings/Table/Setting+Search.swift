internal import Configuration
internal import TriageVectors

extension Setting {
    /// How a vector database is reached: flags of the service and of commands that search.
    package static let search: [Setting] =
        [
            Setting(
                "search.url", \.search.url,
                "A vector database with the knowledge base, which triage kb push writes: postgres://user@host:port/database "
                    + "for PostgreSQL with pgvector, chroma+http://host:port for Chroma; also qdrant+, weaviate+ and "
                    + "pinecone+https://. Without it articles are searched on this machine and no connection is opened.",
                expected:
                    "an address as postgres://user@host/database or chroma+http://host:8000, without a password and a query",
                accepts: { $0.map(SearchDatabaseOptions.accepts) ?? true })
        ]
        + secret(
            "search.password", \.search.password,
            "The password of the user in search.url, or the API key of a server that is not PostgreSQL.")
        + [
            Setting(
                "search.tls", \.search.tls,
                "verify: PostgreSQL must use TLS and prove who it is; off: no TLS. Without it verify for other machines, and off "
                    + "for this one."),
            Setting(
                "search.ca", \.search.ca,
                "A PEM file of certificate authorities to trust for the database, instead of the system's."),
            Setting(
                "search.timeout", \.search.timeout, in: .milliseconds(1)...Duration.seconds(600),
                "The time for one request to the database; after it a decision is made without its articles."),
            Setting(
                "search.connections", \.search.connections, in: 1...256,
                "The most connections to PostgreSQL at a time."),
        ]
}
