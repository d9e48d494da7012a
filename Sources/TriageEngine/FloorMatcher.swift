internal import TriageText

/// Finds the safety floors that a ticket's words fire, in one walk over its words.
struct FloorMatcher: Sendable {
    private struct Phrase: Sendable {
        var words: [UInt64]
        var floor: Int
        var cancels: Bool
    }

    private var phrases: [UInt64: [Phrase]] = [:]
    private let count: Int

    init(_ floors: [Policy.Floor]) {
        count = floors.count
        for (floor, entry) in floors.enumerated() {
            for phrase in entry.any { add(phrase, floor, cancels: false) }
            for phrase in entry.unless { add(phrase, floor, cancels: true) }
        }
    }

    private mutating func add(_ phrase: String, _ floor: Int, cancels: Bool) {
        let words = WordHashes.words(of: Array(phrase.utf8))
        guard let first = words.first else { return }
        phrases[first, default: []].append(Phrase(words: words, floor: floor, cancels: cancels))
    }

    /// The floors with a mention that no cancelling phrase covers, in the playbook's order.
    func fired(by texts: [[UInt8]]) -> [Int] {
        guard count > 0 else { return [] }
        var fired = [Bool](repeating: false, count: count)
        for text in texts {
            let words = WordHashes.words(of: text)
            var mentions: [(floor: Int, range: Range<Int>)] = []
            var covers: [(floor: Int, range: Range<Int>)] = []
            for start in words.indices {
                for phrase in phrases[words[start]] ?? [] where words[start...].starts(with: phrase.words) {
                    let mention = (phrase.floor, start..<start + phrase.words.count)
                    if phrase.cancels { covers.append(mention) } else { mentions.append(mention) }
                }
            }
            for mention in mentions where !fired[mention.floor] {
                fired[mention.floor] = !covers.contains { cover in
                    cover.floor == mention.floor && cover.range.lowerBound <= mention.range.lowerBound
                        && cover.range.upperBound >= mention.range.upperBound
                }
            }
        }
        return fired.indices.filter { fired[$0] }
    }
}
