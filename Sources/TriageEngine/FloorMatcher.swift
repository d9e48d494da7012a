internal import TriageText

/// Finds the safety floors that a ticket's words fire, in one walk over its words.
struct FloorMatcher: Sendable {
    private struct Phrase: Sendable {
        var words: [UInt64]
        var floor: Int
        var cancels: Bool
    }

    fileprivate struct Mention {
        var floor: Int
        var range: Range<Int>
        var cancels: Bool
    }

    private var phrases: [UInt64: [Phrase]] = [:]
    /// One bit for each of 4,096 hashes of a phrase's first word: almost every word of a ticket starts none.
    private var firstWords = [UInt64](repeating: 0, count: 64)
    private let count: Int

    init(_ floors: [Policy.Floor]) {
        count = floors.count
        for (floor, entry) in floors.enumerated() {
            for phrase in entry.any { add(phrase, floor, cancels: false) }
            for phrase in entry.unless { add(phrase, floor, cancels: true) }
        }
    }

    private mutating func add(_ phrase: String, _ floor: Int, cancels: Bool) {
        let words = Words(Array(phrase.utf8)).phrase
        guard let first = words.first else { return }
        phrases[first, default: []].append(Phrase(words: words, floor: floor, cancels: cancels))
        firstWords[Int(first >> 58)] |= 1 << (first >> 52 & 63)
    }

    private func mayStart(_ word: UInt64) -> Bool {
        firstWords[Int(word >> 58)] & 1 << (word >> 52 & 63) != 0
    }

    /// The floors with a mention that no cancelling phrase covers, in the playbook's order.
    ///
    /// A phrase does not reach from the subject into the body.
    func fired(by words: Words) -> [Int] {
        guard words.list.contains(where: { mayStart($0.hash) && phrases[$0.hash] != nil }) else { return [] }
        var fired = [Bool](repeating: false, count: count)
        for field in UInt8(0)...1 {
            let mentions = self.mentions(in: words.phrase(of: field))
            for mention in mentions where !mention.cancels && !fired[mention.floor] {
                fired[mention.floor] = !mentions.contains { $0.cancels && $0.covers(mention) }
            }
        }
        return fired.indices.filter { fired[$0] }
    }

    private func mentions(in words: [UInt64]) -> [Mention] {
        var mentions: [Mention] = []
        for start in words.indices where mayStart(words[start]) {
            for phrase in phrases[words[start]] ?? [] where words[start...].starts(with: phrase.words) {
                let range = start..<start + phrase.words.count
                mentions.append(Mention(floor: phrase.floor, range: range, cancels: phrase.cancels))
            }
        }
        return mentions
    }
}

extension FloorMatcher.Mention {
    fileprivate func covers(_ other: Self) -> Bool {
        floor == other.floor && range.lowerBound <= other.range.lowerBound
            && range.upperBound >= other.range.upperBound
    }
}
