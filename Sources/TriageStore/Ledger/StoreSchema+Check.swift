internal import GRDB

extension StoreSchema {
    /// One table, index, trigger or view.
    private struct Part: Hashable {
        let kind: String
        let name: String
    }

    /// Compares the database's tables, indexes, triggers and views with those of this version.
    ///
    /// - Throws: `LedgerError.schema` with the first that differs.
    func check(_ database: Database) throws {
        let model = try DatabaseQueue()
        try migrator.migrate(model)
        let (expected, found) = (try model.read(definitions), try definitions(of: database))
        for (part, definition) in found.sorted(by: { $0.key.name < $1.key.name })
        where expected[part] != definition {
            let change: SchemaChange = expected[part] == nil ? .added : .changed
            throw LedgerError.schema(change, kind: part.kind, name: part.name)
        }
        for part in expected.keys.sorted(by: { $0.name < $1.name }) where found[part] == nil {
            throw LedgerError.schema(.missing, kind: part.kind, name: part.name)
        }
    }

    /// SQLite's own tables, such as those of its statistics, are left out: no other statement can make one with such a name.
    private func definitions(of database: Database) throws -> [Part: String] {
        let rows = try Row.fetchAll(
            database,
            sql: "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite^_%' ESCAPE '^'")
        let parts = rows.map { (Part(kind: $0[0], name: $0[1]), $0[2] as String? ?? "") }
        return Dictionary(parts, uniquingKeysWith: { first, _ in first })
    }
}
