package import TriageData
package import TriageNumerics
package import TriageText
internal import TriageTickets

extension ModelBundle {
    /// Fills `features` and `logits` for one prepared ticket.
    package func score(
        subject: [UInt8], body: [UInt8], features: inout Features, logits: inout [Float]
    ) {
        featurizer.fill(&features, subject: subject, body: body)
        layer.score(&features, into: &logits)
    }

    /// Scores some of the words that were found for other features, without an embedding.
    package func score(
        from found: Words, only chosen: [Words.Word], features: inout Features, logits: inout [Float]
    ) {
        featurizer.fill(&features, from: found, only: chosen)
        layer.score(&features, into: &logits)
    }
}

/// A label that a field of a bundle does not have.
package struct UnknownLabel: Error, Sendable, Equatable {
    /// The label as it was read.
    package var label: String
    /// The field's labels.
    package var labels: [String]
    /// The one of them that it may be a form or a misspelling of.
    package var nearest: String?
}

extension ModelBundle {
    /// A field's own spelling of a label that a person gave; the label as it is read when the bundle has no such field.
    package func label(_ text: String, of field: String) throws(UnknownLabel) -> String {
        let label = LabelText.read(text)
        guard let head = head(field: field) else { return label }
        let labels = head.labels
        if head.hasTags {
            return TagList.joined(
                try TagList.parts(of: text).map { (tag) throws(UnknownLabel) in
                    try self.label(tag, among: labels)
                })
        }
        if let place = head.index(reading: text) { return labels[place] }
        return try self.label(text, among: labels)
    }

    /// The spelling of one label.
    private func label(_ text: String, among labels: LabelSet) throws(UnknownLabel) -> String {
        if let place = labels.index(reading: text) { return labels[place] }
        let label = LabelText.read(text)
        let form = LabelText.form(of: label)
        let nearest =
            labels.names.first { LabelText.form(of: $0) == form }
            ?? SpellingSuggestion.of(label, among: labels.names)
        throw UnknownLabel(label: label, labels: labels.names, nearest: nearest)
    }
}

extension ModelBundle.Head {
    /// Whether a text is one of the labels, or a parent of some.
    package func has(_ text: String) -> Bool {
        labels.index(of: text) != nil || tree?.node(reading: text) != nil
    }

    /// Whether a text is a label, or one part of its path.
    package func isPart(_ text: String, of label: String) -> Bool {
        labels.areEqual(text, label)
            || tree?.paths.parts(of: label).contains { labels.areEqual(text, $0) } ?? false
    }

    /// A row's label of this field, in the bundle's spelling where it has the label; nil without one.
    package func label(in row: InputRow) -> String? {
        if let tree { return label(in: row, tree) }
        guard let text = row.text(manifest.field) else { return nil }
        let label = labels.spelling(of: text)
        return label.isEmpty ? nil : label
    }
}

extension ModelBundle.Head {
    /// The columns that have a row's label.
    package var labelColumns: [String] { manifest.tree?.columns ?? [manifest.field] }

    /// A row's path in the bundle's spelling; nil without one.
    ///
    /// Its parts may be in several columns.
    private func label(in row: InputRow, _ tree: LabelTree) -> String? {
        let texts = labelColumns.map { row.text($0).map(LabelText.read) ?? "" }
        let parts = Array(texts.reversed().drop { $0.isEmpty }.reversed())
        guard !parts.isEmpty, !parts.contains("") else { return nil }
        let path = tree.paths.joined(parts)
        return index(reading: path).map { labels[$0] } ?? labels.spelling(of: path)
    }

    /// The place of a label as a file or a person spells it; of a path, whatever the spaces around its signs.
    package func index(reading text: String) -> Int? {
        if let place = labels.index(reading: text) { return place }
        guard let tree else { return nil }
        let path = tree.paths.spelling(of: text)
        return labels.names.firstIndex { tree.paths.spelling(of: $0) == path }
    }

    /// A label in the bundle's spelling; one that the bundle does not know as it is.
    package func spelling(of label: String) -> String {
        index(reading: label).map { labels[$0] } ?? labels.spelling(of: label)
    }

    /// What turns this head's logits, among those of all columns, into calibrated probabilities.
    package func partition(_ logits: [Float]) -> Softmax.Partition {
        Softmax.Partition(logits[columns], temperature: manifest.temperature)
    }

    /// The calibrated probabilities that belong to logits of all columns, rounded to six decimals.
    package func probabilities(_ logits: [Float]) -> [Float] {
        var values = Softmax.probabilities(logits[columns], temperature: manifest.temperature)
        for index in values.indices { values[index] = Softmax.rounded(values[index]) }
        return values
    }

    /// The `count` labels of largest logit, best first, equal ones in label order: places and rounded
    /// probabilities.
    package func best(_ count: Int, of logits: [Float]) -> [(label: Int, probability: Float)] {
        best(count, of: logits, partition(logits))
    }

    /// The same with the partition of these logits at hand.
    package func best(
        _ count: Int, of logits: [Float], _ partition: Softmax.Partition
    ) -> [(label: Int, probability: Float)] {
        TopK.offsets(of: logits[columns], count: count).map { label in
            (label, Softmax.rounded(partition.probability(of: logits[columns.lowerBound + label])))
        }
    }
}

extension ModelBundle.Head {
    /// How little a ticket looks like the training data, 0 … 1, and whether that is too little.
    ///
    /// Nil when the bundle cannot tell. `best` is the place of its best label.
    ///
    /// - Complexity: O(labels + dimension).
    package func outOfScope(
        _ features: Features, logits: [Float], _ partition: Softmax.Partition, best: Int
    ) -> (score: Float, isOutside: Bool)? {
        guard let scope = manifest.scope, labels.count > 1 else { return nil }
        guard biasShift.isEmpty else {
            // What is strange does not hang on how often each label comes.
            let logits = removingPriorShift(logits)
            let best = TopK.offsets(of: logits[...], count: 1)[0]
            return self.outOfScope(
                scope, features, logits[...],
                Softmax.Partition(logits[...], temperature: manifest.temperature),
                best: best)
        }
        return self.outOfScope(scope, features, logits[columns], partition, best: best)
    }

    /// This head's logits as training's own label mix has them, from those of all columns.
    package func removingPriorShift(_ logits: [Float]) -> [Float] {
        biasShift.isEmpty ? Array(logits[columns]) : zip(logits[columns], biasShift).map { $0 - $1 }
    }

    private func outOfScope(
        _ scope: ModelManifest.OutOfScopeModel, _ features: Features, _ logits: ArraySlice<Float>,
        _ partition: Softmax.Partition, best: Int
    ) -> (score: Float, isOutside: Bool) {
        let (words, characters) = (features.words, features.characters)
        let content = OutOfScopeFeatures.Content(
            unseenWords: OutOfScopeFeatures.share(unseen: words.unseen, seen: words.count),
            unseenCharacters: OutOfScopeFeatures.share(unseen: characters.unseen, seen: characters.count),
            seenWords: words.count, similarity: similarity(features.embedding, label: best),
            nearest: prototypes.nearest(to: features.embedding, label: best))
        let score = scope.score(OutOfScopeFeatures(logits: logits, partition, content))
        return (score, score > scope.threshold)
    }

    private func similarity(_ embedding: [Float], label: Int) -> Float {
        let dimension = classMeans.count / labels.count
        guard dimension == embedding.count else { return 0 }
        var sum: Float = 0
        for k in 0..<dimension { sum += embedding[k] * classMeans[label * dimension + k] }
        return sum
    }
}
