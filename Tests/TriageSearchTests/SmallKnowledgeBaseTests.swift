import Foundation
import Testing
import TriageModel
import TriageTickets

@testable import TriageSearch

/// KBs of ten short articles without questions, as the original agent had them.
struct SmallKnowledgeBaseTests {
    private static let matrix: EmbeddingTable? = {
        let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().path
        return try? EmbeddingTable(directory: "\(project)/models/embeddings/minilm-256")
    }()

    private func calibration(_ articles: [Article], _ matrix: EmbeddingTable? = matrix) -> SearchCalibration {
        ArticleRanking(articles, embedding: matrix).fitOnArticles()
    }

    /// How many questions are known or new as they should be, the known ones by the right article.
    private func right(
        _ kb: SmallKnowledgeBase, at threshold: Float? = nil, copies: [Article] = []
    ) throws -> Int {
        var calibration = calibration(kb.articles + copies)
        if let threshold { calibration.cut = threshold }
        let index = try index(kb.articles + copies, calibration)
        return kb.questions.count { question in
            let found = index.search(Ticket(body: question.text), count: 3)
            guard let article = question.article else { return !found.isKnown }
            return found.isKnown && index.article(of: found.hits[0]).id.hasPrefix(article)
        }
    }

    private func index(_ articles: [Article], _ calibration: SearchCalibration? = nil) throws -> SearchIndex {
        let matrix = try #require(Self.matrix)
        return SearchIndex(
            articles, embedding: matrix, calibration: calibration ?? self.calibration(articles))
    }

    @Test(arguments: SmallKnowledgeBase.all, [1, 2, 3, 10])
    func `old copies of articles change no more than one answer`(_ kb: SmallKnowledgeBase, _ count: Int)
        throws
    {
        let copies = kb.articles.suffix(count).map { article in
            var copy = article
            copy.id += "-2019"
            copy.title += " (2019)"
            copy.symptoms.removeLast()
            copy.recommendedAction = "See the new article."
            return copy
        }
        #expect(try right(kb, copies: copies) >= kb.right - 1)
    }

    @Test func `an article for each system answers as one for all does`() throws {
        let topics = [
            ("Screen stays dark after sleep", ["black display when the lid opens"]),
            ("Bluetooth headset drops out", ["headphones lose the connection"]),
            ("Updates never finish", ["update hangs for hours"]),
            ("Fan runs at full speed", ["computer is loud as a vacuum cleaner"]),
        ]
        let articles = topics.flatMap { title, symptoms in
            ["Fedora", "Debian", "Haiku"].map { system in
                Article(id: "\(system) \(title)", title: "\(title) (\(system))", symptoms: symptoms)
            }
        }
        let index = try index(articles)
        for question in [
            "my display is black when I open the lid", "the headset loses its bluetooth connection",
            "the update has been hanging for hours", "why is the fan so loud",
        ] {
            #expect(index.search(Ticket(body: question), count: 1).isKnown, "\(question)")
        }
        let found = index.search(Ticket(body: "Haiku: bluetooth headset drops out"), count: 1)
        #expect(found.isKnown && index.article(of: found.hits[0]).id.hasPrefix("Haiku"))
        #expect(!index.search(Ticket(body: "Which wine goes with fish?"), count: 1).isKnown)
    }

    @Test(arguments: SmallKnowledgeBase.all)
    func `greetings, function words and complaints about nothing are new`(_ kb: SmallKnowledgeBase) throws {
        let index = try index(kb.articles)
        for text in [
            "Good afternoon", "is there any update on this?", "still the same problem, please help",
            "of the and",
            "it doesn't work again", "see the screenshot", "please call me back", "http://",
            "es funktioniert immer noch nicht", "ist das so", "ich brauche dringend Hilfe", "guten Abend",
            "je ne peux pas", "ça ne fonctionne plus", "bonjour, il me faudrait", "no me funciona", "quiero",
            "tengo un problema", "buenas tardes", "vorrei", "non funziona più", "buonasera, ho un problema",
            "não funciona", "het werkt niet meer", "動かないです", "お願いします",
        ] {
            #expect(!index.search(Ticket(body: text), count: 1).isKnown, "\(text)")
        }
        for text in ["", "  ", "\n", "?!", "…"] {
            let found = index.search(Ticket(body: text), count: 3)
            #expect(found.hits.isEmpty && found.knownProbability == 0, "\(text)")
        }
    }

    @Test(arguments: SmallKnowledgeBase.all)
    func `known and new are told apart at the default cut, and at the original's threshold`(
        _ kb: SmallKnowledgeBase
    ) throws {
        #expect(kb.articles.count == 10 && kb.questions.count == 18)
        #expect(try right(kb) >= kb.right)
        #expect(try right(kb, at: 0.6) >= 16)
    }

    @Test func `the fit is the same each time, and says what it is`() {
        let articles = SmallKnowledgeBase.all[0].articles
        let fitted = calibration(articles)
        #expect(fitted == calibration(articles))
        #expect(fitted.isFittedOnArticles && !fitted.isCalibrated)
        #expect(fitted.weights != SearchCalibration.uncalibrated.weights)
        #expect(fitted.pairs == articles.reduce(0) { $0 + 1 + $1.symptoms.count })
    }

    @Test func `too little text to hold any out leaves the default weights`() {
        for articles in [[], [Article(id: "1", title: "Printer")], [Article(id: "1", title: "", body: "x")]] {
            #expect(calibration(articles, nil) == .uncalibrated)
        }
        let one = [Article(id: "1", title: "Printer jam", symptoms: ["paper jam"], body: "Open the tray.")]
        #expect(calibration(one, nil).weights.allSatisfy { $0.isFinite })
    }

    /// A folder with the articles as the original agent has them; its user removes it.
    private func folder(_ articles: [Article]) throws -> String {
        let folder = NSTemporaryDirectory() + "kb-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let list = articles.map { article in
            [
                "id": article.id, "title": article.title, "category": article.category,
                "symptoms": article.symptoms, "recommended_action": article.recommendedAction ?? "",
            ] as [String: Any]
        }
        try JSONSerialization.data(withJSONObject: list).write(
            to: URL(fileURLWithPath: "\(folder)/kb.json"))
        return folder
    }

    @Test func `a threshold that does worse than the KB's own is pointed out`() throws {
        let folder = try folder(SmallKnowledgeBase.all[0].articles)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        func note(_ cut: Float?) throws -> String? {
            try SearchIndex(path: folder, embedding: Self.matrix, cut: cut).cutNote
        }
        for cut in [0.01, 0.999] as [Float] {
            let sentence = "are known or new by mistake; with its own threshold of 0.5, "
            #expect(try note(cut)?.contains(sentence) == true, "\(cut)")
        }
        for cut in [nil, 0.5, 0.55] as [Float?] { #expect(try note(cut) == nil) }
    }

    @Test func `an author's calibration is used as it is`() throws {
        let folder = try folder(SmallKnowledgeBase.all[0].articles)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        #expect(try SearchIndex(path: folder, embedding: nil).calibration.isFittedOnArticles)
        var shipped = SearchCalibration.uncalibrated
        shipped.cut = 0.25
        try shipped.write(to: "\(folder)/calibration.json")
        #expect(try SearchIndex(path: folder, embedding: nil).calibration == shipped)
    }

    @Test func `an article without one of its texts scores as if it had never had it`() {
        let articles = SmallKnowledgeBase.all[1].articles
        let full = BM25(articles)
        for (place, article) in articles.enumerated() {
            for field in 0...article.symptoms.count {
                let fields = BM25.fields(article)
                var other = articles
                if field == 0 { other[place].title = "" } else { other[place].symptoms.remove(at: field - 1) }
                let terms = SearchTerms(article: fields[field].text).words
                let item = HeldOutText(article: place, field: field)
                let found = full.score(terms, without: .init(article, item, nil))
                let expected = BM25(other)
                let made = expected.score(terms)
                #expect(abs(found.idfSum - made.idfSum) < 1e-3)
                #expect(zip(found.matched, made.matched).allSatisfy { abs($0 - $1) < 1e-3 })
                // The mean length is that of the whole KB: a few percent.
                #expect(zip(found.scores, made.scores).allSatisfy { abs($0 - $1) <= 0.05 * $1 + 1e-3 })
            }
        }
    }
}
