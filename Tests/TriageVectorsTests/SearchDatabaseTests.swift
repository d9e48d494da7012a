#if Service
import Foundation
import ServerTestSupport
import Synchronization
import Testing
import TriageText
import TriageTickets

@testable import TriageSearch
@testable import TriageVectors

struct SearchDatabaseTests {
    private let scratch: Scratch
    private let store = MemoryStore()
    private let index = SearchIndex(
        SampleArticles.make(400), embedding: SampleArticles.matrix, calibration: nil)

    init() throws { scratch = try Scratch() }

    private func upload(_ index: SearchIndex? = nil) throws -> CorpusUpload {
        try SampleArticles.upload(index ?? self.index, scratch)
    }

    private func open(_ database: SearchDatabase, local: (any ArticleSearch)? = nil) async -> DatabaseArticles
    {
        await database.open(embedding: SampleArticles.matrix, preparation: TextPreparation(), local: local)
    }

    @Test func `a database ranks its candidates as the exact search does`() async throws {
        let database = SearchDatabase(store)
        let done = try await database.push(upload())
        #expect(done.articles == 400)
        let remote = await open(database)
        #expect(remote.failure == nil && remote.count == 400)
        var found = 0
        for question in SampleArticles.questions(60) {
            let text = TextPreparation().prepare(question)
            let exact = index.search(text, count: 5)
            let fetched = await remote.fetch(text, count: 5)
            let other = fetched.search(text, count: 5)
            #expect(fetched.outage == nil)
            #expect(SampleArticles.areSame(other, exact), "\(other.hits) \(exact.hits)")
            #expect(other.hits.map { fetched.article(of: $0) } == exact.hits.map { index.article(of: $0) })
            found += exact.hits.count
        }
        #expect(found > 250)
    }

    @Test func `a push that is there already writes nothing and one of other articles switches`() async throws
    {
        let database = SearchDatabase(store)
        let first = try await database.push(upload())
        #expect(!first.wasThere)
        #expect(try await database.push(upload()).wasThere)
        let other = SearchIndex(
            Array(SampleArticles.make(300)), embedding: SampleArticles.matrix, calibration: nil)
        let opened = await open(database)
        #expect(await !database.hasMoved())
        let second = try await database.push(upload(other))
        #expect(second.version != first.version && second.removed.isEmpty)
        #expect(await database.hasMoved())
        // A reader of the version before finishes with it.
        let text = TextPreparation().prepare(Ticket(body: SampleArticles.word(17)))
        #expect(await opened.fetch(text, count: 3).count == 400)
        #expect(await open(database).count == 300)
        // The one before the last is removed by the next.
        let third = SearchIndex(
            Array(SampleArticles.make(200)), embedding: SampleArticles.matrix, calibration: nil)
        #expect(try await database.push(upload(third)).removed == [first.version])
    }

    @Test func `a version that is not whole is written again, and what differs is found`() async throws {
        let database = SearchDatabase(store)
        let upload = try upload()
        let version = try await database.push(upload).version
        #expect(try await database.differences(from: upload).isEmpty)
        store.state.withLock { state in
            state.versions[version]?.articles[7]?.record[20] ^= 1
            state.versions[version]?.entries["postings/0"]?[5] ^= 1
        }
        #expect(try await database.differences(from: upload).count == 2)
        store.state.withLock { _ = $0.versions[version]?.entries.removeValue(forKey: "head") }
        #expect(await open(database).failure == .damaged(what: "its description"))
        #expect(try await !database.push(upload).wasThere)
        #expect(try await database.differences(from: upload).isEmpty)
    }

    @Test func `without an answer the articles of this machine are searched, or none`() async throws {
        let database = SearchDatabase(store)
        try await database.push(upload())
        let (alone, backed) = (await open(database), await open(database, local: index))
        store.fail(.timedOut(milliseconds: 5))
        let text = TextPreparation().prepare(
            Ticket(body: SampleArticles.word(3) + " " + SampleArticles.word(4)))
        let none = await alone.fetch(text, count: 3)
        #expect(none.outage == SearchOutage(reason: "timeout", usesLocal: false))
        #expect(none.search(text, count: 3).hits.isEmpty && !none.search(text, count: 3).isKnown)
        let local = await backed.fetch(text, count: 3)
        #expect(local.outage == SearchOutage(reason: "timeout", usesLocal: true))
        #expect(local.search(text, count: 3) == index.search(text, count: 3))
        // After three failures nothing is asked.
        _ = await alone.fetch(text, count: 3)
        let asked = store.state.withLock { $0.asked }
        #expect(await alone.fetch(text, count: 3).outage?.reason == "breaker_open")
        #expect(store.state.withLock { $0.asked } == asked)
    }

    @Test func `articles of another matrix or of none are not searched`() async throws {
        let words = SearchIndex(SampleArticles.make(50), embedding: nil, calibration: nil)
        let database = SearchDatabase(store)
        #expect(await open(database).failure == .empty)
        try await database.push(upload(words))
        let failure = await open(database).failure
        guard case .otherMatrix("none", _)? = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        let opened = await database.open(embedding: nil, preparation: TextPreparation())
        #expect(opened.failure == nil)
        let text = TextPreparation().prepare(
            Ticket(body: SampleArticles.word(3) + " " + SampleArticles.word(4)))
        #expect(await opened.fetch(text, count: 3).search(text, count: 3) == words.search(text, count: 3))
    }

    @Test func `a version that could not be opened is tried again when the server answers`() async throws {
        let database = SearchDatabase(store)
        try await database.push(upload())
        store.fail(.full(state: "53300"))
        #expect(await open(database).failure == .full(state: "53300"))
        store.fail(nil)
        #expect(await database.hasMoved())
        #expect(await open(database).failure == nil)
        #expect(await !database.hasMoved())
    }

    @Test func `a change of the server is reported once each way`() async throws {
        let changes = Mutex<[String]>([])
        let database = SearchDatabase(store) { error in changes.withLock { $0.append(error?.code ?? "up") } }
        try await database.push(upload())
        _ = await open(database)
        store.fail(.unreachable(server: "memory", reason: "test"))
        for _ in 0..<2 { _ = await database.hasMoved() }
        store.fail(nil)
        for _ in 0..<2 { _ = await database.hasMoved() }
        #expect(changes.withLock { $0 } == ["up", "unreachable", "up"])
    }
}
#endif
