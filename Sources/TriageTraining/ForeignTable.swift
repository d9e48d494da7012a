import TriageModel
import TriageNumerics

/// The rows that none of the labels fits, with a fitted out-of-scope score: answers by label, or by the nodes of a tree.
struct ForeignTable {
    private let logits: [Float]
    private let outOfScope: [Float]
    private let isInside: [Bool]
    private let columns: Int
    private let classCount: Int
    private let temperature: Float

    init(
        _ rows: OutOfScopeFit.ForeignRows, _ scope: ModelManifest.OutOfScopeModel, _ whole: HeadFit,
        _ temperature: Float
    ) {
        (logits, columns, classCount) = (rows.logits, whole.columns, whole.classCount)
        self.temperature = temperature
        outOfScope = rows.signals.map { scope.score($0) }
        isInside = outOfScope.map { $0 <= scope.threshold }
    }

    /// The answers by label; nil without rows.
    func scores() -> ForeignScores? { scores { $0 } }

    /// The answers by the nodes of one depth of a tree; nil without rows.
    func scores(_ tree: LabelTree, depth: Int) -> ForeignScores? { scores { tree.sums($0, depth: depth) } }

    private func scores(_ answers: ([Float]) -> [Float]) -> ForeignScores? {
        guard !outOfScope.isEmpty else { return nil }
        return ForeignScores(
            outOfScope.indices.map { row in
                let cells = logits[row * columns..<row * columns + classCount]
                let sums = answers(Softmax.probabilities(cells, temperature: temperature))
                    .map(Softmax.rounded)
                let best = TopK.indices(of: sums, count: 2)
                let margin = sums[best[0]] - (best.count > 1 ? sums[best[1]] : 0)
                return ForeignScores.Row(
                    confidence: sums[best[0]], predicted: best[0],
                    isClear: isInside[row] && margin >= ModelManifest.Head.ambiguityMargin,
                    outOfScope: outOfScope[row])
            })
    }
}
