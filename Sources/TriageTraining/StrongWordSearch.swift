import TriageModel
import TriageNumerics
import TriageText

/// Finds the words and pairs behind the largest weights of each label.
///
/// Buckets keep no words, so the training rows are walked once more for what fell into the buckets that matter.
/// A label's candidates are its buckets of largest weight · idf, positive, three times as many as it may list. Of
/// several n-grams in one bucket the most frequent is named. One counts only from
/// `StrongWords.fewestSources` different requesters on (different texts, where rows name no requester), and never a
/// symbol or from inside a placeholder.
struct StrongWordSearch {
    private struct Candidate {
        var row: Int
        var weight: Float
    }

    /// An n-gram that was met in a bucket that matters.
    private struct Sighting {
        var row: UInt32
        /// In how many rows it was.
        var count = 0
        /// At most `fewestSources` hashes of who wrote it.
        var sources: Set<UInt64> = []

        mutating func add(_ rows: Int, from others: some Sequence<UInt64>) {
            count += rows
            for source in others where sources.count < StrongWords.fewestSources { sources.insert(source) }
        }
    }

    private let labels: [(field: String, label: String, candidates: [Candidate])]
    private let featurizer: Featurizer
    private let isWanted: [Bool]

    init(_ heads: [FittedHead], _ featurizer: Featurizer, _ layer: LinearLayer) {
        var labels: [(String, String, [Candidate])] = []
        var isWanted = [Bool](repeating: false, count: featurizer.words.count)
        var first = 0
        for head in heads {
            let columns = first..<first + head.labels.count
            let means = (0..<featurizer.words.count).map { row in
                columns.reduce(0) { $0 + layer.weight(layer.words, row: row, column: $1) }
                    / Float(columns.count)
            }
            for (label, column) in zip(head.labels, columns) {
                let strengths = means.indices.map { row in
                    (layer.weight(layer.words, row: row, column: column) - means[row])
                        * featurizer.words.idf[row]
                }
                let candidates = TopK.indices(of: strengths, count: 3 * StrongWords.mostWords)
                    .filter { strengths[$0] > 0 }.map { Candidate(row: $0, weight: strengths[$0]) }
                for candidate in candidates { isWanted[candidate.row] = true }
                labels.append((head.field, label, candidates))
            }
            first += head.labels.count
        }
        self.labels = labels
        self.featurizer = featurizer
        self.isWanted = isWanted
    }

    /// The strongest words of every label, in column order.
    func find(in examples: [TrainingExample], _ workers: Workers) -> StrongWords {
        let pieces = min(8, max(1, examples.count / 4096))
        let found = workers.map(pieces) { piece in
            sightings(examples[examples.count * piece / pieces..<examples.count * (piece + 1) / pieces])
        }
        var all = found[0]
        for other in found.dropFirst() {
            for (text, sighting) in other {
                all[text, default: Sighting(row: sighting.row)].add(sighting.count, from: sighting.sources)
            }
        }
        let names = best(all)
        return StrongWords(
            labels.map { field, label, candidates in
                let words = candidates.compactMap { candidate in
                    names[UInt32(candidate.row)].map {
                        StrongWords.Word(text: String(decoding: $0, as: UTF8.self), weight: candidate.weight)
                    }
                }
                return .init(field: field, label: label, words: Array(words.prefix(StrongWords.mostWords)))
            })
    }

    /// The most frequent n-gram of each bucket, equal ones by their bytes.
    private func best(_ all: [[UInt8]: Sighting]) -> [UInt32: [UInt8]] {
        var best: [UInt32: (text: [UInt8], count: Int)] = [:]
        for (text, sighting) in all where sighting.sources.count >= StrongWords.fewestSources {
            if let known = best[sighting.row],
                known.count != sighting.count
                    ? known.count > sighting.count : known.text.lexicographicallyPrecedes(text)
            {
                continue
            }
            best[sighting.row] = (text, sighting.count)
        }
        return best.mapValues(\.text)
    }

    private func sightings(_ examples: ArraySlice<TrainingExample>) -> [[UInt8]: Sighting] {
        var sightings: [[UInt8]: Sighting] = [:]
        var words = Words()
        var ngrams = NGrams(recordingOrigins: true)
        var options = featurizer.options
        // Runs of characters are not listed: the shortest and fewest of them.
        (options.shortest, options.longest, options.subjectCopies) = (8, 8, false)
        for example in examples {
            words.scan(subject: example.subject, body: example.body)
            ngrams.make(from: words, options: options)
            let isNamed = StrongWordSearch.named(words, example)
            let source = StrongWordSearch.source(of: example)
            var seen: Set<[UInt8]> = []
            for (position, hash) in ngrams.words.enumerated() {
                guard let row = featurizer.words.row(of: hash), isWanted[Int(row)] else { continue }
                let first = Int(ngrams.wordOrigins[position])
                let places = ngrams.wordSpansTwo[position] ? [first, first + 1] : [first]
                guard places.allSatisfy({ isNamed[$0] }) else { continue }
                let text = Array(places.map { words.folded(words.list[$0]) }.joined(separator: [0x20]))
                guard seen.insert(text).inserted else { continue }
                sightings[text, default: Sighting(row: row)].add(1, from: CollectionOfOne(source))
            }
        }
        return sightings
    }

    /// Whether each word may be named: no symbol, and nothing inside a placeholder.
    private static func named(_ words: Words, _ example: TrainingExample) -> [Bool] {
        let places = [example.subject, example.body].map { IdentifierKind.placeholders(in: $0) }
        return words.list.map { word in
            let start = Int(word.range.lowerBound)
            return !word.isSymbol && !places[Int(word.field)].contains { $0.contains(start) }
        }
    }

    /// Who wrote a row: its requester where one is known, else its text.
    private static func source(of example: TrainingExample) -> UInt64 {
        if let group = example.group { return StableHash.hash(Array(group.utf8), kind: .word) }
        return StableHash.pair(
            StableHash.hash(example.subject, kind: .word), StableHash.hash(example.body, kind: .word))
    }
}
