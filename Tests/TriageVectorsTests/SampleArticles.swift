#if Service
import Foundation
import ServerTestSupport
import TriageModel
import TriageText
import TriageTickets

@testable import TriageSearch

/// Articles made of a few hundred words of different frequency, some of them copies, some with codes.
enum SampleArticles {
    static let matrix: EmbeddingTable? = {
        let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().path
        return try? EmbeddingTable(directory: "\(project)/models/embeddings/minilm-256")
    }()

    static func word(_ number: Int) -> String {
        let parts = ["ba", "ne", "ri", "to", "lu", "ska", "mon", "der", "fi", "gra"]
        return [number % 10, number / 10 % 10, number / 100 % 10].map { parts[$0] }.joined()
    }

    private static func words(_ count: Int, _ random: inout SampleNumbers) -> String {
        (0..<count).map { _ in word(Int(random.next() * random.next() * 400)) }.joined(separator: " ")
    }

    static func make(_ count: Int) -> [Article] {
        var random = SampleNumbers(seed: 3)
        return (0..<count).map { number in
            let code = number % 7 == 0 ? " viewer \(1 + number % 9).\(number % 13)" : ""
            return Article(
                id: "KB-\(number)", title: words(4, &random) + code, symptoms: [words(6, &random)],
                recommendedAction: number % 2 == 0 ? words(5, &random) : nil, body: words(25, &random))
        }
    }

    static func questions(_ count: Int) -> [Ticket] {
        var random = SampleNumbers(seed: 11)
        return (0..<count).map { number in
            let text = words([2, 5, 12][number % 3], &random)
            return Ticket(body: number % 4 == 0 ? "\(text) viewer 4.3" : text)
        } + [Ticket(body: ""), Ticket(body: "?"), Ticket(body: "My printer does not print.")]
    }

    /// Whether two searches found the same articles with the same scores, but for the last bit of products that are summed in
    /// another order.
    static func areSame(_ one: SearchResult, _ other: SearchResult) -> Bool {
        one.hits.count == other.hits.count
            && abs(one.knownProbability - other.knownProbability) < 3e-6
            && zip(one.hits, other.hits).allSatisfy {
                $0.article == $1.article && abs($0.score - $1.score) < 3e-6
            }
    }

    static func upload(_ index: SearchIndex, _ scratch: Scratch) throws -> CorpusUpload {
        try CorpusUpload(index, scratch: scratch.file("upload-\(UUID().uuidString)"))
    }
}

/// Numbers from 0 to 1, the same in each run.
struct SampleNumbers {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> Double {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Double(state >> 11) / Double(1 << 53)
    }
}
#endif
