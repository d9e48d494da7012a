import TriageModel
import TriageNumerics

/// How right models trained on parts of the rows are on rows that none of them saw.
///
/// The last fold is held out. An eighth, a quarter, a half and all of the other rows, in an order by a fixed seed, are fitted
/// with the same settings, so each step doubles the rows of the one before.
struct LearningCurve {
    let steps: [ModelManifest.LearningStep]

    private static let parts = [8, 4, 2, 1]
    private static let seed: UInt64 = 1
    /// Rows of the smallest part, at least.
    private static let minimum = 8

    /// The curve of a field; without steps where too few rows can be divided.
    init(
        _ whole: HeadFit, folds: Folds, settings: ModelManifest.Hyperparameters,
        progress: (Double) throws -> Void
    ) rethrows {
        let (training, test) = folds.split(folds.count - 1)
        guard training.count >= LearningCurve.minimum * (LearningCurve.parts.max() ?? 1), !test.isEmpty else {
            steps = []
            return
        }
        var generator = SplitMix64(seed: LearningCurve.seed)
        let order = training.shuffled(using: &generator)
        let rows = test.map { whole.rows[$0] }
        steps = try LearningCurve.parts.enumerated().map { number, part in
            try progress(Double(number) / Double(LearningCurve.parts.count))
            let chosen = order.prefix(order.count / part).sorted()
            let fit = whole.subset(chosen)
            var parameters: [Float] = []
            _ = fit.fit(&parameters, settings) { _ in }
            var heldOut = HeldOut(classCount: whole.classCount, stride: whole.columns)
            heldOut.logits = fit.logits(of: rows, parameters, settings)
            heldOut.targets = test.map { whole.targets[$0] }
            return ModelManifest.LearningStep(rows: chosen.count, right: heldOut.right, measured: test.count)
        }
    }
}
