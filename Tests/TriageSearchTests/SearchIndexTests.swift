import Foundation
import Testing
import TriageTickets

@testable import TriageSearch

struct SearchIndexTests {
    private static let articles = [
        Article(
            id: "1", title: "password reset", category: "Login", symptoms: ["locked out"],
            recommendedAction: "Unlock it.", reply: "We unlock it.", severity: "High", tags: ["account"],
            body: "Steps."),
        Article(id: "2", title: "printer jam"),
    ]

    private func index(_ articles: [Article] = articles) -> SearchIndex {
        SearchIndex(articles, embedding: nil, calibration: nil)
    }

    @Test func `the article that shares a question's words comes first, no words know no issue`() {
        #expect(index().search(Ticket(body: "reset my password"), count: 2).hits.first?.article == 0)
        #expect(index().search(Ticket(body: "my printer has a jam"), count: 2).hits.first?.article == 1)
        #expect(index().search(Ticket(body: ""), count: 2).isKnown == false)
        #expect(index().search(Ticket(body: "zzz"), count: 2).hits.count == 2)
    }

    @Test func `a hit's probability is never above that of one before it`() {
        let words = ["printer", "jam", "tray", "toner", "reset", "password"]
        let articles = (0..<32).map { number in
            Article(
                id: "\(number)",
                title: words.indices.filter { number & 1 << $0 != 0 }.map { words[$0] }.joined(
                    separator: " "),
                body: "text \(number)")
        }
        for count in 1...words.count {
            let question = Ticket(body: words.prefix(count).joined(separator: " "))
            let scores = index(articles).search(question, count: 32).hits.map(\.score)
            #expect(zip(scores, scores.dropFirst()).allSatisfy { $0 >= $1 })
            #expect(scores.allSatisfy { (0...1).contains($0) })
        }
    }

    /// A change of each property, by its name: reflection shows when one is missing here.
    private static let changes: [String: @Sendable (inout Article) -> Void] = [
        "id": { $0.id = "3" }, "title": { $0.title = "password" }, "category": { $0.category = "Bug" },
        "symptoms": { $0.symptoms.append("x") }, "recommendedAction": { $0.recommendedAction = nil },
        "reply": { $0.reply = nil }, "severity": { $0.severity = nil }, "tags": { $0.tags = [] },
        "body": { $0.body = "" },
        "translations": { $0.translations["de"] = .init(recommendedAction: "Prüfen.") },
    ]

    @Test func `every property of an article but its reply changes the fingerprint`() {
        let names = Mirror(reflecting: Self.articles[0]).children.compactMap(\.label)
        #expect(Set(Self.changes.keys) == Set(names))
        for (name, change) in Self.changes {
            var changed = Self.articles
            change(&changed[0])
            #expect((index(changed).fingerprint() == index().fingerprint()) == (name == "reply"), "\(name)")
        }
        #expect(index(Self.articles.reversed()).fingerprint() != index().fingerprint())
    }

    @Test func `what a calibration decides by changes the fingerprint`() {
        func fingerprint(_ change: (inout SearchCalibration) -> Void) -> String {
            var calibration = SearchCalibration.uncalibrated
            change(&calibration)
            return SearchIndex(Self.articles, embedding: nil, calibration: calibration).fingerprint()
        }
        let same = fingerprint { _ in }
        #expect(same == index().fingerprint())
        #expect(fingerprint { $0.embeddingWeight += 1 } != same)
        #expect(fingerprint { $0.cut += 0.1 } != same)
        for place in 0..<SearchIndex.featureCount { #expect(fingerprint { $0.weights[place] += 1 } != same) }
    }

    @Test func `a calibration is read back as it was written, and one of other features is refused`() throws {
        let path = NSTemporaryDirectory() + "calibration-\(UUID().uuidString).json"
        defer { try? FileManager.default.removeItem(atPath: path) }
        var calibration = SearchCalibration.uncalibrated
        (calibration.cut, calibration.embeddingWeight) = (0.625, 1.5)
        try calibration.write(to: path)
        #expect(try SearchCalibration(file: path) == calibration)
        calibration.weights.removeLast()
        try calibration.write(to: path)
        #expect(throws: SearchError.badCalibration(path: path)) { try SearchCalibration(file: path) }
    }
}
