import Foundation
import Testing
import TriageModel
import TriageTickets

@testable import TriageSearch

/// Questions about another code or version than an article has.
struct CodeTests {
    private static let articles = [
        Article(id: "0", title: "Mail client stops with 0xE0190304", symptoms: ["mailbox file is locked"]),
        Article(id: "1", title: "Tunnel error 619", symptoms: ["tunnel cannot be set up from the hotel"]),
        Article(
            id: "2", title: "Plotter reports 52.8A11", symptoms: ["plotter stops in the middle of a page"]),
        Article(id: "3", title: "Listener refuses with TNS-12541", symptoms: ["database is out of reach"]),
        Article(id: "4", title: "Viewer 4.3.8 closes at start", symptoms: ["viewer window vanishes"]),
        Article(id: "5", title: "Advisory CVE-2019-11510", symptoms: ["gateway may leak files"]),
        Article(id: "6", title: "Payroll run ends with P7702", symptoms: ["nobody gets a pay slip"]),
        Article(id: "7", title: "Scanner driver after Windows 11", symptoms: ["scanner is not listed"]),
        Article(id: "8", title: "Canteen card is empty", symptoms: ["card cannot be charged at the till"]),
        Article(id: "9", title: "Projector shows a blue picture", symptoms: ["beamer has no signal"]),
    ]

    private static let index: SearchIndex = {
        let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().path
        let matrix = try? EmbeddingTable(directory: "\(project)/models/embeddings/minilm-256")
        let calibration = ArticleRanking(articles, embedding: matrix).fitOnArticles()
        return SearchIndex(articles, embedding: matrix, calibration: calibration)
    }()

    @Test(arguments: [
        "mail client stops with 0xE0190999", "Tunnel error 718", "tunnel fails, error code 720",
        "plotter reports 61.0C02", "listener refuses with TNS-12170", "TNS-12170",
        "Viewer 3.8.4 closes at start",
        "the viewer closes since version 5.0.1", "viewer v9.1 closes at start", "CVE-2021-11510",
        "advisory cve-2019-22510", "payroll run ends with P4410",
    ])
    func `a question about another code is new`(_ text: String) {
        #expect(!Self.index.search(Ticket(body: text), count: 1).isKnown)
    }

    @Test(arguments: [
        Finding("tunnel error 619, my ticket is 88123", 1), Finding("error 619 since 3 days", 1),
        Finding("Tunnel error 619, call me on ext 718", 1), Finding("viewer 4.3 closes at start", 4),
        Finding("Viewer 4.3.8.2 closes at start", 4), Finding("viewer window vanishes on 2 laptops", 4),
        Finding("payroll run ends with P-7702", 6), Finding("canteen card is empty, order number 4410", 8),
        Finding("canteen card cannot be charged since 12.05.2026", 8),
        Finding("projector in room 619 shows a blue picture", 9),
        Finding("viewer 4.3.8 on Windows 11 closes at start", 4),
    ])
    func `the code of an article, or a number that is none, leaves the issue known`(_ finding: Finding) {
        let found = Self.index.search(Ticket(body: finding.question), count: 1)
        #expect(found.isKnown && found.hits[0].article == finding.article)
    }

    @Test func `an article without a code comes before one with another`() {
        let articles = [
            Article(id: "0", title: "Tunnel error 619 from the hotel"),
            Article(id: "1", title: "Tunnel from the hotel cannot be set up"),
        ]
        let index = SearchIndex(articles, embedding: nil, calibration: nil)
        #expect(index.search(Ticket(body: "tunnel error 718 from the hotel"), count: 2).hits[0].article == 1)
        #expect(index.search(Ticket(body: "tunnel error 619 from the hotel"), count: 2).hits[0].article == 0)
    }
}
