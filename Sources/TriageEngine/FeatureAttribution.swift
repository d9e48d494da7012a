internal import TriageModel
internal import TriageNumerics
internal import TriageText

/// What each word, and each pair of adjacent words, adds to d · z, for a direction d over the columns of logits.
struct FeatureAttribution {
    /// A word or a phrase: places of words, and what they add.
    struct Unit {
        var places: Range<Int>
        var weight: Float
    }

    /// What each word adds alone.
    private(set) var alone: [Float]
    /// One a word: what it and the next one add as a pair.
    private(set) var pairs: [Float]
    /// What no word of the n-gram scanner owns.
    private(set) var unplaced: Float = 0
    /// What the intercepts add.
    let bias: Float
    /// Words and phrases, in order, that together add what all words do (see `Explanation` for the rule).
    private(set) var units: [Unit] = []
    /// What one occurrence of each row adds, by block.
    private let wordRows: [Float]
    private let characterRows: [Float]

    init(_ model: ModelBundle, along direction: [Float], _ features: Features, _ trace: FeatureTrace) {
        let layer = model.layer
        bias = layer.bias(along: direction)
        alone = [Float](repeating: 0, count: features.found.list.count)
        pairs = alone
        wordRows = layer.shares(
            of: features.words, layer.words, times: trace.wordFactors, along: direction)
        characterRows = layer.shares(
            of: features.characters, layer.characters, times: trace.characterFactors, along: direction)
        FeatureAttribution.add(wordRows, from: trace.singles, to: &alone)
        FeatureAttribution.add(characterRows, from: trace.runs, to: &alone)
        FeatureAttribution.add(wordRows, from: trace.pairs, to: &pairs)
        if let table = model.featurizer.embedding, features.embeddingNorm > 0, !layer.embedding.isEmpty {
            let weights = layer.embeddingWeights(along: direction)
            let scale = 1 / features.embeddingNorm
            let subject = table.products(of: features.subjectTerms, with: weights)
            addPieces(subject, features.subjectTerms, trace.subjectOwners, scale)
            let body = table.products(of: features.bodyTerms, with: weights)
            addPieces(body, features.bodyTerms, trace.bodyOwners, scale)
        }
        join(trace.placeholders)
    }

    /// Adds to each word what the rows of its n-grams add.
    private static func add(_ rows: [Float], from origins: [FeatureTrace.Origin], to words: inout [Float]) {
        var words = words.mutableSpan
        for origin in origins { words[Int(origin.word)] += rows[Int(origin.place)] }
    }

    /// The terms' products: those of single pieces come first, then those of pairs of pieces.
    private mutating func addPieces(
        _ products: [Float], _ terms: EmbeddingTerms, _ owners: [Int?], _ scale: Float
    ) {
        for (number, product) in products.enumerated() {
            let piece = Int(terms.pieces[number])
            let share = product * scale
            guard number >= owners.count else {
                add(share, to: owners[piece])
                continue
            }
            let (first, second) = (owners[piece], owners[piece + 1])
            if let first, second == first + 1 {
                pairs[first] += share
            } else {
                add(share / 2, to: first)
                add(share / 2, to: second)
            }
        }
    }

    private mutating func add(_ share: Float, to word: Int?) {
        if let word { alone[word] += share } else { unplaced += share }
    }

    /// What a row of the word block adds with all its occurrences.
    func total(ofWordRow place: Int, _ features: Features) -> Float {
        wordRows[place] * Float(features.words.occurrences[place])
    }

    func total(ofCharacterRow place: Int, _ features: Features) -> Float {
        characterRows[place] * Float(features.characters.occurrences[place])
    }

    /// What each word adds when every pair is halved between its two words.
    var halved: [Float] {
        alone.indices.map { alone[$0] + (pairs[$0] + ($0 > 0 ? pairs[$0 - 1] : 0)) / 2 }
    }

    private mutating func join(_ placeholders: [Range<Int>]) {
        let joined = self.joined(placeholders)
        let halved = self.halved
        units.reserveCapacity(alone.count)
        var place = 0
        while place < alone.count {
            var end = place + 1
            var weight = halved[place]
            while joined[end - 1] {
                weight += halved[end]
                end += 1
            }
            units.append(Unit(places: place..<end, weight: weight))
            place = end
        }
    }

    /// Whether each word and the next belong together: as a phrase, or inside a placeholder.
    private func joined(_ placeholders: [Range<Int>]) -> [Bool] {
        var joined = [Bool](repeating: false, count: pairs.count)
        var isTaken = joined
        for range in placeholders {
            for place in range { isTaken[place] = true }
            for place in range.dropLast() { joined[place] = true }
        }
        var strong: [Int] = []
        for place in pairs.indices.dropLast()
        where abs(pairs[place]) > max(abs(alone[place]), abs(alone[place + 1])) {
            strong.append(place)
        }
        for place in strong.sorted(by: { (abs(pairs[$1]), $0) < (abs(pairs[$0]), $1) })
        where !isTaken[place] && !isTaken[place + 1] {
            joined[place] = true
            (isTaken[place], isTaken[place + 1]) = (true, true)
        }
        return joined
    }
}
