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

    /// Phrases that begin with one word, at the place that `places` has for it.
    private var groups: [[Phrase]] = []
    private var places: UInt64HashTable
    /// One bit for each of 4,096 hashes of a phrase's first word: almost every word of a ticket starts none.
    private var firstWords = [UInt64](repeating: 0, count: 64)
    private let count: Int

    init(_ floors: [Policy.Floor]) {
        count = floors.count
        places = UInt64HashTable(capacity: floors.reduce(0) { $0 + $1.any.count + $1.unless.count })
        for (floor, entry) in floors.enumerated() {
            for phrase in entry.any { add(phrase, floor, cancels: false) }
            for phrase in entry.unless { add(phrase, floor, cancels: true) }
        }
    }

    private mutating func add(_ phrase: String, _ floor: Int, cancels: Bool) {
        let words = Words(of: phrase).phrase
        guard let first = words.first else { return }
        if places.insert(first, UInt32(groups.count)) { groups.append([]) }
        let place = Int(places[first] ?? 0)
        groups[place].append(Phrase(words: words, floor: floor, cancels: cancels))
        firstWords[Int(first >> 58)] |= 1 << (first >> 52 & 63)
    }

    /// Where the phrases are that begin with a word.
    private func group(_ word: UInt64) -> Int? {
        guard firstWords[Int(word >> 58)] & 1 << (word >> 52 & 63) != 0 else { return nil }
        return places[word].map { Int($0) }
    }

    /// The floors with a mention that no cancelling phrase covers, in the playbook's order.
    ///
    /// A phrase does not reach from the subject into the body.
    func fired(by words: Words) -> [Int] {
        guard words.list.contains(where: { group($0.hash) != nil }) else { return [] }
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
        for start in words.indices {
            guard let group = group(words[start]) else { continue }
            for phrase in groups[group] where words[start...].starts(with: phrase.words) {
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
