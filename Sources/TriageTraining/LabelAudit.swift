package import TriageModel
package import TriageNumerics
internal import TriageText

/// Which training rows of one field are probably labelled wrong, and how much that may cost.
///
/// Confident learning (Northcutt, Jiang and Chuang, 2021) on the probabilities of rows held out: a row counts as
/// mislabelled when another label's probability reaches the mean that this label's own rows have, and is the largest
/// that does. Rows are ranked by the difference of the two logits: of 5 % labels changed at random in banking77, 0.92 are
/// then among the first 5 %, and 0.75 by the difference of the probabilities, which saturates where rows are merely alike.
package struct LabelAudit: Sendable {
    /// One row whose label is in doubt.
    package struct Suspect: Sendable {
        /// Its place in the training set.
        package var row: Int
        package var label: Int
        /// The likeliest other label.
        package var suggested: Int
        /// Held-out probabilities of the two.
        package var probabilities: (label: Float, suggested: Float)
        /// How much larger the other label's held-out logit is: what rows are ranked by.
        package var margin: Float
        /// Whether confident learning counts it as mislabelled.
        package var isLikelyWrong: Bool
        /// The row's words and pairs with weight for each of the two, strongest first, three at most.
        package var words: (label: [String], suggested: [String])
        /// The most similar rows that have the suggested label, three at most, with their cosines.
        package var agreeing: [(row: Int, similarity: Float)] = []
    }

    /// Two labels that are often taken for each other.
    package struct Pair: Sendable {
        package var labels: (first: Int, second: Int)
        /// The share of both labels' rows that the other one takes.
        package var confused: Double
        /// Words that both use most, ten at most.
        package var words: [String]
    }

    package let labels: [String]
    /// The tree whose leaves the labels are; nil for labels without parents.
    package let tree: LabelTree?
    package let rows: Int
    /// Rows whose label the weights that judged them knew from other rows.
    package var judged: Int { met.count }
    private let met: Set<Int>
    /// All rows whose likeliest label is another, the likeliest mistakes first.
    package private(set) var suspects: [Suspect] = []
    /// Labels that the model confuses with each other, the most confused first.
    package private(set) var pairs: [Pair] = []
    /// Groups of near-duplicates that do not all have one label.
    package private(set) var contradictions: [[Int]] = []
    /// The share of rows that confident learning counts as mislabelled; where labels are merely hard, too much.
    package private(set) var noise = 0.0
    /// The share of labels that are probably wrong, or why it cannot be estimated.
    package private(set) var noiseEstimate = NoiseEstimate.share(0)
    /// Held-out accuracy against the labels as they are.
    package let accuracy: Double

    /// Rows whose agreeing neighbours are looked for.
    private static let explained = 500
    /// Two labels are named as a pair when so large a share of their rows is confused.
    private static let inseparable = 0.15

    /// Audits one field of a training set.
    ///
    /// - Throws: `TrainingError` as training does; what `progress` throws.
    package init(
        _ set: TrainingSet, field: Int, options: TrainingOptions,
        embedding: (name: String, table: EmbeddingTable)?, workers: Workers,
        progress: (Double) throws -> Void = { _ in }
    ) throws {
        labels = set.labelSets[field]
        tree = set.trees[field].map { LabelTree(set.labelSets[field], paths: $0.paths) }
        guard labels.count > 1 else {
            throw TrainingError.oneLabel(field: set.fields[field], label: labels.first ?? "")
        }
        let features = try TrainingFeatures(
            set, options, embedding: embedding?.table, holdsOut: true, workers)
        let (featurizer, matrix) = (features.featurizer, features.matrix)
        let places = set.examples.indices.filter { set.examples[$0].labels[field] != nil }
        let targets = places.compactMap { set.examples[$0].labels[field] }
        rows = places.count
        let whole = HeadFit(
            matrix: matrix, rows: places, targets: targets, weights: nil, classCount: labels.count,
            workers: workers)
        let clusters = Folds.clusters(places.map { set.examples[$0] }, workers)
        var settings = options.fixedHyperparameters ?? TrainingOptions.documentedHyperparameters
        if embedding == nil { settings.embeddingWeight = 0 }
        var evidence = Evidence(featurizer: featurizer)
        var met: Set<Int> = []
        let outOfFold = try OutOfFold(
            whole, folds: Folds(clusters: clusters, labels: targets), settings: settings, all: true,
            measuresContent: false, progress: progress
        ) { fit, parameters, test, logits in
            let labels = Set(fit.targets)
            met.formUnion(test.filter { labels.contains(targets[$0]) }.map { places[$0] })
            for (position, place) in test.enumerated() {
                let start = logits.startIndex + position * fit.columns
                let cells = logits[start..<start + fit.classCount]
                guard let other = LabelAudit.best(cells, except: targets[place]),
                    cells[start + other] > cells[start + targets[place]]
                else { continue }
                evidence.add(
                    places[place], set.examples[places[place]], fit, parameters, targets[place], other)
            }
        }
        self.met = met
        accuracy = outOfFold.heldOut.accuracy
        judge(outOfFold, evidence)
        findAgreeing(matrix, places, targets)
        findPairs(outOfFold, set.examples)
        contradictions = LabelAudit.contradictions(clusters, targets).map { $0.map { places[$0] } }
    }

    private static func best(_ cells: ArraySlice<Float>, except label: Int) -> Int? {
        cells.indices.map { $0 - cells.startIndex }.filter { $0 != label }
            .max { (cells[cells.startIndex + $0], $1) < (cells[cells.startIndex + $1], $0) }
    }

    // MARK: - Confident learning

    private mutating func judge(_ outOfFold: OutOfFold, _ evidence: Evidence) {
        let heldOut = outOfFold.heldOut
        let temperature = Float(heldOut.bestTemperature().temperature)
        let probabilities = heldOut.targets.indices.map { row in
            Softmax.probabilities(
                heldOut.logits[row * heldOut.stride..<row * heldOut.stride + labels.count],
                temperature: temperature)
        }
        let means = LabelAudit.selfConfidence(probabilities, heldOut.targets, labels.count)
        var answers: [NoiseEvidence.Answer] = []
        for (row, label) in heldOut.targets.enumerated() {
            let p = probabilities[row]
            if met.contains(outOfFold.rows[row]), let best = LabelAudit.best(p[...], except: label) {
                let predicted = p[best] > p[label] ? best : label
                answers.append(.init(label: label, predicted: predicted, confidence: p[predicted]))
            }
            let confident = labels.indices.filter { p[$0] >= means[$0] }.max { (p[$0], $1) < (p[$1], $0) }
            guard let other = LabelAudit.best(p[...], except: label), p[other] > p[label] else { continue }
            suspects.append(
                Suspect(
                    row: outOfFold.rows[row], label: label, suggested: other,
                    probabilities: (Softmax.rounded(p[label]), Softmax.rounded(p[other])),
                    margin: heldOut.logits[row * heldOut.stride + other]
                        - heldOut.logits[row * heldOut.stride + label],
                    isLikelyWrong: confident != nil && confident != label
                        && met.contains(outOfFold.rows[row]),
                    words: evidence.words[outOfFold.rows[row]] ?? ([], [])))
        }
        suspects.sort { ($1.margin, $0.row) < ($0.margin, $1.row) }
        noise = Double(suspects.count(where: \.isLikelyWrong)) / Double(max(rows, 1))
        noiseEstimate = NoiseEvidence(answers).estimate(counted: noise)
    }

    /// For each label the mean probability that its own rows give it.
    private static func selfConfidence(
        _ probabilities: [[Float]], _ targets: [Int], _ labels: Int
    ) -> [Float] {
        var sums = [Float](repeating: 0, count: labels)
        var counts = [Int](repeating: 0, count: labels)
        for (p, label) in zip(probabilities, targets) {
            sums[label] += p[label]
            counts[label] += 1
        }
        return zip(sums, counts).map { $1 > 0 ? $0 / Float($1) : 1 }
    }

    // MARK: - What goes with it

    private mutating func findAgreeing(_ matrix: FeatureMatrix, _ places: [Int], _ targets: [Int]) {
        for index in suspects.indices.prefix(LabelAudit.explained) {
            let suspect = suspects[index]
            let others = zip(places, targets).filter { $0.1 == suspect.suggested && $0.0 != suspect.row }
                .map(\.0)
            let scores = matrix.similarities(of: suspect.row, to: others)
            suspects[index].agreeing = TopK.indices(of: scores, count: 3).map { (others[$0], scores[$0]) }
        }
    }

    private mutating func findPairs(_ outOfFold: OutOfFold, _ examples: [TrainingExample]) {
        var counts = [Int](repeating: 0, count: labels.count)
        for target in outOfFold.heldOut.targets { counts[target] += 1 }
        var confused: [[Int]: Int] = [:]
        for suspect in suspects where met.contains(suspect.row) {
            confused[[suspect.label, suspect.suggested].sorted(), default: 0] += 1
        }
        let shares = confused.map { labels, count in
            (labels: labels, share: Double(count) / Double(counts[labels[0]] + counts[labels[1]]))
        }
        let worst = shares.filter { $0.share >= LabelAudit.inseparable }
            .sorted { ($1.share, $0.labels[0], $0.labels[1]) < ($0.share, $1.labels[0], $1.labels[1]) }
        guard !worst.isEmpty else { return }
        let usage = WordUsage(examples, outOfFold.rows, outOfFold.heldOut.targets, labels: labels.count)
        pairs = worst.prefix(20).map { pair in
            Pair(
                labels: (pair.labels[0], pair.labels[1]), confused: pair.share,
                words: usage.shared(pair.labels[0], pair.labels[1]))
        }
    }

    private static func contradictions(_ clusters: [Int], _ targets: [Int]) -> [[Int]] {
        var members: [Int: [Int]] = [:]
        for (place, cluster) in clusters.enumerated() { members[cluster, default: []].append(place) }
        return members.sorted { $0.key < $1.key }.map(\.value)
            .filter { Set($0.map { targets[$0] }).count > 1 }
    }
}

/// The words of rows in doubt with weight for either label, found while the fold's weights are at hand.
struct Evidence {
    let featurizer: Featurizer
    private(set) var words: [Int: (label: [String], suggested: [String])] = [:]
    private var features = Features(recordingOrigins: true)

    init(featurizer: Featurizer) { self.featurizer = featurizer }

    /// Weighs each word and pair by value · (weight of the other label − weight of its own).
    mutating func add(
        _ row: Int, _ example: TrainingExample, _ fit: HeadFit, _ parameters: [Float], _ label: Int,
        _ other: Int
    ) {
        let sides = find(example, fit) { parameters[$0 + other] - parameters[$0 + label] }
        words[row] = (sides.against, sides.pro)
    }

    /// Words against what a weight is for and words for it, strongest first; `weight` gets the start of a feature's weights.
    mutating func find(
        _ example: TrainingExample, _ fit: HeadFit, weight: (Int) -> Float
    ) -> (against: [String], pro: [String]) {
        featurizer.fill(&features, subject: example.subject, body: example.body)
        let block = features.words
        var difference: [UInt32: Float] = [:]
        for (place, feature) in block.indices[..<block.count].enumerated() {
            difference[feature] = block.values[place] * weight(Int(feature) * fit.columns)
        }
        var found: [(text: String, weight: Float)] = []
        for (place, hash) in features.ngrams.words.enumerated() {
            guard let feature = featurizer.words.row(of: hash),
                let weight = difference.removeValue(forKey: feature), weight != 0
            else { continue }
            let text = text(place, example)
            if StopWords.hasContent(text) { found.append((text, weight)) }
        }
        found.sort { ($1.weight, $0.text) < ($0.weight, $1.text) }
        return (
            found.reversed().prefix { $0.weight < 0 }.prefix(3).map(\.text),
            found.prefix { $0.weight > 0 }.prefix(3).map(\.text)
        )
    }

    private func text(_ place: Int, _ example: TrainingExample) -> String {
        let first = Int(features.ngrams.wordOrigins[place])
        let last = features.ngrams.wordSpansTwo[place] ? first + 1 : first
        return features.found.list[first...last].map { word in
            let bytes = word.field == 0 ? example.subject : example.body
            return String(
                decoding: bytes[Int(word.range.lowerBound)..<Int(word.range.upperBound)], as: UTF8.self)
        }.joined(separator: " ")
    }
}

/// In which share of each label's rows a word occurs.
private struct WordUsage {
    private var shares: [[String: Double]]
    private var everywhere: [String: Double] = [:]

    init(_ examples: [TrainingExample], _ rows: [Int], _ targets: [Int], labels: Int) {
        var counts = [Int](repeating: 0, count: labels)
        var seen = [[String: Int]](repeating: [:], count: labels)
        var words = Words()
        for (row, label) in zip(rows, targets) {
            counts[label] += 1
            words.scan(subject: examples[row].subject, body: examples[row].body)
            var unique: Set<String> = []
            for word in words.list {
                let bytes = word.field == 0 ? examples[row].subject : examples[row].body
                let range = Int(word.range.lowerBound)..<Int(word.range.upperBound)
                guard range.count > 2 else { continue }
                unique.insert(String(decoding: bytes[range], as: UTF8.self).lowercased())
            }
            for word in unique { seen[label][word, default: 0] += 1 }
        }
        shares = zip(seen, counts).map { seen, count in seen.mapValues { Double($0) / Double(count) } }
        for (seen, _) in zip(seen, counts) {
            for (word, count) in seen { everywhere[word, default: 0] += Double(count) / Double(rows.count) }
        }
    }

    /// Words that occur in both labels' rows more often than elsewhere, the most shared first.
    func shared(_ first: Int, _ second: Int) -> [String] {
        shares[first].compactMap { word, share -> (word: String, excess: Double)? in
            let both = min(share, shares[second][word] ?? 0)
            let excess = both - (everywhere[word] ?? 0)
            return excess > 0 && both >= 0.05 ? (word, excess) : nil
        }.sorted { ($1.excess, $0.word) < ($0.excess, $1.word) }.prefix(10).map(\.word)
    }
}

extension FeatureMatrix {
    /// The cosines of one row and some others: of embeddings where there are any, else of n-grams.
    func similarities(of row: Int, to others: [Int]) -> [Float] {
        if dimension > 0 {
            let start = row * dimension
            return others.map { other in
                (0..<dimension).reduce(Float(0)) { $0 + dense[start + $1] * dense[other * dimension + $1] }
            }
        }
        var own: [UInt32: Float] = [:]
        for entry in starts[row]..<starts[row + 1] { own[indices[entry]] = values[entry] }
        // Two blocks of unit length each.
        return others.map { other in
            (starts[other]..<starts[other + 1]).reduce(Float(0)) { sum, entry in
                sum + values[entry] * (own[indices[entry]] ?? 0)
            } / 2
        }
    }
}

extension LabelAudit {
    /// The deepest parent that a row's label and the likelier one share; nil when the mistake is above all parents.
    package func commonParent(of suspect: Suspect) -> String? {
        guard let tree else { return nil }
        let common = zip(tree.parts[suspect.label], tree.parts[suspect.suggested]).prefix { $0 == $1 }
        return common.isEmpty ? nil : tree.paths.joined(common.map(\.0))
    }
}
