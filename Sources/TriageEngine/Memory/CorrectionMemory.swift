package import TriageModel

/// Corrected tickets that decisions remember until a training has learned from them.
///
/// Two rules move an answer to the label of corrected tickets. A near-duplicate of a corrected ticket gets its label.
/// Another ticket may get a label to which at least three tickets were corrected, when its likeness to the three nearest of
/// them, τ times the logarithm of a sum over them of exp(likeness ÷ τ), passes a bound: one where people corrected the very
/// label that the model gives the ticket, less for tickets of which the model is surer; and another for all, less what the
/// model thinks of its own label. The model's own label stands when the tickets for which people confirmed it are nearer.
/// Likeness is the cosine of the embeddings plus that of the runs of characters. The bounds are those of
/// the bundle, fitted on rows that its folds held out (`MemoryFit`).
package struct CorrectionMemory: Sendable {
    /// The right label of one field of a ticket.
    package struct Answer: Sendable {
        package var field: String
        /// The label that the model gave, and its probability.
        package var decided: String
        package var confidence: Float
        /// The right label.
        package var label: String

        package init(field: String, decided: String, confidence: Float, label: String) {
            (self.field, self.decided) = (field, decided)
            (self.confidence, self.label) = (confidence, label)
        }
    }

    /// A corrected or confirmed ticket.
    package struct Entry: Sendable {
        /// The caller's id of the ticket, or the decision's.
        package var id: String
        package var sketch: TicketSketch
        package var answers: [Answer]

        package init(id: String, sketch: TicketSketch, answers: [Answer]) {
            (self.id, self.sketch, self.answers) = (id, sketch, answers)
        }
    }

    /// A label that corrected tickets give.
    package struct Recall: Sendable, Equatable {
        package var field: String
        package var label: String
        /// The tickets whose corrections gave it, the likest first.
        package var tickets: [String]
        /// Whether the ticket is a near-duplicate of the first of them.
        package var isDuplicate: Bool
    }

    package let entries: [Entry]
    private let index: MemoryIndex
    private let answers: [String: FieldAnswers]

    /// The answers of one field, by the places of entries.
    private struct FieldAnswers {
        /// The right labels, ascending.
        var labels: [String]
        /// The place of the right label; nil of an entry without an answer.
        var label: [Int?]
        var decided: [String]
        var confidence: [Float]
        /// The entries of each label, ascending.
        var entries: [[Int]]
        /// Those among them where the model gave another label.
        var corrected: [[Int]]
        /// The place of each label.
        var places: [String: Int]
        /// By label, corrections to it from one label, by that.
        var sameSupport: [String: [Int]] = [:]

        init(_ field: String, _ entries: [Entry]) {
            let answers = entries.map { $0.answers.first { $0.field == field } }
            labels = Set(answers.compactMap { $0?.label }).sorted()
            let places = Dictionary(zip(labels, labels.indices)) { first, _ in first }
            self.places = places
            label = answers.map { $0.flatMap { places[$0.label] } }
            decided = answers.map { $0?.decided ?? "" }
            confidence = answers.map { $0?.confidence ?? 0 }
            let none = [Int](repeating: 0, count: labels.count)
            (self.entries, corrected) = (labels.map { _ in [] }, labels.map { _ in [] })
            for (entry, label) in label.enumerated() {
                guard let label else { continue }
                self.entries[label].append(entry)
                guard decided[entry] != labels[label] else { continue }
                corrected[label].append(entry)
                sameSupport[decided[entry], default: none][label] += 1
            }
        }
    }

    /// Remembers those entries that the bundle has not been trained on.
    package init(_ entries: [Entry], for model: ModelBundle) {
        self.entries = entries.filter { !(model.trainedTexts?.contains($0.sketch.content) ?? false) }
        index = MemoryIndex(self.entries.map(\.sketch))
        let fields = Set(self.entries.flatMap { $0.answers.map(\.field) })
        answers = Dictionary(
            fields.map { [entries = self.entries] in ($0, FieldAnswers($0, entries)) }
        ) { first, _ in first }
    }

    package var isEmpty: Bool { entries.isEmpty }

    /// How like a ticket is to an entry.
    private struct Likeness {
        var entry: Int
        /// The cosine of the embeddings; nil without any.
        var meaning: Float?
        var spelling: Float
        var isDuplicate: Bool

        /// Their sum; of a field whose model takes no account of the embedding, spelling alone.
        func value(_ head: ModelBundle.Head) -> Float {
            spelling + (head.manifest.settings.embeddingWeight > 0 ? meaning ?? spelling : spelling)
        }
    }

    /// Entries whose embedding is less like a ticket's are not looked at further.
    private static let leastMeaning: Float = 0.4
    /// Tickets that a remark names.
    private static let maximumNamed = 3

    /// A decision's ticket beside the entries.
    private struct Comparison {
        let embedding: [Int8]
        let sketch: TicketSketch
        /// The ticket's words with their spellings, which few comparisons need.
        let spelledWords: () -> [SpelledWord]
        /// What the ticket and each run of its sentences say.
        let contents: Set<UInt64>
        /// How many words each entry shares with it; nil where that is not enough to know.
        let shared: [Int32]?
        /// Entries that may be near-duplicates, ascending.
        let similar: [Int]
        /// By entry, whether it is one of them.
        let isSimilar: [Bool]

        init(_ features: Features, _ model: ModelBundle, _ index: MemoryIndex) {
            embedding = TicketSketch.embedding(of: features)
            sketch = model.sketch(features, withSpellings: false)
            contents = TicketSketch.contents(of: features).union([sketch.content])
            spelledWords = { model.spelledWords(features) }
            let found = index.shared(sketch, atLeast: CorrectionMemory.minimumShared)
            shared = found?.counts
            guard let found else {
                similar = Array(0..<index.count)
                isSimilar = [Bool](repeating: true, count: index.count)
                return
            }
            // Other entries share too few words for each of the rules but that of equal texts.
            let alike = found.many.filter { [sketch] entry in
                let overlap = index.overlap(entry, sketch, found.counts)
                return overlap.jaccard >= CorrectionMemory.leastJaccard
                    || overlap.contained >= CorrectionMemory.leastContained
            }
            similar = Set(alike + contents.flatMap(index.entries(of:))).sorted()
            var mask = [Bool](repeating: false, count: index.count)
            for entry in similar { mask[entry] = true }
            isSimilar = mask
        }
    }

    /// The labels that change an answer of the model, from the features that gave it.
    ///
    /// Tickets are compared with the entries whose label could win: the more the model is sure of its own label, the fewer these are.
    /// - Complexity: O(entries of such labels · dimension), and O(entries that share a word) for each of the ticket's words.
    package func recall(
        _ features: Features, _ predictions: [Decision.Prediction], _ model: ModelBundle
    ) -> [Recall] {
        let comparison = Comparison(features, model, index)
        return zip(model.heads, predictions).compactMap { head, prediction in
            head.hasTags ? nil : recall(prediction, head, comparison)
        }
    }

    /// The likeness to an entry for one field; nil for an entry that is not near in meaning.
    private func likeness(
        of entry: Int, _ comparison: Comparison, _ answers: FieldAnswers, _ prediction: Decision.Prediction
    ) -> Likeness? {
        let meaning = index.meaning(entry, comparison.embedding)
        guard meaning ?? 1 >= CorrectionMemory.leastMeaning else { return nil }
        let spelling = index.spelling(entry, comparison.sketch)
        var likeness = Likeness(entry: entry, meaning: meaning, spelling: spelling, isDuplicate: false)
        if comparison.isSimilar[entry] {
            likeness.isDuplicate = isDuplicate(
                entry, (meaning ?? spelling) + spelling, comparison, answers, prediction)
        }
        return likeness
    }

    /// Whether a ticket is a near-duplicate of an entry.
    ///
    /// Equal words show it by themselves, with sentences such as a greeting around them too; and so do three quarters of words
    /// and pairs in common when misspelled ones are put right. "how can I top up?" is in "How can I top up automatically?" as
    /// well: where a ticket only has the words of the corrected one, or more than half of a dozen, as in the folds of training,
    /// the model must give both the same label, without being clearly surer of the new one.
    private func isDuplicate(
        _ entry: Int, _ likeness: Float, _ comparison: Comparison, _ answers: FieldAnswers,
        _ prediction: Decision.Prediction
    ) -> Bool {
        let (kept, sketch) = (entries[entry].sketch, comparison.sketch)
        let (jaccard, contained) = index.overlap(entry, sketch, comparison.shared)
        if kept.content == sketch.content, kept.content != 0 { return true }
        guard kept.words.count >= CorrectionMemory.minimumWords else { return false }
        if comparison.contents.contains(kept.content),
            sketch.words.count <= CorrectionMemory.greatestWrapping * kept.words.count
        {
            return true
        }
        if jaccard >= CorrectionMemory.certainJaccard || isMisspelled(kept, comparison, contained) {
            return true
        }
        let isContained =
            contained >= CorrectionMemory.leastContained && sketch.words.count <= 8 * kept.words.count
        let isAlike =
            kept.words.count >= CorrectionMemory.tellingWords
            && (jaccard >= 0.55 || jaccard >= CorrectionMemory.leastJaccard && likeness >= 1.3)
        return (isContained || isAlike) && answers.decided[entry] == prediction.label
            && !ModelManifest.MemoryRule.isSurer(prediction.probability, answers.confidence[entry])
    }

    /// Whether the words alone would show it if misspelled ones were right; a word is in itself and two pairs.
    private func isMisspelled(_ kept: TicketSketch, _ comparison: Comparison, _ contained: Float) -> Bool {
        guard !kept.spelledWords.isEmpty else { return false }
        let misspelled = SpelledWord.misspellings(kept.spelledWords, comparison.spelledWords())
        guard misspelled > 0 else { return false }
        let (own, other) = (Float(kept.words.count), Float(comparison.sketch.words.count))
        let both = min(contained * own + Float(3 * misspelled), own, other)
        return both / (own + other - both) >= CorrectionMemory.certainJaccard
            || both / own >= CorrectionMemory.leastContained
    }

    private static let leastJaccard: Float = 0.4
    private static let leastContained: Float = 0.9
    /// How many times as many words and pairs a ticket may have whose sentences hold a corrected one whole.
    private static let greatestWrapping = 4
    private static let certainJaccard: Float = 0.75
    /// Words and pairs of a ticket of which more than half tell more than a common phrase.
    private static let tellingWords = 24
    /// Words and pairs below which only equal words are the same: "help please" is in many tickets.
    private static let minimumWords = 5

    private func recall(
        _ prediction: Decision.Prediction, _ head: ModelBundle.Head, _ comparison: Comparison
    ) -> Recall? {
        guard let answers = answers[prediction.field] else { return nil }
        let duplicates = Set(
            comparison.similar.compactMap { entry in
                answers.label[entry].flatMap {
                    likeness(of: entry, comparison, answers, prediction)?.isDuplicate ?? false ? $0 : nil
                }
            })
        var found: [(label: Int, votes: [Likeness], strength: Float)] = []
        func look(at label: Int, _ entries: [Int]) {
            let votes = entries.compactMap { likeness(of: $0, comparison, answers, prediction) }
            guard !votes.isEmpty, let strength = strength(label, votes, answers, prediction, head) else {
                return
            }
            found.append((label, votes, strength))
        }
        let own = answers.places[prediction.label]
        let possible = labelsThatMayWin(answers, prediction, head)
        for label in duplicates.union(possible).sorted() where label != own {
            // Corrected tickets count here; a confirmed one counts only for a near-duplicate, which gets its label.
            let confirmed = comparison.similar.filter {
                answers.label[$0] == label && answers.decided[$0] == answers.labels[label]
            }
            look(at: label, answers.corrected[label] + confirmed)
        }
        guard !found.isEmpty else { return nil }
        // Confirmed tickets that are as near keep the model's answer.
        if let own { look(at: own, answers.entries[own]) }
        found.sort { $0.label < $1.label }
        guard let best = found.max(by: { $0.strength < $1.strength }),
            answers.labels[best.label] != prediction.label
        else { return nil }
        return Recall(
            field: prediction.field, label: answers.labels[best.label],
            tickets: likest(best.votes, head), isDuplicate: best.votes.contains(where: \.isDuplicate))
    }

    /// A likeness is two cosines of rounded vectors.
    private static let greatestLikeness: Float = 2.05
    /// Near-duplicates of `minimumWords` words have as many words in common: 0.4 of those of both.
    private static let minimumShared: Int32 = 2

    /// The labels that could pass one of their bounds if all their entries were as like as can be.
    private func labelsThatMayWin(
        _ answers: FieldAnswers, _ prediction: Decision.Prediction, _ head: ModelBundle.Head
    ) -> [Int] {
        let same = answers.sameSupport[prediction.label]
        let rule = head.manifest.memory ?? .standard
        var others: [Int: Float] = [:]
        for alternative in prediction.alternatives {
            if let place = answers.places[alternative.label] { others[place] = alternative.probability }
        }
        return answers.labels.indices.filter { label in
            answers.corrected[label].count >= ModelManifest.MemoryRule.minimumVotes
                && rule.mayPass(
                    votes: answers.corrected[label].count, sameVotes: same?[label] ?? 0,
                    likeness: CorrectionMemory.greatestLikeness, confidence: prediction.probability,
                    of: others[label] ?? 0)
        }
    }

    /// The probability that the model gives a label, as far as it is among its best.
    private func probability(of label: String, _ prediction: Decision.Prediction) -> Float {
        label == prediction.label
            ? prediction.probability
            : prediction.alternatives.first { $0.label == label }?.probability ?? 0
    }

    /// How strongly near tickets speak for a label; nil when they do not.
    private func strength(
        _ label: Int, _ votes: [Likeness], _ answers: FieldAnswers, _ prediction: Decision.Prediction,
        _ head: ModelBundle.Head
    ) -> Float? {
        let name = answers.labels[label]
        guard head.labels.index(of: name) != nil else { return nil }
        // The likest near-duplicate comes before any other ground.
        let duplicate = votes.lazy.filter(\.isDuplicate).map { $0.value(head) }.max()
        if let duplicate { return 100 + duplicate }
        let isOwn = name == prediction.label
        let minimum = ModelManifest.MemoryRule.minimumVotes
        // Corrections from one label to another are a part of those to it. A confirmation needs no others beside it.
        let support = isOwn ? minimum : answers.corrected[label].count
        let sameSupport = isOwn ? minimum : answers.sameSupport[prediction.label]?[label] ?? 0
        guard support >= minimum else { return nil }
        let strength = (head.manifest.memory ?? .standard).strength(
            votes.map {
                .init(
                    likeness: $0.value(head), isSameLabel: answers.decided[$0.entry] == prediction.label,
                    confidence: answers.confidence[$0.entry])
            },
            confidence: prediction.probability,
            of: probability(of: name, prediction),
            support: support, sameSupport: sameSupport)
        return isOwn || strength >= 0 ? strength : nil
    }

    /// The ids of the tickets that a remark names: near-duplicates first, then by likeness.
    private func likest(_ votes: [Likeness], _ head: ModelBundle.Head) -> [String] {
        let order = votes.sorted {
            ($0.isDuplicate ? 1 : 0, $0.value(head), entries[$1.entry].id)
                > ($1.isDuplicate ? 1 : 0, $1.value(head), entries[$0.entry].id)
        }
        return order.prefix(CorrectionMemory.maximumNamed).map { entries[$0.entry].id }
    }
}
