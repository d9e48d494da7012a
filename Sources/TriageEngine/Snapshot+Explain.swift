internal import TriageModel
internal import TriageNumerics
internal import TriageText

extension Snapshot {
    /// The most words an explanation names; the others are its rest.
    static let mostTerms = 12

    func explain(
        _ predictions: [Decision.Prediction], _ scratch: DecisionScratch, _ input: PreparedTicket
    ) -> [Explanation] {
        zip(model.heads, predictions).map { head, prediction in
            let column = head.columns.lowerBound + (head.labels.index(of: prediction.label) ?? 0)
            let shares = WordShares(model, head, column: column, scratch.features)
            return explanation(head, prediction.label, column, shares, scratch, input)
        }
    }

    private func explanation(
        _ head: ModelBundle.Head, _ label: String, _ column: Int, _ shares: WordShares,
        _ scratch: DecisionScratch,
        _ input: PreparedTicket
    ) -> Explanation {
        let tokens = scratch.features.found.list
        let order = tokens.indices.sorted { (abs(shares.words[$1]), $0) < (abs(shares.words[$0]), $1) }
        let shown = order.prefix(Snapshot.mostTerms).filter { shares.words[$0] != 0 }
        let terms = shown.map { index in
            let token = tokens[index]
            let text = token.field == 0 ? input.subject : input.body
            let range = Int(token.range.lowerBound)..<Int(token.range.upperBound)
            return Explanation.Term(
                text: String(decoding: text.bytes[range], as: UTF8.self), range: text.sourceRange(of: range),
                field: token.field == 0 ? "subject" : "body", weight: shares.words[index])
        }
        let rest = order.dropFirst(shown.count).reduce(shares.unplaced) { $0 + shares.words[$1] }
        let logits = scratch.logits[head.columns]
        let mean = logits.reduce(0, +) / Float(logits.count)
        return Explanation(
            field: head.manifest.field, label: label, bias: shares.bias, terms: terms, rest: rest,
            logit: scratch.logits[column] - mean)
    }
}

/// Each word's part of one label's centred logit.
private struct WordShares {
    /// One a token of the ticket.
    private(set) var words: [Float]
    /// What no word of the n-gram scanner owns.
    private(set) var unplaced: Float = 0
    let bias: Float
    private let layer: LinearLayer
    private let columns: Range<Int>
    private let column: Int

    init(_ model: ModelBundle, _ head: ModelBundle.Head, column: Int, _ features: Features) {
        layer = model.layer
        columns = head.columns
        self.column = column
        words = [Float](repeating: 0, count: features.found.list.count)
        let biases = head.columns.map { model.layer.bias[$0] }
        bias = model.layer.bias[column] - biases.reduce(0, +) / Float(biases.count)
        addWords(features, model.featurizer.words)
        addCharacters(features, model.featurizer.characters)
        if let table = model.featurizer.embedding, features.embeddingNorm > 0 {
            addEmbedding(features, table)
        }
    }

    private func centred(_ block: LinearLayer.Block, row: Int) -> Float {
        var sum: Float = 0
        for other in columns { sum += layer.weight(block, row: row, column: other) }
        return layer.weight(block, row: row, column: column) - sum / Float(columns.count)
    }

    /// For each row of a block, what one of its occurrences contributes.
    private func perOccurrence(_ sparse: SparseBlock, _ block: LinearLayer.Block) -> [UInt32: Float] {
        var shares: [UInt32: Float] = [:]
        for (position, row) in sparse.indices[..<sparse.count].enumerated() {
            let total = sparse.values[position] / sparse.norm * centred(block, row: Int(row))
            shares[row] = total / Float(sparse.occurrences[position])
        }
        return shares
    }

    private mutating func addWords(_ features: Features, _ tfidf: HashedTFIDF) {
        guard features.words.norm > 0 else { return }
        let shares = perOccurrence(features.words, layer.words)
        for (position, hash) in features.ngrams.words.enumerated() {
            guard let row = tfidf.row(of: hash), let share = shares[row] else { continue }
            let token = Int(features.ngrams.wordOrigins[position])
            if features.ngrams.wordSpansTwo[position] {
                words[token] += share / 2
                words[token + 1] += share / 2
            } else {
                words[token] += share
            }
        }
    }

    private mutating func addCharacters(_ features: Features, _ tfidf: HashedTFIDF) {
        guard features.characters.norm > 0 else { return }
        let shares = perOccurrence(features.characters, layer.characters)
        for (position, hash) in features.ngrams.characters.enumerated() {
            guard let row = tfidf.row(of: hash), let share = shares[row] else { continue }
            words[Int(features.ngrams.characterOrigins[position])] += share
        }
    }

    private mutating func addEmbedding(_ features: Features, _ table: EmbeddingTable) {
        let centredColumn = (0..<table.dimension).map { row in
            var sum: Float = 0
            for other in columns { sum += layer.embedding[row * layer.columns + other] }
            return layer.embedding[row * layer.columns + column] - sum / Float(columns.count)
        }
        let fields: [(UInt8, WordPiece.Pieces, EmbeddingTerms)] = [
            (0, features.subjectPieces, features.subjectTerms), (1, features.bodyPieces, features.bodyTerms),
        ]
        for (field, pieces, terms) in fields {
            for position in terms.rows.indices {
                let vector = table.vector(row: terms.rows[position], scale: terms.scales[position])
                let share = DenseKernels.dot(vector, centredColumn) / features.embeddingNorm
                let origin = pieces.origins[Int(terms.pieces[position])]
                if let token = features.found.place(field: field, at: origin) {
                    words[token] += share
                } else {
                    unplaced += share
                }
            }
        }
    }
}
