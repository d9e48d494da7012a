package import TriageModel

/// Corrected tickets that decisions remember until a training has learned from them.
///
/// Two rules move an answer to the label of corrected tickets. A near-duplicate of a corrected ticket gets its label.
/// Any other ticket gets it when its likeness to the corrected tickets of this label, the logarithm of a sum over them of
/// exp(likeness ÷ τ) times τ, passes a bound: one for tickets that the model gives the very label which people corrected,
/// and another, lowered by what the model thinks of its own label, for all. Likeness is the cosine of the embeddings plus
/// that of the runs of characters. The bounds are those of the bundle, fitted on rows that its folds held out.
package struct CorrectionMemory: Sendable {
    /// A corrected or confirmed ticket.
    package struct Entry: Sendable {
        /// The caller's id of the ticket, or the decision's.
        package var id: String
        package var sketch: TicketSketch
        /// The field, the label that the model gave, and the right one.
        package var answers: [(field: String, decided: String, label: String)]

        package init(
            id: String, sketch: TicketSketch, answers: [(field: String, decided: String, label: String)]
        ) {
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

    /// Remembers those entries that the bundle has not been trained on.
    package init(_ entries: [Entry], for model: ModelBundle) {
        self.entries = entries.filter { !(model.trainedTexts?.contains($0.sketch.content) ?? false) }
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
        var votes: [String: [(likeness: Likeness, decided: String)]] = [:]
        for likeness in near {
            for answer in entries[likeness.entry].answers where answer.field == prediction.field {
                votes[answer.label, default: []].append((likeness, answer.decided))
            }
        }
        let rule = head.manifest.memory ?? .standard
        let candidates = votes.keys.sorted().compactMap { label -> (recall: Recall, strength: Float)? in
            guard let votes = votes[label], head.labels.index(of: label) != nil else { return nil }
            let strength = rule.strength(
                votes.map { ($0.likeness.value(head), $0.decided == prediction.label) },
                confidence: prediction.probability,
                of: label == prediction.label
                    ? prediction.probability
                    : prediction.alternatives.first { $0.label == label }?.probability ?? 0)
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
}
