#if Service
import Testing

@testable import TriageVectors

struct PostgresValueTests {
    @Test func `addresses are taken apart, and those with a password or a query are none`() throws {
        let address = try #require(PostgresAddress("postgres://anna@db.example:6543/articles"))
        #expect(address.host == "db.example" && address.port == 6543)
        #expect(address.user == "anna" && address.database == "articles")
        #expect(!address.isLoopback)
        let short = try #require(PostgresAddress("postgresql://[::1]"))
        #expect(short.host == "::1" && short.user == "triage" && short.database == "triage" && short.isLoopback)
        for url in ["postgres://a:secret@h/b", "postgres://h/b?sslmode=disable", "postgres:///b", "mysql://h/b", "postgres://h/a/b"] {
            #expect(PostgresAddress(url) == nil, "\(url)")
        }
        #expect(SearchDatabaseOptions.accepts("chroma+http://127.0.0.1:8000"))
        #expect(!SearchDatabaseOptions.accepts("http://127.0.0.1:8000"))
    }

    @Test func `values are in network byte order`() {
        #expect(PostgresValue.integers([1, -1]).bytes == [
            0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 23, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0, 1, 0, 0, 0, 4, 255, 255, 255, 255,
        ])
        // IEEE half floats: 1 is 3C00, -2 is C000.
        #expect(PostgresValue.halves([1, -2]).bytes == [0, 2, 0, 0, 0x3C, 0, 0xC0, 0])
        #expect(PostgresValue.integers([]).bytes == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 23])
    }

    @Test func `a failed connection is described without the server's words`() {
        let server = "postgres://triage@db/kb"
        let refused = PostgresConnection.refusal("connection to server at \"db\", port 5432 failed: Connection refused", server)
        #expect(refused == .unreachable(server: server, reason: "connection refused"))
        let password = PostgresConnection.refusal("FATAL:  password authentication failed for user \"triage\"", server)
        #expect(password == .notAdmitted(server: server, reason: "wrong password or user"))
        #expect(PostgresConnection.refusal("FATAL:  too many connections for role", server) == .full(state: "53300"))
        #expect(!PostgresConnection.refusal("secret words", server).description.contains("secret"))
    }

    @Test func `pages cut and join a file`() {
        #expect(PagedFile.pages(0..<0).isEmpty)
        #expect(PagedFile.pages(PagedFile.pageSize - 1..<PagedFile.pageSize + 1) == 0..<2)
        #expect(PagedFile.pages(PagedFile.pageSize..<PagedFile.pageSize + 1) == 1..<2)
        let first = [UInt8](repeating: 1, count: PagedFile.pageSize)
        let entries = ["postings/0": first, "postings/1": [2, 3]]
        let file = PagedFile.postings
        #expect(file.bytes(PagedFile.pageSize - 1..<PagedFile.pageSize + 2, in: entries) == [1, 2, 3])
        #expect(file.bytes(PagedFile.pageSize..<PagedFile.pageSize + 3, in: entries) == nil)
    }
}
#endif
