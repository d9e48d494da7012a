#if Service
import ServerTestSupport
import Synchronization
import Testing
import TriageText

@testable import TriageSearch
@testable import TriageVectors

/// Servers that are not tried live: their requests have the published interfaces' forms, and what is pushed is found.
struct ContractTests {
    @Test(arguments: ["qdrant", "weaviate", "pinecone"])
    func `what is pushed is found as the exact search finds it`(kind: String) async throws {
        let interface = [
            "qdrant": ScriptedStore.qdrant, "weaviate": ScriptedStore.weaviate,
            "pinecone": ScriptedStore.pinecone,
        ]
        let scratch = try Scratch()
        let index = SearchIndex(SampleArticles.make(150), embedding: SampleArticles.matrix, calibration: nil)
        try await ScriptedStore.run(try #require(interface[kind])) { store, address in
            var options = SearchDatabaseOptions(url: "\(kind)+\(address)")
            options.secret = { "a key" }
            options.timeout = .seconds(20)
            let database = try SearchDatabase(options)
            let upload = try SampleArticles.upload(index, scratch)
            let done = try await database.push(upload)
            #expect(!done.wasThere && done.articles == 150)
            #expect(try await database.push(upload).wasThere)
            #expect(try await database.differences(from: upload).isEmpty)
            #expect(try await database.status().versions == [upload.version])
            let opened = await database.open(embedding: SampleArticles.matrix, preparation: TextPreparation())
            for question in SampleArticles.questions(12) {
                let text = TextPreparation().prepare(question)
                let found = await opened.fetch(text, count: 3)
                #expect(found.outage == nil)
                let (other, exact) = (found.search(text, count: 3), index.search(text, count: 3))
                #expect(SampleArticles.areSame(other, exact), "\(other.hits) \(exact.hits)")
            }
            // Another knowledge base takes its place, and the one before the last is removed.
            let other = SearchIndex(
                SampleArticles.make(40), embedding: SampleArticles.matrix, calibration: nil)
            let second = try await database.push(try SampleArticles.upload(other, scratch))
            #expect(try await database.status().version == second.version)
            let third = SearchIndex(
                SampleArticles.make(30), embedding: SampleArticles.matrix, calibration: nil)
            #expect(
                try await database.push(try SampleArticles.upload(third, scratch)).removed == [upload.version]
            )
            let key = kind == "weaviate" ? "authorization: Bearer a key" : "api-key: a key"
            #expect(store.state.withLock { $0.keys } == [key])
            #expect(store.refused == [])
            await database.close()
        }
    }

    @Test func `answers that are errors, slow or no JSON are outages`() async throws {
        let acts: [(String, [ScriptedServer.Act])] = [
            ("not_admitted", [.answer(401, "{}")]), ("full", [.answer(429, "{}")]),
            ("unreachable", [.answer(503, "{}")]), ("rejected", [.answer(500, "a ticket's secret")]),
            ("bad_answer", [.answer(200, "<html>")]), ("timeout", [.hang]), ("unreachable", [.close]),
        ]
        for (code, act) in acts {
            try await ScriptedServer.run({ _ in act }) { server in
                var options = SearchDatabaseOptions(url: "qdrant+http://127.0.0.1:\(server.port)")
                options.timeout = .milliseconds(300)
                let database = try SearchDatabase(options)
                let opened = await database.open(embedding: nil, preparation: TextPreparation())
                #expect(opened.failure?.code == code)
                #expect(opened.failure?.description.contains("secret") == false)
                await database.close()
            }
        }
        let dead = try await ScriptedServer.deadPort()
        let database = try SearchDatabase(SearchDatabaseOptions(url: "chroma+http://127.0.0.1:\(dead)"))
        let opened = await database.open(embedding: nil, preparation: TextPreparation())
        #expect(opened.failure?.code == "unreachable")
        await database.close()
    }
}
#endif
