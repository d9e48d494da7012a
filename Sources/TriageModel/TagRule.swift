package import TriageData
internal import TriageNumerics
internal import TriageTickets

extension ModelManifest {
    /// From which probability on a ticket has a tag.
    ///
    /// Probabilities of tags are 1 / (1 + exp(−logit / temperature)), each apart.
    package struct TagRule: Codable, Sendable, Equatable {
        /// What the thresholds were solved for: "f1", or such as "precision=0.9".
        package var goal: String
        /// One a label, in column order; nil for a tag that no ticket is given.
        package var thresholds: [Float?]

        package init(goal: String, thresholds: [Float?]) {
            (self.goal, self.thresholds) = (goal, thresholds)
        }
    }
}

extension ModelManifest.Head {
    /// Whether there is one threshold a tag, and no tree.
    var hasSoundTags: Bool {
        guard let tags else { return true }
        return tags.thresholds.count == labels.count && tree == nil
            && tags.thresholds.allSatisfy { $0.map { $0 > 0 && $0 <= 1 } ?? true }
    }
}

extension ModelBundle.Head {
    /// Whether a ticket has any number of the labels.
    package var hasTags: Bool { manifest.tags != nil }

    /// The calibrated probability of each tag, rounded to six decimals.
    package func tagProbabilities(_ logits: [Float]) -> [Float] {
        columns.map { Softmax.rounded(Softmax.logistic(logits[$0] / manifest.temperature)) }
    }

    /// The tags that reach their thresholds, the most probable first, equal ones in label order.
    package func tags(_ probabilities: [Float]) -> [Int] {
        let thresholds = manifest.tags?.thresholds ?? []
        return TopK.indices(of: probabilities, count: probabilities.count).filter { tag in
            thresholds[tag].map { probabilities[tag] >= $0 } ?? false
        }
    }

    /// A row's tags in the bundle's spelling, maybe none; nil when the row has no value for them.
    ///
    /// - Throws: `BadRow` when a value is an object or a list of lists.
    package func tags(in row: InputRow) throws(BadRow) -> [String]? {
        guard let names = try TagList.read(manifest.field, in: row, id: row.id) else { return nil }
        var seen: Set<String> = []
        return names.map { labels.spelling(of: $0) }.filter { seen.insert($0).inserted }
    }
}
