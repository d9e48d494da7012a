package import TriageModel

/// Corrected tickets that decisions remember until a training has learned from them.
///
/// Two rules move an answer to the label of corrected tickets. A near-duplicate of a corrected ticket gets its label.
/// Another ticket may get a label to which at least three tickets were corrected, when its likeness to them, τ times the
/// logarithm of a sum over them of exp(likeness ÷ τ), passes a bound: one where people corrected the very label that the
/// model gives the ticket, less for tickets of which the model is surer; and another for all, less what the model thinks
/// of its own label. Likeness is the cosine of the embeddings plus that of the runs of characters. The bounds are those of
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

    /// Corrections from one label to another, or from any.
    private struct Change: Hashable {
        var field: String
        var from: String?
        var to: String
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
    private let support: [Change: Int]

    /// Remembers those entries that the bundle has not been trained on.
    package init(_ entries: [Entry], for model: ModelBundle) {
        self.entries = entries.filter { !(model.trainedTexts?.contains($0.sketch.content) ?? false) }
        var support: [Change: Int] = [:]
        for answer in self.entries.lazy.flatMap(\.answers) where answer.label != answer.decided {
            support[Change(field: answer.field, from: nil, to: answer.label), default: 0] += 1
            support[Change(field: answer.field, from: answer.decided, to: answer.label), default: 0] += 1
        }
        self.support = support
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

    /// The labels that change an answer of the model, from the features that gave it.
    ///
    /// - Complexity: O(entries · dimension), and for entries near in meaning O(n-grams).
    package func recall(
        _ features: Features, _ predictions: [Decision.Prediction], _ model: ModelBundle
    ) -> [Recall] {
        let embedding = TicketSketch.embedding(of: features)
        let meanings = entries.map { $0.sketch.meaning(embedding) }
        let likely = entries.indices.filter { meanings[$0] ?? 1 >= CorrectionMemory.leastMeaning }
        guard !likely.isEmpty else { return [] }
        let sketch = model.sketch(features)
        let near = likely.map { likeness(of: $0, meanings[$0], sketch) }
        return zip(model.heads, predictions).compactMap { head, prediction in
            head.hasTags ? nil : recall(prediction, head, near)
        }
    }

    private func likeness(of entry: Int, _ meaning: Float?, _ sketch: TicketSketch) -> Likeness {
        let other = entries[entry].sketch
        let spelling = other.spelling(sketch)
        let value = (meaning ?? spelling) + spelling
        let overlap = other.overlap(sketch)
        return Likeness(
            entry: entry, meaning: meaning, spelling: spelling,
            isDuplicate: CorrectionMemory.isDuplicate(
                other, sketch, likeness: value, jaccard: overlap.jaccard, contained: overlap.contained))
    }

    /// Whether two tickets say the same: equal words; more than half of words and pairs in common, as in the folds of
    /// training; the one in the other with a greeting around; or nearly so, with misspelled words.
    ///
    /// On Banking77, two of 100,000 pairs of questions with different labels are near-duplicates by this.
    private static func isDuplicate(
        _ kept: TicketSketch, _ sketch: TicketSketch, likeness: Float, jaccard: Float, contained: Float
    ) -> Bool {
        if kept.content == sketch.content, kept.content != 0 { return true }
        guard kept.words.count >= minimumWords else { return false }
        return jaccard >= 0.55 || jaccard >= 0.4 && likeness >= 1.3
            || contained >= 0.9 && sketch.words.count <= 8 * kept.words.count
    }

    /// Words and pairs below which only equal words are the same: "help please" is in many tickets.
    private static let minimumWords = 5

    private func recall(
        _ prediction: Decision.Prediction, _ head: ModelBundle.Head, _ near: [Likeness]
    ) -> Recall? {
        var votes: [String: [(likeness: Likeness, answer: Answer)]] = [:]
        for likeness in near {
            for answer in entries[likeness.entry].answers where answer.field == prediction.field {
                votes[answer.label, default: []].append((likeness, answer))
            }
        }
        let rule = head.manifest.memory ?? .standard
        let candidates = votes.keys.sorted().compactMap { label -> (recall: Recall, strength: Float)? in
            guard let votes = votes[label], head.labels.index(of: label) != nil else { return nil }
            let strength = rule.strength(
                votes.map {
                    .init(
                        likeness: $0.likeness.value(head), isSameLabel: $0.answer.decided == prediction.label,
                        confidence: $0.answer.confidence)
                },
                confidence: prediction.probability,
                of: label == prediction.label
                    ? prediction.probability
                    : prediction.alternatives.first { $0.label == label }?.probability ?? 0,
                support: count(of: prediction.field, from: nil, to: label),
                sameSupport: count(of: prediction.field, from: prediction.label, to: label))
            let duplicates = votes.filter(\.likeness.isDuplicate)
            guard label == prediction.label || !duplicates.isEmpty || strength >= 0 else { return nil }
            let order = votes.sorted {
                ($0.likeness.isDuplicate ? 1 : 0, $0.likeness.value(head), entries[$1.likeness.entry].id)
                    > (
                        $1.likeness.isDuplicate ? 1 : 0, $1.likeness.value(head),
                        entries[$0.likeness.entry].id
                    )
            }
            let best = duplicates.map { $0.likeness.value(head) }.max()
            return (
                Recall(
                    field: prediction.field, label: label,
                    tickets: order.prefix(CorrectionMemory.maximumNamed).map {
                        entries[$0.likeness.entry].id
                    },
                    isDuplicate: best != nil),
                // The likest near-duplicate comes before any other ground.
                best.map { 100 + $0 } ?? strength
            )
        }
        // A confirmed ticket that is as near keeps the model's answer.
        guard let winner = candidates.max(by: { $0.strength < $1.strength })?.recall,
            winner.label != prediction.label
        else { return nil }
        return winner
    }

    private func count(of field: String, from: String?, to label: String) -> Int {
        support[Change(field: field, from: from, to: label)] ?? 0
    }
}
