import TriageModel
import TriageNumerics
import TriageText

/// The words and pairs of words that tell groups of tickets from each other.
///
/// A term's worth for a group is p · ln(p / q): p the share of the group's tickets that have it, q that of the other tickets. That
/// is its part of the divergence between the two (Kullback and Leibler, 1951): frequent here, rare elsewhere. Words are counted
/// in lower case, on an even sample of each group. Stop words, symbols and placeholders of masked identifiers are no terms.
struct GroupWords {
    /// For each group its terms, the most telling first.
    let words: [[String]]

    /// Terms of a group at most.
    private static let maximumTerms = 6
    /// The tickets of a group that are read.
    private static let sampledRows = 400
    /// A term is in so large a share of a group's tickets, and in two.
    private static let minimumShare = 0.04
    /// A term is so many times as frequent in a group as in the others.
    private static let minimumRatio = 1.5
    /// The most frequent terms of a group that are compared with the others.
    private static let candidates = 300
    /// A pair replaces its word that is already a term where it makes up so much of the word's tickets.
    private static let pairShare = 0.6

    /// The terms of groups, each given by the places of its tickets in `examples`.
    init(_ examples: [TrainingExample], _ groups: [[Int]], _ workers: Workers) {
        let samples = groups.map { GroupWords.sample($0) }
        let counts = workers.map(groups.count) { GroupWords.count(samples[$0].map { examples[$0] }) }
        let wanted = zip(counts, samples).map { counts, sample in
            GroupWords.frequent(counts, rows: sample.count)
        }
        // In how many tickets each wanted term is, estimated from the samples.
        var everywhere: [[UInt8]: Double] = [:]
        for term in wanted.flatMap({ $0 }) { everywhere[term] = 0 }
        for (group, terms) in counts.enumerated() {
            let weight = Double(groups[group].count) / Double(max(samples[group].count, 1))
            for (term, count) in terms where everywhere[term] != nil {
                everywhere[term, default: 0] += weight * Double(count)
            }
        }
        let all = Double(groups.reduce(0) { $0 + $1.count })
        words = groups.indices.map { group in
            let size = Double(groups[group].count)
            let weight = size / Double(max(samples[group].count, 1))
            let ranked = wanted[group].compactMap { term -> Term? in
                let own = Double(counts[group][term] ?? 0)
                let others = max(0, (everywhere[term] ?? 0) - weight * own)
                let p = weight * own / size
                let q = (others + 0.5) / (all - size + 1)
                return p >= GroupWords.minimumRatio * q
                    ? Term(bytes: term, rows: own, worth: p * GroupWords.log(p / q)) : nil
            }
            return GroupWords.chosen(ranked)
        }
    }

    private struct Term {
        var bytes: [UInt8]
        var rows: Double
        var worth: Double

        var parts: [ArraySlice<UInt8>] { bytes.split(separator: 0x20) }
    }

    private static func log(_ value: Double) -> Double { Double(SublinearTF.log(Float(value))) }

    private static func sample(_ members: [Int]) -> [Int] {
        let step = max(1, (members.count + sampledRows - 1) / sampledRows)
        return stride(from: 0, to: members.count, by: step).map { members[$0] }
    }

    /// The most frequent terms, equally frequent ones by their bytes.
    private static func frequent(_ counts: [[UInt8]: Int], rows: Int) -> [[UInt8]] {
        let minimum = max(min(2, rows), Int((minimumShare * Double(rows)).rounded(.up)))
        return counts.filter { $0.value >= minimum }
            .sorted { $0.value == $1.value ? $0.key.lexicographicallyPrecedes($1.key) : $0.value > $1.value }
            .prefix(candidates).map(\.key)
    }

    /// The best terms, none of which only repeats words of those before.
    private static func chosen(_ terms: [Term]) -> [String] {
        let ranked = terms.sorted {
            $0.worth == $1.worth ? $0.bytes.lexicographicallyPrecedes($1.bytes) : $0.worth > $1.worth
        }
        var chosen: [Term] = []
        for term in ranked {
            let parts = term.parts
            let known = Set(chosen.flatMap(\.parts))
            if parts.allSatisfy(known.contains) && parts.count == 1 { continue }
            if parts.count > 1,
                let place = chosen.firstIndex(where: { $0.parts.count == 1 && parts.contains($0.parts[0]) })
            {
                guard term.rows >= pairShare * chosen[place].rows else { continue }
                chosen[place] = term
                chosen.removeAll { $0.parts.count == 1 && parts.contains($0.parts[0]) }
                continue
            }
            guard chosen.count < maximumTerms, !parts.allSatisfy(known.contains) else { continue }
            chosen.append(term)
        }
        return chosen.map { String(decoding: $0.bytes, as: UTF8.self) }
    }

    // MARK: - Counting

    /// In how many of some tickets each term is.
    private static func count(_ examples: [TrainingExample]) -> [[UInt8]: Int] {
        var counts: [[UInt8]: Int] = [:]
        var words = Words()
        for example in examples {
            words.scan(subject: example.subject, body: example.body)
            for term in terms(of: words, example) { counts[term, default: 0] += 1 }
        }
        return counts
    }

    private static func terms(of words: Words, _ example: TrainingExample) -> Set<[UInt8]> {
        let placeholders = [example.subject, example.body].map { IdentifierKind.placeholders(in: $0) }
        var terms: Set<[UInt8]> = []
        var previous: (text: [UInt8], field: UInt8, isIdeograph: Bool)?
        for word in words.list {
            let start = Int(word.range.lowerBound)
            let isMasked = placeholders[Int(word.field)].contains { $0.contains(start) }
            let text = Array(words.folded(word))
            let isIdeograph = GroupWords.isIdeograph(text)
            guard !word.isSymbol, !isMasked, isIdeograph || hasContent(text) else {
                previous = nil
                continue
            }
            if !isIdeograph { terms.insert(text) }
            if let previous, previous.field == word.field {
                let areJoined = previous.isIdeograph && isIdeograph
                terms.insert(previous.text + (areJoined ? [] : [0x20]) + text)
            }
            previous = (text, word.field, isIdeograph)
        }
        return terms
    }

    /// Whether a word says something when it stands alone.
    private static func hasContent(_ word: [UInt8]) -> Bool {
        StopWords.hasContent(String(decoding: word, as: UTF8.self))
    }

    /// Whether a word is one ideograph, which tells something only beside others.
    private static func isIdeograph(_ word: [UInt8]) -> Bool {
        word.count >= 3 && word[0] >= 0xE3 && word.dropFirst().allSatisfy { $0 & 0xC0 == 0x80 }
    }
}
