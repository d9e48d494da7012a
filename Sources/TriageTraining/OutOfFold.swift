import TriageModel
import TriageNumerics

/// Logits of training rows by weights that never saw them, their near-duplicates or their group.
///
/// Fits are as tight as the last one's, with its penalty shared out by row, so that the logits have its scale: a
/// temperature or a threshold found on them holds for it. `inspect` is shown each fold's fit, its parameters, and the
/// places and logits of its rows. Folds are taken until `enough` rows are held out; each fit starts at zero, since
/// another fold's weights, or the final ones, have seen these rows.
struct OutOfFold {
    private static let enough = 4000

    private(set) var heldOut: HeldOut
    /// The row of the matrix that each of `heldOut` is.
    private(set) var rows: [Int] = []
    /// How much of each row's text and embedding the weights did not know.
    private(set) var contents: [OutOfScopeFeatures.Content] = []
    /// The same of rows of none of the labels, if there are any; their logits are in `outsideLogits`.
    private(set) var outsideContents: [OutOfScopeFeatures.Content] = []
    private(set) var outsideLogits: [Float] = []

    init(
        _ whole: HeadFit, folds: Folds, settings: ModelManifest.Hyperparameters, outside: [Int] = [],
        all: Bool = false, measuresContent: Bool = true, progress: (Double) throws -> Void,
        inspect: (HeadFit, [Float], [Int], ArraySlice<Float>) -> Void = { _, _, _, _ in }
    ) rethrows {
        heldOut = HeldOut(
            classCount: whole.classCount, stride: whole.columns, hasTags: whole.tags != nil)
        for number in 0..<folds.count where all || rows.count < OutOfFold.enough {
            try progress(Double(number) / Double(folds.count))
            let (training, test) = folds.split(number)
            guard !training.isEmpty, !test.isEmpty else { continue }
            let fit = whole.subset(training, sharesPenalty: true)
            var parameters: [Float] = []
            _ = fit.fit(&parameters, settings) { _ in }
            let chosen = test.map { whole.rows[$0] }
            let logits = fit.logits(of: chosen, parameters, settings)
            let content = measuresContent ? ContentMeasure(fit, settings) : nil
            contents += content?.measure(chosen, logits) ?? []
            heldOut.logits += logits
            heldOut.targets += test.map { whole.targets[$0] }
            if let tags = whole.tags { heldOut.tags? += test.map { tags[$0] } }
            rows += chosen
            inspect(fit, parameters, test, logits[...])
            guard outsideLogits.isEmpty, !outside.isEmpty else { continue }
            outsideLogits = fit.logits(of: outside, parameters, settings)
            outsideContents = content?.measure(outside, outsideLogits) ?? []
        }
    }
}

/// What a fit knows of the text and the embedding of other rows.
struct ContentMeasure {
    private let fit: HeadFit
    private let means: ClassMeans?
    private let prototypes: LabelPrototypes?

    init(_ fit: HeadFit, _ settings: ModelManifest.Hyperparameters) {
        self.fit = fit
        means = settings.embeddingWeight > 0 ? ClassMeans(fit) : nil
        prototypes = settings.embeddingWeight > 0 ? LabelPrototypes(fit) : nil
    }

    /// The signals of rows whose best label `logits` tell; only `labels` count, all where it is nil.
    func measure(_ rows: [Int], _ logits: [Float], labels: [Int]? = nil) -> [OutOfScopeFeatures.Content] {
        let labels = labels ?? Array(0..<fit.classCount)
        let (matrix, columns) = (fit.matrix, fit.columns)
        return rows.enumerated().map { place, row in
            let cells = labels.map { logits[place * columns + $0] }
            let best = labels[TopK.offsets(of: cells[...], count: 1)[0]]
            let unseen = matrix.unseenShares(of: row)
            let embedding = Array(matrix.dense[row * matrix.dimension..<(row + 1) * matrix.dimension])
            return OutOfScopeFeatures.Content(
                unseenWords: unseen.words, unseenCharacters: unseen.characters, seenWords: unseen.seenWords,
                similarity: means?.similarity(matrix, row: row, label: best) ?? 0,
                nearest: prototypes?.nearest(to: embedding, label: best) ?? 0)
        }
    }
}
