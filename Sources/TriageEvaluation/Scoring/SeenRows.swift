internal import TriageData
internal import TriageModel

/// The measured rows that a model was trained on: it remembers these, so that they show nothing about new tickets.
///
/// A row counts as seen when a training row has the same words (`TrainedTexts`). The figures leave seen rows out when at
/// least 30 others remain, or at least as many others as were seen. Else too few are left to measure, and the figures
/// are of all rows, under a warning.
package struct SeenRows: Sendable, Equatable {
    /// Labelled rows with text.
    package let rows: Int
    /// Rows of these that the model, or the second one, was trained on; nil when no model keeps hashes.
    package let seen: Int?
    /// Rows of the figures.
    package var measured: Int { areLeftOut ? rows - (seen ?? 0) : rows }
    /// Whether the figures leave the seen rows out.
    package let areLeftOut: Bool
    /// Whether the caller wants seen rows counted, as where tickets repeat each other or a test set is fixed.
    private let areWanted: Bool
    /// The places of the rows that are left out.
    private let leftOut: Set<Int>

    /// As many other rows are enough to be measured alone: over fewer a share's interval is wider than 36 points.
    package static let minimumOthers = 30

    /// The rows seen among so many; nil for models without hashes.
    package init(rows: Int, seen places: Set<Int>?, counting areWanted: Bool = false) {
        (self.rows, self.areWanted) = (rows, areWanted)
        seen = places?.count
        areLeftOut =
            !areWanted && places.map { SeenRows.areEnough(rows - $0.count, beside: $0.count) } ?? false
        leftOut = areLeftOut ? places ?? [] : []
    }

    /// Whether the rows that were not seen are measured alone.
    package static func areEnough(_ others: Int, beside seen: Int) -> Bool {
        seen > 0 && (others >= minimumOthers || others >= seen)
    }

    init(_ evaluation: Evaluation, _ other: Evaluation?, counting areWanted: Bool) {
        let all = [evaluation, other].compactMap(\.self)
        let hashed = all.filter { $0.snapshot.model.trainedTexts != nil }
        let seen = hashed.reduce(into: Set<Int>()) { seen, evaluation in
            seen.formUnion(evaluation.facts.filter { $0.value.wasTrainedOn }.map(\.key))
        }
        self.init(rows: evaluation.facts.count, seen: hashed.isEmpty ? nil : seen, counting: areWanted)
    }

    /// Whether most of what the figures count is memory.
    package var isMemory: Bool {
        guard let seen, seen > 0, !areLeftOut else { return false }
        return !SeenRows.areEnough(rows - seen, beside: seen)
    }

    /// The rows of a field that figures count.
    func leavingSeenOut(of field: ScoredField) -> ScoredField {
        leftOut.isEmpty ? field : field.leavingOut(leftOut)
    }

    /// The rows of a field of tags that figures count.
    func leavingSeenOut(of field: ScoredTags) -> ScoredTags { field.leavingOut(leftOut) }

    /// What was found, in a sentence; nil when no row was seen.
    package var sentence: String? {
        guard let seen, seen > 0 else { return nil }
        let found = "\(seen) of \(rows.counted("row")) \(seen == 1 ? "was" : "were") in the training data"
        guard areLeftOut || isMemory else { return "\(found), and all figures count them." }
        return areLeftOut
            ? "\(found). All figures are of the other \(measured.counted("row"))."
            : "\(found), and too few others are left to measure. The figures below show what the model "
                + "remembers, not how it answers new tickets: give rows that it was not trained on."
    }
}
