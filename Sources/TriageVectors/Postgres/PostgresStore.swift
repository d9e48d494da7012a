#if Service
/// A knowledge base in PostgreSQL with pgvector: a schema for each version, and a row that names the current one.
struct PostgresStore: VectorStore {
    private let pool: PostgresPool
    /// The time for one question.
    private let time: Duration

    /// The time for one batch of a version that is written.
    private static let writingTime = Duration.seconds(120)
    /// Building the index over a million vectors takes minutes.
    private static let buildingTime = Duration.seconds(4 * 3600)

    init(_ pool: PostgresPool, time: Duration) { (self.pool, self.time) = (pool, time) }

    var server: String { pool.server }

    /// A version's schema: versions are hexadecimal, so that a name needs no quotes.
    private static func schema(_ version: String) -> String { "triage_kb_\(version)" }

    // MARK: - Versions

    func current() async throws(VectorError) -> String? {
        try await pool.run(within: time) { connection, limit throws(VectorError) in
            // A database that nothing was written to has no such table.
            let table = try connection.run("SELECT to_regclass('triage_kb.current')::text", [], limit)
            guard table.text(0, 0) != nil else { return nil }
            return try connection.run("SELECT version FROM triage_kb.current", [], limit).text(0, 0)
        }
    }

    func versions() async throws(VectorError) -> [String] {
        try await pool.run(within: time) { connection, limit throws(VectorError) in
            let rows = try connection.run(
                "SELECT nspname::text FROM pg_namespace WHERE nspname LIKE 'triage\\_kb\\_%' ORDER BY 1", [],
                limit)
            return (0..<rows.count).compactMap { rows.text($0, 0).map { String($0.dropFirst(10)) } }
        }
    }

    func point(to version: String) async throws(VectorError) {
        try await write { connection, limit throws(VectorError) in
            try connection.run("CREATE SCHEMA IF NOT EXISTS triage_kb", [], limit)
            try connection.run(
                """
                CREATE TABLE IF NOT EXISTS triage_kb.current (
                    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only), version text NOT NULL,
                    since timestamptz NOT NULL DEFAULT now())
                """, [], limit)
            try connection.run(
                """
                INSERT INTO triage_kb.current (version) VALUES ($1)
                ON CONFLICT (is_only) DO UPDATE SET version = excluded.version, since = now()
                """, [.text(version)], limit)
        }
    }

    func create(_ version: String, dimension: Int) async throws(VectorError) {
        let schema = PostgresStore.schema(version)
        try await write { connection, limit throws(VectorError) in
            let found = try connection.run("SELECT 1 FROM pg_extension WHERE extname = 'vector'", [], limit)
            if dimension > 0, found.count == 0 {
                try connection.run("CREATE EXTENSION IF NOT EXISTS vector", [], limit)
            }
            try connection.run("DROP SCHEMA IF EXISTS \(schema) CASCADE", [], limit)
            try connection.run("CREATE SCHEMA \(schema)", [], limit)
            // What is packed already must not be packed again on each reading.
            try connection.run(
                """
                CREATE TABLE \(schema).articles (
                    number integer PRIMARY KEY, id text NOT NULL, article json NOT NULL,
                    record bytea NOT NULL\(dimension > 0 ? ", embedding halfvec(\(dimension))" : ""))
                WITH (toast_tuple_target = 8160)
                """, [], limit)
            // Records and pages stay in their rows, where one access reads them.
            try connection.run(
                """
                CREATE TABLE \(schema).entries (key text PRIMARY KEY, bytes bytea NOT NULL)
                WITH (toast_tuple_target = 8160)
                """, [], limit)
            for column in ["articles ALTER COLUMN record", "entries ALTER COLUMN bytes"] {
                try connection.run("ALTER TABLE \(schema).\(column) SET STORAGE EXTERNAL", [], limit)
            }
        }
    }

    func remove(_ version: String) async throws(VectorError) {
        try await write { connection, limit throws(VectorError) in
            try connection.run("DROP SCHEMA IF EXISTS \(Self.schema(version)) CASCADE", [], limit)
        }
    }

    /// Runs the statements of a change, all or none of them.
    private func write(
        _ work: @escaping @Sendable (PostgresConnection, PostgresPool.Limit) throws(VectorError) -> Void
    ) async throws(VectorError) {
        try await pool.run(within: Self.writingTime) { connection, limit throws(VectorError) in
            try connection.run("SET statement_timeout = 0", [], limit)
            try connection.run("BEGIN", [], limit)
            do throws(VectorError) { try work(connection, limit) } catch {
                if !connection.isBroken { _ = try? connection.run("ROLLBACK", [], limit) }
                throw error
            }
            try connection.run("COMMIT", [], limit)
        }
    }

    // MARK: - Writing

    func write(_ articles: [StoredArticle], to version: String) async throws(VectorError) {
        let hasVectors = articles.contains { !$0.vector.isEmpty }
        let columns = "number, id, article, record" + (hasVectors ? ", embedding" : "")
        try await copy("\(Self.schema(version)).articles (\(columns))", articles) { article, row in
            row.begin(columns: hasVectors ? 5 : 4)
            row.add(PostgresBytes.integer(Int32(article.number)))
            row.add(Array(article.id.utf8))
            row.add(article.json)
            row.add(article.record)
            if hasVectors { row.add(PostgresBytes.halves(article.vector)) }
        }
    }

    func write(_ entries: [StoredEntry], to version: String) async throws(VectorError) {
        try await copy("\(Self.schema(version)).entries (key, bytes)", entries) { entry, row in
            row.begin(columns: 2)
            row.add(Array(entry.key.utf8))
            row.add(entry.bytes)
        }
    }

    private func copy<Element: Sendable>(
        _ table: String, _ elements: [Element],
        _ write: @escaping @Sendable (Element, inout PostgresCopyRow) -> Void
    ) async throws(VectorError) {
        try await pool.run(within: Self.writingTime) { connection, limit throws(VectorError) in
            try connection.run("SET statement_timeout = 0", [], limit)
            var rest = elements[...]
            var isBegun = false
            var isEnded = false
            try connection.copy("COPY \(table) FROM STDIN (FORMAT binary)", limit) {
                var row = PostgresCopyRow()
                if !isBegun { row.beginFile() }
                isBegun = true
                // A piece of about 256 KB at a time.
                while row.bytes.count < 1 << 18, let element = rest.popFirst() { write(element, &row) }
                if rest.isEmpty, !isEnded {
                    row.endFile()
                    isEnded = true
                }
                return row.bytes.isEmpty ? nil : row.bytes
            }
        }
    }

    /// An HNSW index (Malkov and Yashunin, 2016) over the vectors, and fresh statistics for the planner.
    func optimise(_ version: String) async throws(VectorError) {
        let schema = Self.schema(version)
        try await pool.run(within: Self.buildingTime) { connection, limit throws(VectorError) in
            try connection.run("SET statement_timeout = 0", [], limit)
            let found = try connection.run(
                """
                SELECT 1 FROM information_schema.columns
                WHERE table_schema = $1 AND table_name = 'articles' AND column_name = 'embedding'
                """, [.text(schema)], limit)
            if found.count > 0 {
                // Without room for the graph the build is many times slower.
                try connection.run("SET maintenance_work_mem = '2GB'", [], limit)
                let statement = """
                    CREATE INDEX IF NOT EXISTS nearest ON \(schema).articles
                    USING hnsw (embedding halfvec_ip_ops) WITH (m = 16, ef_construction = 128)
                    """
                do throws(VectorError) {
                    try connection.run(statement, [], limit)
                } catch .full {
                    // Workers share their memory, of which containers often have 64 MB: one process needs none of it.
                    try connection.run("SET max_parallel_maintenance_workers = 0", [], limit)
                    try connection.run(statement, [], limit)
                    try connection.run("RESET max_parallel_maintenance_workers", [], limit)
                }
                try connection.run("RESET maintenance_work_mem", [], limit)
            }
            try connection.run("ANALYZE \(schema).articles", [], limit)
            try connection.run("ANALYZE \(schema).entries", [], limit)
        }
    }

    // MARK: - Reading

    func count(in version: String) async throws(VectorError) -> Int {
        try await pool.run(within: Self.writingTime) { connection, limit throws(VectorError) in
            try connection.run("SELECT count(*) FROM \(Self.schema(version)).articles", [], limit).integer(
                0, 0) ?? 0
        }
    }

    func nearest(_ vector: [Float], count: Int, in version: String) async throws(VectorError) -> [Int] {
        try await pool.run(within: time) { connection, limit throws(VectorError) in
            let rows = try connection.run(
                """
                SELECT number FROM \(Self.schema(version)).articles ORDER BY embedding <#> $1::halfvec LIMIT $2
                """, [.halves(vector), .integer(count)], limit)
            return (0..<rows.count).compactMap { rows.integer($0, 0) }
        }
    }

    func records(of numbers: [Int], in version: String) async throws(VectorError) -> [Int: [UInt8]] {
        try await column("record", of: numbers, in: version)
    }

    func articles(of numbers: [Int], in version: String) async throws(VectorError) -> [Int: [UInt8]] {
        try await column("article", of: numbers, in: version)
    }

    private func column(
        _ name: String, of numbers: [Int], in version: String
    ) async throws(VectorError) -> [Int: [UInt8]] {
        try await pool.run(within: time) { connection, limit throws(VectorError) in
            let rows = try connection.run(
                "SELECT number, \(name) FROM \(Self.schema(version)).articles WHERE number = ANY($1)",
                [.integers(numbers)], limit)
            return Dictionary(
                (0..<rows.count).compactMap { row in
                    rows.integer(row, 0).map { ($0, rows.bytes(row, 1) ?? []) }
                }, uniquingKeysWith: { $1 })
        }
    }

    func entries(of keys: [String], in version: String) async throws(VectorError) -> [String: [UInt8]] {
        try await pool.run(within: time) { connection, limit throws(VectorError) in
            let rows = try connection.run(
                "SELECT key, bytes FROM \(Self.schema(version)).entries WHERE key = ANY($1)", [.texts(keys)],
                limit)
            return Dictionary(
                (0..<rows.count).compactMap { row in
                    rows.text(row, 0).map { ($0, rows.bytes(row, 1) ?? []) }
                }, uniquingKeysWith: { $1 })
        }
    }

    func close() async { pool.close() }
}

/// Rows of PostgreSQL's binary COPY.
struct PostgresCopyRow {
    private(set) var bytes: [UInt8] = []

    mutating func beginFile() {
        bytes += Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0x00]
        bytes += [UInt8](repeating: 0, count: 8)
    }

    mutating func endFile() { bytes += PostgresBytes.integer(Int16(-1)) }

    mutating func begin(columns: Int16) { bytes += PostgresBytes.integer(columns) }

    mutating func add(_ value: [UInt8]) {
        bytes += PostgresBytes.integer(Int32(value.count))
        bytes += value
    }
}
#endif
