internal import TriageModel
internal import TriageText

/// Where a scored ticket's n-grams and pieces come from and lead to; made once, used for every logit explained.
struct TicketTrace {
    /// Two different n-grams of the ticket, by their numbers, in one row of a block.
    struct Clash {
        var place: Int
        var first: Int
        var second: Int
    }

    /// For each n-gram of words the place of its row in the block; -1 for none.
    let words: [Int32]
    /// The same for runs of characters.
    let characters: [Int32]
    let wordClashes: [Clash]
    let characterClashes: [Clash]
    /// The words of each placeholder, which stands for one thing.
    let placeholders: [Range<Int>]
    /// For each piece of the subject the word it lies in; nil for none.
    let subjectOwners: [Int?]
    /// The same for the body.
    let bodyOwners: [Int?]

    init(_ features: Features, _ featurizer: Featurizer, _ input: PreparedTicket) {
        words = features.words.places(of: features.ngrams.words, by: featurizer.words)
        characters = features.characters.places(of: features.ngrams.characters, by: featurizer.characters)
        wordClashes = TicketTrace.clashes(words, features.ngrams.words, rows: features.words.count)
        characterClashes = TicketTrace.clashes(
            characters, features.ngrams.characters, rows: features.characters.count)
        subjectOwners = features.subjectPieces.origins.map { features.found.place(field: 0, at: $0) }
        bodyOwners = features.bodyPieces.origins.map { features.found.place(field: 1, at: $0) }
        placeholders =
            TicketTrace.placeholders(in: input.subject, field: 0, features.found)
            + TicketTrace.placeholders(in: input.body, field: 1, features.found)
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

    private static func clashes(_ places: [Int32], _ hashes: [UInt64], rows: Int) -> [Clash] {
        var first = [Int32](repeating: -1, count: rows)
        var clashes: [Clash] = []
        for (number, place) in places.enumerated() where place >= 0 {
            let known = Int(first[Int(place)])
            if known < 0 {
                first[Int(place)] = Int32(number)
            } else if hashes[known] != hashes[number] {
                clashes.append(Clash(place: Int(place), first: known, second: number))
            }
        }
        return clashes
    }
}
