package import TriageData
package import TriageModel
package import TriageNumerics
internal import TriageText

/// Which tags of training rows are probably missing, or there by mistake.
///
/// Confident learning (Northcutt, Jiang and Chuang, 2021) on each tag apart: a tag is probably missing when its held-out
/// probability reaches the mean that rows with the tag have, and one half; it is probably a mistake when the probability
/// that it is not there reaches the mean of rows without it, and nine in ten. Ranked by the held-out log-odds against what
/// the row has.
package struct TagAudit: Sendable {
    /// One tag of one row in doubt.
    package struct Suspect: Sendable {
        /// Its place in the training set.
        package var row: Int
        package var tag: Int
        /// Whether the row lacks the tag; else it has it.
        package var isMissing: Bool
        /// The held-out probability of the tag.
        package var probability: Float
        /// How far the log-odds lie on the other side.
        package var margin: Float
        /// Words for the tag where it is missing, against it where it is there; three at most.
        package var words: [String]
    }

    package let tags: [String]
    package let rows: Int
    /// The likeliest mistakes first.
    package private(set) var suspects: [Suspect] = []

    private static let surelyThere: Float = 0.5
    private static let surelyAway: Float = 0.1
    /// Tags of fewer rows are not judged: the weights hardly know them.
    private static let minimumRows = 5

    /// Audits one field of tags.
    ///
    /// - Throws: `TrainingError` as training does; what `progress` throws.
    package init(
        _ set: TrainingSet, field: Int, options: TrainingOptions,
        embedding: (name: String, table: EmbeddingTable)?, workers: Workers,
        progress: (Double) throws -> Void = { _ in }
    ) throws {
        tags = set.labelSets[field]
        let features = try TrainingFeatures(
            set, options, embedding: embedding?.table, holdsOut: true, workers)
        let places = set.examples.indices.filter { set.examples[$0].tags(in: field) != nil }
        let own = places.map { (set.examples[$0].tags(in: field) ?? []).map { Int32($0) } }
        rows = places.count
        let whole = HeadFit(
            matrix: features.matrix, rows: places, targets: [Int](repeating: 0, count: places.count),
            tags: own,
            weights: nil, classCount: tags.count, workers: workers)
        let clusters = Folds.clusters(places.map { set.examples[$0] }, workers)
        var settings = options.fixedHyperparameters ?? TrainingOptions.documentedHyperparameters
        if embedding == nil { settings.embeddingWeight = 0 }
        let judged = TagAudit.judged(own, tags.count)
        var means = Means(tags: tags.count)
        var all: [Suspect] = []
        var evidence = Evidence(featurizer: features.featurizer)
        _ = try OutOfFold(
            whole, folds: Folds(clusters: clusters, labels: Trainer.rarest(own, tags.count)),
            settings: settings, all: true, measuresContent: false, progress: progress
        ) { fit, parameters, test, logits in
            for (position, place) in test.enumerated() {
                let cells = logits[(logits.startIndex + position * fit.columns)...].prefix(fit.classCount)
                let found = TagAudit.doubts(places[place], own[place], Array(cells), judged, &means)
                all += found.map { suspect in
                    var suspect = suspect
                    let sides = evidence.find(set.examples[suspect.row], fit) {
                        parameters[$0 + suspect.tag]
                    }
                    suspect.words = suspect.isMissing ? sides.pro : sides.against
                    return suspect
                }
            }
        }
        suspects = all.filter { means.confirm($0) }
            .sorted { ($1.margin, $0.row, $0.tag) < ($0.margin, $1.row, $1.tag) }
    }

    private static func judged(_ own: [[Int32]], _ tags: Int) -> [Bool] {
        var counts = [Int](repeating: 0, count: tags)
        for row in own {
            for tag in row { counts[Int(tag)] += 1 }
        }
        return counts.map { $0 >= minimumRows }
    }

    /// The tags of a row that its held-out probabilities contradict.
    private static func doubts(
        _ row: Int, _ own: [Int32], _ logits: [Float], _ judged: [Bool], _ means: inout Means
    ) -> [Suspect] {
        let has = Set(own)
        return logits.indices.filter { judged[$0] }.compactMap { tag in
            let p = Softmax.logistic(logits[tag])
            let isThere = has.contains(Int32(tag))
            means.add(tag, p, isThere: isThere)
            guard isThere ? p <= surelyAway : p >= surelyThere else { return nil }
            return Suspect(
                row: row, tag: tag, isMissing: !isThere, probability: Softmax.rounded(p),
                margin: isThere ? -logits[tag] : logits[tag], words: [])
        }
    }

    /// The mean probability of each tag among rows that have it, and among those that do not.
    private struct Means {
        private var sums: [[Double]]
        private var counts: [[Int]]

        init(tags: Int) {
            sums = [[Double]](repeating: [0, 0], count: tags)
            counts = [[Int]](repeating: [0, 0], count: tags)
        }

        mutating func add(_ tag: Int, _ probability: Float, isThere: Bool) {
            sums[tag][isThere ? 1 : 0] += Double(probability)
            counts[tag][isThere ? 1 : 0] += 1
        }

        /// Whether confident learning counts a suspect.
        func confirm(_ suspect: Suspect) -> Bool {
            let side = suspect.isMissing ? 1 : 0
            guard counts[suspect.tag][side] > 0 else { return false }
            let mean = sums[suspect.tag][side] / Double(counts[suspect.tag][side])
            let p = Double(suspect.probability)
            return suspect.isMissing ? p >= mean : p <= mean
        }
    }
}

extension TagAudit {
    /// Writes the members of one doubtful tag, by its place among the likeliest mistakes.
    package func writeSuspect(_ rank: Int, of set: TrainingSet, to json: inout JSONWriter) {
        let suspect = suspects[rank]
        json.integer("rank", rank + 1)
        json.source(set.examples[suspect.row])
        json.string("tag", tags[suspect.tag])
        json.string("doubt", suspect.isMissing ? "missing" : "mistaken")
        json.sixDecimals("probability", suspect.probability)
        json.array("words", suspect.words) { $0.string($1) }
    }

    package static let sheetHeader = CSVWriter.header([
        "row", "line", "id", "tag", "doubt", "probability", "words", "file",
    ])

    /// The row of one doubtful tag in a spreadsheet.
    package func sheetRow(_ rank: Int, of set: TrainingSet) -> [UInt8] {
        let suspect = suspects[rank]
        let example = set.examples[suspect.row]
        return CSVWriter.row([
            example.row.map { .integer($0) } ?? .text(nil), example.line.map { .integer($0) } ?? .text(nil),
            .text(example.id), .text(tags[suspect.tag]), .text(suspect.isMissing ? "missing" : "mistaken"),
            .decimal(suspect.probability), .text(suspect.words.joined(separator: ", ")), .text(example.file),
        ])
    }

    /// The findings in a few lines, without any text of a ticket.
    package func summary(_ set: TrainingSet, field: String) -> [String] {
        let missing = suspects.count(where: \.isMissing)
        let first = suspects.prefix(5).map { suspect in
            "\(set.examples[suspect.row].place): \(tags[suspect.tag]) \(suspect.isMissing ? "is missing" : "is there")"
        }
        return [
            "\(field): \(rows.counted("row")), \(tags.count.counted("tag"))",
            "\(missing.counted("tag")) of a row probably missing, \(suspects.count - missing) probably mistaken",
        ] + (first.isEmpty ? [] : ["first: \(first.joined(separator: "; "))"])
    }
}
