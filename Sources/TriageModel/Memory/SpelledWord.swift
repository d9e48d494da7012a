internal import TriageNumerics
package import TriageText

/// A word without digits, kept so that a slip of the keys in it can be found: its hash, and the hashes of what is
/// left of it without one of its letters.
///
/// Two words have one of these in common when a letter is missing, added or changed, or two neighbours changed places
/// (deletion neighbourhoods, as in Garbe's SymSpell, 2012).
package struct SpelledWord: Sendable, Equatable {
    package let hash: UInt32
    /// Whether it is of words and runs of characters that training saw: then it is not a misspelling of another.
    ///
    /// One with an apostrophe may be written without it.
    package let isKnown: Bool
    /// The hashes of the word and of it without each of its letters, ascending.
    package let spellings: [UInt32]

    package init(hash: UInt32, isKnown: Bool, spellings: [UInt32]) {
        (self.hash, self.isKnown, self.spellings) = (hash, isKnown, spellings)
    }

    /// Characters of a word, apostrophes counted.
    private static let letters = 2...32
    /// Words and pairs of a ticket of which words are kept: longer ones have enough others.
    static let maximumNGrams = 64

    /// The words of a ticket, each once, in its order; none of a long ticket.
    static func all(of features: Features, _ featurizer: Featurizer) -> [SpelledWord] {
        guard features.ngrams.words.count <= maximumNGrams else { return [] }
        var (found, seen): ([SpelledWord], Set<UInt64>) = ([], [])
        var runs = NGrams()
        for word in features.found.list where !word.isSymbol {
            let letters = Array(String(decoding: features.found.folded(word), as: UTF8.self))
            // Another digit means another thing: error 401 and error 402 differ.
            guard self.letters.contains(letters.count), !letters.contains(where: \.isNumber),
                seen.insert(word.hash).inserted
            else { continue }
            runs.make(from: features.found, only: [word], options: featurizer.options)
            found.append(
                SpelledWord(
                    hash: UInt32(truncatingIfNeeded: word.hash >> 32),
                    isKnown: !letters.contains("'") && isKnown(word, runs.characters, featurizer),
                    spellings: spellings(letters)))
        }
        return found
    }

    /// Buckets are shared, so that the word's own is not enough: a misspelled word has runs that training never saw.
    private static func isKnown(_ word: Words.Word, _ runs: [UInt64], _ featurizer: Featurizer) -> Bool {
        let missing = runs.count { !featurizer.characters.hasRow($0) }
        return (featurizer.options.wordRun == 0 || featurizer.words.hasRow(word.hash))
            && 4 * missing <= runs.count
    }

    private static func spellings(_ letters: [Character]) -> [UInt32] {
        func hash(_ letters: [Character]) -> UInt32 {
            UInt32(truncatingIfNeeded: StableHash.hash(Array(String(letters).utf8), kind: .word) >> 32)
        }
        let shorter = letters.indices.map { place in
            hash(Array(letters[..<place] + letters[(place + 1)...]))
        }
        return Set(shorter + [hash(letters)]).sorted()
    }

    /// Whether one of the words may be the other with a slip of the keys.
    func isMisspelling(of other: SpelledWord) -> Bool {
        guard hash != other.hash, !isKnown || !other.isKnown else { return false }
        return !Set(spellings).isDisjoint(with: other.spellings)
    }

    /// How many words of one ticket are misspellings of words of another, each counted once.
    package static func misspellings(_ first: [SpelledWord], _ second: [SpelledWord]) -> Int {
        var others = second.filter { word in !first.contains { $0.hash == word.hash } }
        return first.count { word in
            guard !second.contains(where: { $0.hash == word.hash }),
                let place = others.firstIndex(where: { word.isMisspelling(of: $0) })
            else { return false }
            others.remove(at: place)
            return true
        }
    }
}
