import TriageModel
import TriageNumerics

/// Logits of training rows by weights that never saw them, their near-duplicates or their group.
///
/// Fits are as tight as the last one's, so that the logits have its scale: a temperature or a threshold found on them
/// holds for it. `inspect` is shown each fold's fit, its parameters, and the places and logits of its rows. Folds are taken until `enough` rows are held out; each fit starts at zero, since another fold's
/// weights, or the final ones, have seen these rows.
struct OutOfFold {
    private static let enough = 4000

    private(set) var heldOut: HeldOut
    /// The row of the matrix that each of `heldOut` is.
    private(set) var rows: [Int] = []
    /// How much of each row's text and embedding the weights did not know.
    private(set) var novelty: [Novelty] = []
    /// The novelty of rows of none of the labels, if there are any; their logits are in `outsideLogits`.
    private(set) var outsideNovelty: [Novelty] = []
    private(set) var outsideLogits: [Float] = []

    /// What `OutOfScopeFeatures` need beside logits.
    struct Novelty {
        var unseenWords: Float
        var unseenCharacters: Float
        var similarity: Float
    }

    init(
        _ whole: HeadFit, folds: Folds, settings: ModelManifest.Hyperparameters, outside: [Int] = [],
        all: Bool = false, progress: (Double) throws -> Void,
        inspect: (HeadFit, [Float], [Int], ArraySlice<Float>) -> Void = { _, _, _, _ in }
    ) rethrows {
        heldOut = HeldOut(
            classCount: whole.classCount, stride: whole.columns, hasTags: whole.tags != nil)
        for number in 0..<folds.count where all || rows.count < OutOfFold.enough {
            try progress(Double(number) / Double(folds.count))
            let (training, test) = folds.split(number)
            guard !training.isEmpty, !test.isEmpty else { continue }
            let fit = whole.subset(training)
            var parameters: [Float] = []
            _ = fit.fit(&parameters, settings) { _ in }
            let chosen = test.map { whole.rows[$0] }
            let logits = fit.logits(of: chosen, parameters, settings)
            novelty += fit.novelty(of: chosen, logits, settings)
            heldOut.logits += logits
            heldOut.targets += test.map { whole.targets[$0] }
            if let tags = whole.tags { heldOut.tags? += test.map { tags[$0] } }
            rows += chosen
            inspect(fit, parameters, test, logits[...])
            guard outsideLogits.isEmpty, !outside.isEmpty else { continue }
            outsideLogits = fit.logits(of: outside, parameters, settings)
            outsideNovelty = fit.novelty(of: outside, outsideLogits, settings)
        }
    }
}

extension HeadFit {
    /// What these weights know of other rows, whose best label `logits` tell.
    func novelty(
        of others: [Int], _ logits: [Float], _ settings: ModelManifest.Hyperparameters
    ) -> [OutOfFold.Novelty] {
        let means = settings.embeddingWeight > 0 ? ClassMeans(self) : nil
        return others.enumerated().map { place, row in
            let cells = logits[place * columns..<place * columns + classCount]
            let best = TopK.offsets(of: cells, count: 1)[0]
            let (words, characters) = matrix.unseenShares(of: row)
            return OutOfFold.Novelty(
                unseenWords: words, unseenCharacters: characters,
                similarity: means.map { $0.similarity(matrix, row: row, label: best) } ?? 0)
        }
    }
}
