import Foundation
import Testing
import TriageData
import TriageModel
import TriageNumerics
import TriageTickets

@testable import TriageSearch

/// Indexes on disk, compared with the exact scan in memory.
struct StoredIndexTests {
    private static let matrix: EmbeddingTable? = {
        let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().path
        return try? EmbeddingTable(directory: "\(project)/models/embeddings/minilm-256")
    }()

    private static func newFolder() -> String { NSTemporaryDirectory() + UUID().uuidString }

    /// Articles of words of different frequency, some of them copies, some with codes.
    private static func articles(_ count: Int, seed: UInt64 = 1) -> [Article] {
        var random = SplitMix64(seed: seed)
        func words(_ count: Int) -> String {
            (0..<count).map { _ in word(&random) }.joined(separator: " ")
        }
        var articles: [Article] = []
        for number in 0..<count {
            if number % 50 == 49, let former = articles.last {
                var copy = former
                copy.id = "KB-\(number)"
                copy.title += " old"
                articles.append(copy)
                continue
            }
            let code = number % 7 == 0 ? " viewer \(1 + number % 9).\(number % 13)" : ""
            articles.append(
                Article(
                    id: "KB-\(number)", title: words(4) + code, symptoms: [words(6), words(5)],
                    recommendedAction: words(8), tags: [words(1)], body: words(30)))
        }
        return articles
    }

    /// Word number n is drawn about n times less often than word number 1.
    private static func word(_ random: inout SplitMix64) -> String {
        let share = Double(random.next() >> 11) / Double(1 << 53)
        let number = Int(exp(share * log(3_000)))
        let syllables = ["ba", "ne", "ri", "to", "lu", "ska", "mon", "der", "fi", "gra"]
        return [number % 10, number / 10 % 10, number / 100 % 10, number / 1_000].map { syllables[$0] }
            .joined()
    }

    private static func questions(_ count: Int) -> [String] {
        var random = SplitMix64(seed: 7)
        let codes = ["viewer 4.3", "viewer 2", "error 0x80070005"]
        return (0..<count).map { number in
            let length = [1, 3, 12, 60][number % 4]
            let text = (0..<length).map { _ in word(&random) }.joined(separator: " ")
            return number % 3 == 0 ? "\(text) \(codes[number / 3 % 3])" : text
        } + ["", "?", "hello", "qqqqqq wwwwww", "My printer does not print."]
    }

    private func stored(
        _ articles: [Article], _ matrix: EmbeddingTable?, _ folder: String
    ) throws -> StoredIndex {
        try AtomicOutput.makeFolders(folder)
        let shape = try StoredIndexWriter.write(articles, embedding: matrix, folder: folder) { _, _ in }
        return try StoredIndex(folder: folder, shape, embedding: matrix)
    }

    @Test(arguments: [true, false])
    func `an index on disk finds what an exact scan finds`(_ hasMatrix: Bool) throws {
        let articles = Self.articles(3_000)
        let matrix = hasMatrix ? try #require(Self.matrix) : nil
        let folder = Self.newFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let ranking = try stored(articles, matrix, folder)
        let (exact, mapped) = (
            SearchIndex(articles, embedding: matrix, calibration: nil),
            SearchIndex(ranking, calibration: .uncalibrated)
        )
        for text in Self.questions(200) {
            let (one, other) = (
                exact.search(Ticket(body: text), count: 5), mapped.search(Ticket(body: text), count: 5)
            )
            #expect(one.hits.map(\.article) == other.hits.map(\.article), "\(text)")
            #expect(zip(one.hits, other.hits).allSatisfy { abs($0.score - $1.score) <= 2e-6 })
            #expect(abs(one.knownProbability - other.knownProbability) <= 2e-6)
        }
    }

    @Test func `an index on disk has the articles and the groups of copies`() throws {
        let articles = Self.articles(300)
        let folder = Self.newFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let ranking = try stored(articles, nil, folder)
        let exact = ArticleRanking(articles, embedding: nil)
        #expect((0..<300).map(ranking.article) == articles)
        #expect(ranking.largestGroup == exact.largestGroup && exact.largestGroup > 1)
        #expect(ranking.areSame(48, 49) && !ranking.areSame(47, 49))
        #expect(ranking.number(ofArticle: "KB-123") == 123 && ranking.number(ofArticle: "KB-x") == nil)
        #expect(ranking.numbers(after: "KB-97", count: 5).map { articles[$0].id } == ["KB-98", "KB-99"])
    }

    @Test func `another text of an article is found before it is saved`() throws {
        let articles = Self.articles(200)
        let folder = Self.newFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let matrix = try #require(Self.matrix)
        let index = SearchIndex(try stored(articles, matrix, folder), calibration: .uncalibrated)
        var edited = articles[20]
        (edited.title, edited.symptoms) = ("Badge reader at the door", ["the badge does not open the door"])
        let question = Ticket(body: "My badge does not open the door")
        #expect(index.search(question, count: 3).hits.first?.article != 20)
        let changed = index.replacing(edited)
        let found = changed.search(question, count: 3)
        #expect(found.hits.first?.article == 20 && changed.article(of: found.hits[0]).title == edited.title)
        let same = index.replacing(articles[20])
        for text in Self.questions(20) {
            let (one, other) = (
                index.search(Ticket(body: text), count: 3), same.search(Ticket(body: text), count: 3)
            )
            #expect(one == other, "\(text)")
        }
    }

    @Test func `a fit on an index on disk is nearly that on articles in memory`() throws {
        let articles = Self.articles(400)
        let matrix = try #require(Self.matrix)
        let folder = Self.newFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let items = HeldOutText.all(of: articles)
        let one = ArticleRanking(articles, embedding: matrix).fitOnArticles(items)
        let other = try stored(articles, matrix, folder).fitOnArticles(items)
        #expect(one.pairs == other.pairs && one.isFittedOnArticles)
        #expect(zip(one.weights, other.weights).allSatisfy { abs($0 - $1) <= 2e-3 })
    }

    @Test func `a large knowledge base is indexed once, and again when it changes`() throws {
        let folder = Self.newFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try AtomicOutput.makeFolders("\(folder)/kb")
        var articles = Self.articles(60)
        func write() throws {
            let rows = articles.map { article in
                var json = JSONWriter()
                article.write(to: &json)
                return String(decoding: json.bytes, as: UTF8.self)
            }
            let list = Array("[\(rows.joined(separator: ","))]".utf8)
            try AtomicOutput.write(list, to: "\(folder)/kb/kb.json")
        }
        func source() throws -> ArticleSource {
            try ArticleSource(
                path: "\(folder)/kb", embedding: nil, state: "\(folder)/state", by: .none, minimum: 50)
        }
        try write()
        var builds = 0
        let first = try ArticleSource(
            path: "\(folder)/kb", embedding: nil, state: "\(folder)/state", by: .none, minimum: 50,
            progress: { done, _ in builds = done })
        #expect(builds == 60 && first.ranking is StoredIndex)
        let second = try ArticleSource(
            path: "\(folder)/kb", embedding: nil, state: "\(folder)/state", by: .none, minimum: 50,
            progress: { _, _ in Issue.record("indexed again") })
        #expect(second.contents == first.contents && second.manifest?.folder == first.manifest?.folder)
        articles[7].title = "Another title"
        try write()
        let third = try source()
        #expect(third.ranking.article(7).title == "Another title" && third.contents != first.contents)
        #expect(first.ranking.article(7).title != "Another title")
    }

    @Test
    func `an index is found by every spelling of its path, and what interrupted builds left is removed`()
        throws
    {
        let folder = Self.newFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try AtomicOutput.makeFolders("\(folder)/kb")
        let rows = Self.articles(60).map {
            #"{"id":"\#($0.id)","title":"\#($0.title)","text":"\#($0.body)"}"#
        }
        try AtomicOutput.write(Array(rows.joined(separator: "\n").utf8), to: "\(folder)/kb/corpus.jsonl")
        func source(_ path: String, checks: Bool = false) throws -> (made: Bool, folder: String?) {
            var made = false
            let source = try ArticleSource(
                path: path, embedding: nil, state: "\(folder)/state", by: .none, minimum: 50,
                checksIndex: checks,
                progress: { _, _ in made = true })
            return (made, (source.ranking as? StoredIndex)?.folder)
        }
        let first = try source("\(folder)/kb")
        #expect(first.made)
        try FileManager.default.createSymbolicLink(atPath: "\(folder)/link", withDestinationPath: "kb")
        for path in ["\(folder)/kb/", "\(folder)/./kb", "\(folder)/link"] {
            let again = try source(path)
            #expect(!again.made && again.folder == first.folder, "\(path)")
        }
        let left = AtomicOutput.parent(of: try #require(first.folder)) + "/left-1"
        try AtomicOutput.makeFolders(left)
        try AtomicOutput.write([1], to: "\(left)/\(StoredIndex.recordFile)")
        // Damage that keeps the size is found when the hashes are compared.
        let articles = "\(try #require(first.folder))/\(StoredIndex.articleFile)"
        let size = try #require(FileInput.size(of: articles))
        try AtomicOutput.write([UInt8](repeating: 0, count: size), to: articles)
        #expect(try !source("\(folder)/kb").made)
        #expect(try source("\(folder)/kb", checks: true).made)
        #expect(!FileInput.exists(left))
        #expect(try !source("\(folder)/kb", checks: true).made)
    }

    @Test func `no bytes of an index's files end the program`() throws {
        let articles = Self.articles(80)
        let folder = Self.newFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let ranking = try stored(articles, try #require(Self.matrix), folder)
        let shape = StoredShape(
            articles: 80, terms: ranking.statistics.termCount, meanLength: ranking.statistics.meanLength,
            largestGroup: 2)
        var random = SplitMix64(seed: 5)
        for file in [StoredIndex.tensorFile, StoredIndex.recordFile, StoredIndex.articleFile] {
            let path = "\(folder)/\(file)"
            let bytes = try FileInput.bytes(of: path)
            for _ in 0..<8 {
                var damaged = bytes
                let start = file == StoredIndex.tensorFile ? 2_048 : 0
                for _ in 0..<(bytes.count / 10) {
                    damaged[start + Int(random.next() % UInt64(bytes.count - start))] = UInt8(
                        truncatingIfNeeded: random.next())
                }
                try AtomicOutput.write(damaged, to: path)
                guard let index = try? StoredIndex(folder: folder, shape, embedding: Self.matrix) else {
                    continue
                }
                let search = SearchIndex(index, calibration: .uncalibrated)
                for text in Self.questions(20) {
                    for hit in search.search(Ticket(body: text), count: 3).hits {
                        _ = search.article(of: hit)
                    }
                }
                _ = search.article(id: "KB-7")
                _ = search.articles(after: "KB-20", count: 10)
            }
            try AtomicOutput.write(bytes, to: path)
        }
    }

    @Test func `a damaged index is made again, and damaged records are skipped`() throws {
        let articles = Self.articles(80)
        let folder = Self.newFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let ranking = try stored(articles, nil, folder)
        let path = "\(folder)/\(StoredIndex.recordFile)"
        var bytes = try FileInput.bytes(of: path)
        for place in 0..<24 { bytes[place] = 0xFF }
        try AtomicOutput.write(bytes, to: path)
        let shape = StoredShape(
            articles: 80, terms: ranking.statistics.termCount, meanLength: ranking.statistics.meanLength,
            largestGroup: 2)
        let damaged = SearchIndex(
            try StoredIndex(folder: folder, shape, embedding: nil), calibration: .uncalibrated)
        let found = damaged.search(Ticket(body: articles[0].title + " " + articles[1].title), count: 3)
        #expect(!found.hits.contains { $0.article == 0 } && found.hits.first?.article == 1)
        try AtomicOutput.write(Array(bytes.dropLast()), to: path)
        #expect(throws: ModelError.self) { try StoredIndex(folder: folder, shape, embedding: nil) }
    }

    @Test func `bounds are never below scores`() {
        var random = SplitMix64(seed: 3)
        func vector() -> [Float] {
            var vector = (0..<256).map { _ in Float(random.next() % 2_001) / 1_000 - 1 }
            _ = DenseKernels.normalize(&vector)
            return vector
        }
        let vectors = (0..<500).map { _ in vector() }
        let rows = vectors.map(BoundKernels.bytes)
        let stored = BoundKernels.Rows(
            bytes: ConstantBuffer(rows.flatMap(\.bytes)), scales: ConstantBuffer(rows.map(\.scale)),
            errors: ConstantBuffer(rows.map(\.error)), columns: 256)
        var sums = [UInt16](repeating: 0, count: 1 << 16)
        for place in 0..<500 { sums[place] = UInt16(place) }
        let question = vector()
        var bounds = [Float](repeating: 0, count: 500)
        BoundKernels.bounds(
            of: stored, 0..<500, with: BoundKernels.Vector(question), weight: 2, sums: sums, unit: 0.001,
            into: &bounds)
        for (place, row) in vectors.enumerated() {
            let score = 0.001 * Float(place) + 2 * DenseKernels.dot(row, question)
            #expect(bounds[place] >= min(score, 0.5 * score))
            #expect(bounds[place] <= max(score, 0.5 * score) + 0.05)
        }
    }
}
