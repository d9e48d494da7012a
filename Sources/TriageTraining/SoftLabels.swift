import TriageNumerics

/// The labels that a fit gives to tickets without one, to be fitted again with them (self-training; Scudder, 1965).
///
/// Each ticket counts for its likely labels, by their probabilities sharpened: pᵏ / Σ pᵏ = softmax(k · logits). A label
/// of small share is left out, so a ticket that the fit knows nothing of counts for less, or for nothing.
struct SoftLabels {
    struct Label {
        /// The place among the tickets without labels.
        var row: Int
        var label: Int
        var share: Float
    }

    private(set) var labels: [Label] = []

    /// k: above 1, so that likely labels count for more than they do by themselves.
    private static let sharpness: Float = 1.5
    private static let minimumShare: Float = 0.05

    /// `columns` logits a ticket, of which `classCount` count.
    init(logits: [Float], columns: Int, classCount: Int) {
        for row in 0..<logits.count / max(columns, 1) {
            let cells = logits[row * columns..<row * columns + classCount]
            let shares = Softmax.probabilities(cells, temperature: 1 / SoftLabels.sharpness)
            for (label, share) in shares.enumerated() where share >= SoftLabels.minimumShare {
                labels.append(Label(row: row, label: label, share: share))
            }
        }
    }
}
