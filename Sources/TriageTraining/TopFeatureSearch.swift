import TriageModel
import TriageNumerics
import TriageText

/// Finds the words and pairs behind the largest weights of each label.
///
/// Buckets keep no words, so the training rows are walked once more for what fell into the buckets that matter.
/// A label's candidates are its buckets of largest weight · idf, positive, three times as many as it may list. Of
/// several n-grams in one bucket the most frequent is named. One counts only from
/// `TopFeatures.minimumSources` different requesters on (different texts, where rows name no requester), and never a
/// symbol or from inside a placeholder.
struct TopFeatureSearch {
    private struct Candidate {
        var row: Int
        var weight: Float
    }

    /// An n-gram that was met in a bucket that matters.
    private struct Occurrence {
        let row: UInt32
        let text: [UInt8]
        /// In how many examples it was.
        var count = 0
        /// The example that was counted last.
        var last = -1
        /// At most `minimumSources` hashes of who wrote it.
        var sources: Set<UInt64> = []

        /// Counts an example once, however often it is met there.
        mutating func see(_ example: Int, _ source: UInt64) {
            guard last != example else { return }
            last = example
            count += 1
            add(source)
        }

        mutating func add(_ source: UInt64) {
            if sources.count < TopFeatures.minimumSources { sources.insert(source) }
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
            // A tag's logit is compared with none, so its weights count as they are.
            let means = (0..<featurizer.words.count).map { row in
                head.tags != nil
                    ? 0
                    : columns.reduce(0) { $0 + layer.weight(layer.words, row: row, column: $1) }
                        / Float(columns.count)
            }
            for (label, column) in zip(head.labels, columns) {
                let strengths = means.indices.map { row in
                    (layer.weight(layer.words, row: row, column: column) - means[row])
                        * featurizer.words.idf[row]
                }
                let candidates = TopK.indices(of: strengths, count: 3 * TopFeatures.maximumWords)
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
    func find(in examples: [TrainingExample], _ workers: Workers) -> TopFeatures {
        let pieces = min(8, max(1, examples.count / 4096))
        let found = workers.map(pieces) { piece in
            occurrences(examples[examples.count * piece / pieces..<examples.count * (piece + 1) / pieces])
        }
        var all = found[0]
        for other in found.dropFirst() {
            for (hash, occurrence) in other {
                var known = all[hash] ?? Occurrence(row: occurrence.row, text: occurrence.text)
                known.count += occurrence.count
                for source in occurrence.sources { known.add(source) }
                all[hash] = known
            }
        }
        let names = best(all)
        return TopFeatures(
            labels.map { field, label, candidates in
                let words = candidates.compactMap { candidate in
                    names[UInt32(candidate.row)].map {
                        TopFeatures.Word(text: String(decoding: $0, as: UTF8.self), weight: candidate.weight)
                    }
                }
                return .init(field: field, label: label, words: Array(words.prefix(TopFeatures.maximumWords)))
            })
    }

    /// The most frequent n-gram of each bucket, equal ones by their bytes.
    private func best(_ all: [UInt64: Occurrence]) -> [UInt32: [UInt8]] {
        var best: [UInt32: Occurrence] = [:]
        for occurrence in all.values where occurrence.sources.count >= TopFeatures.minimumSources {
            if let known = best[occurrence.row],
                known.count != occurrence.count
                    ? known.count > occurrence.count : known.text.lexicographicallyPrecedes(occurrence.text)
            {
                continue
            }
            best[occurrence.row] = occurrence
        }
        return best.mapValues(\.text)
    }

    /// The n-grams of some examples that fall into wanted buckets, by their hashes.
    private func occurrences(_ examples: ArraySlice<TrainingExample>) -> [UInt64: Occurrence] {
        var occurrences: [UInt64: Occurrence] = [:]
        var words = Words()
        var ngrams = NGrams(recordingOrigins: true)
        var options = featurizer.options
        // Runs of characters are not listed: as few of them as can be.
        (options.minimumRun, options.maximumRun, options.subjectCopies) = (8, 8, false)
        for (number, example) in examples.enumerated() {
            words.scan(subject: example.subject, body: example.body)
            ngrams.make(from: words, options: options)
            let isNamed = TopFeatureSearch.named(words, example)
            let source = TopFeatureSearch.source(of: example)
            for (position, hash) in ngrams.words.enumerated() {
                guard let row = featurizer.words.row(of: hash), isWanted[Int(row)] else { continue }
                let first = Int(ngrams.wordOrigins[position])
                let places = first...first + (ngrams.wordSpansTwo[position] ? 1 : 0)
                guard places.allSatisfy({ isNamed[$0] }) else { continue }
                occurrences[
                    hash,
                    default: Occurrence(
                        row: row,
                        text: Array(places.map { words.folded(words.list[$0]) }.joined(separator: [0x20])))
                ].see(number, source)
            }
        }
        return occurrences
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
