internal import TriageModel
internal import TriageText
internal import TriageTickets

/// Where a scored ticket's n-grams and pieces come from and lead to; made once, used for every logit explained.
struct FeatureTrace {
    /// Two different n-grams of the ticket, by their numbers, in one row of a block.
    struct Clash {
        var place: Int
        var first: Int
        var second: Int
    }

    /// The place of an n-gram's row in its block, and the first word it comes from.
    struct Origin {
        var place: Int32
        var word: Int32
    }

    /// The n-grams of words that have a row.
    let wordHits: [SparseBlock.Hit]
    /// The rows of single words.
    private(set) var singles: [Origin] = []
    /// The rows of word pairs.
    private(set) var pairs: [Origin] = []
    /// The runs of characters that have a row.
    let runs: [Origin]
    /// The factor of each row's weights for one occurrence, by block.
    let wordFactors: [Float]
    let characterFactors: [Float]
    let wordClashes: [Clash]
    let characterClashes: [Clash]
    /// The words of each placeholder, which is one unit.
    let placeholders: [Range<Int>]
    /// For each piece of the subject the word it lies in; nil for none.
    let subjectOwners: [Int?]
    /// The same for the body.
    let bodyOwners: [Int?]

    init(_ features: Features, _ model: ModelBundle, _ input: TicketText) {
        let featurizer = model.featurizer
        let ngrams = features.ngrams
        wordHits = features.words.hits(of: ngrams.words, by: featurizer.words)
        let characterHits = features.characters.hits(of: ngrams.characters, by: featurizer.characters)
        runs = characterHits.map {
            Origin(place: $0.place, word: ngrams.characterOrigins[Int($0.ngram)])
        }
        wordFactors = model.layer.factors(of: features.words, model.layer.words)
        characterFactors = model.layer.factors(of: features.characters, model.layer.characters)
        wordClashes = FeatureTrace.clashes(wordHits, ngrams.words, rows: features.words.count)
        characterClashes = FeatureTrace.clashes(
            characterHits, ngrams.characters, rows: features.characters.count)
        subjectOwners = FeatureTrace.owners(of: features.subjectPieces, field: 0, features.found.list)
        bodyOwners = FeatureTrace.owners(of: features.bodyPieces, field: 1, features.found.list)
        placeholders =
            FeatureTrace.placeholders(in: input.subject, field: 0, features.found)
            + FeatureTrace.placeholders(in: input.body, field: 1, features.found)
        for hit in wordHits {
            let origin = Origin(place: hit.place, word: ngrams.wordOrigins[Int(hit.ngram)])
            if ngrams.wordSpansTwo[Int(hit.ngram)] { pairs.append(origin) } else { singles.append(origin) }
        }
    }

    private static func placeholders(in text: MappedText, field: UInt8, _ words: Words) -> [Range<Int>] {
        // Nothing masked, nothing to look for.
        guard !text.isIdentity else { return [] }
        return IdentifierKind.placeholders(in: text.bytes).compactMap { range in
            guard let first = words.place(field: field, at: Int32(range.lowerBound)),
                let last = words.place(field: field, at: Int32(range.upperBound - 1))
            else { return nil }
            return first..<last + 1
        }
    }

    /// Pieces and words are both in the text's order: one pass over both.
    private static func owners(of pieces: WordPiece.Pieces, field: UInt8, _ words: [Words.Word]) -> [Int?] {
        var place = 0
        return pieces.origins.map { origin in
            while place < words.count, (words[place].field, words[place].range.upperBound) <= (field, origin)
            {
                place += 1
            }
            guard place < words.count, words[place].field == field, words[place].range.contains(origin)
            else { return nil }
            return place
        }
    }

    private static func clashes(_ hits: [SparseBlock.Hit], _ hashes: [UInt64], rows: Int) -> [Clash] {
        var first = [Int32](repeating: -1, count: rows)
        var seen = first.mutableSpan
        var clashes: [Clash] = []
        for hit in hits {
            let (place, number) = (Int(hit.place), Int(hit.ngram))
            let known = Int(seen[place])
            if known < 0 {
                seen[place] = hit.ngram
            } else if hashes[known] != hashes[number] {
                clashes.append(Clash(place: place, first: known, second: number))
            }
        }
        return clashes
    }
}
