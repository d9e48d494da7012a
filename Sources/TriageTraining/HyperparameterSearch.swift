import TriageModel
import TriageNumerics

/// Chooses block weights and C for one field by cross-validation on its training rows.
///
/// The measure is the Brier score of held-out rows at the temperature that suits them best: it judges order and
/// shape, not scale, and is nearer to what a user counts than log-loss, with less noise than a count. From the start,
/// each setting in turn walks along its grid while that helps; fits begin at the neighbour's solution. Folds are taken
/// until their training rows are 8,000 together, so that small sets use all five and large ones cost one.
struct HyperparameterSearch {
    struct Choice {
        var settings: ModelManifest.Hyperparameters
        var brier: Double
        /// The share of held-out rows whose best label is right.
        var accuracy: Double
    }

    /// What cross-validation found.
    struct Result {
        var best: Choice
        /// What tickets without labels gained; nil without any.
        var unlabelled: TrainedBundle.UnlabelledTrial?
        var tried: Int
    }

    static let defaults = ModelManifest.Hyperparameters(
        characterWeight: 1, embeddingWeight: 1, inversePenalty: 30)
    private static let embeddingGrid: [Float] = [0, 0.25, 0.5, 1, 1.5, 2, 3, 4]
    private static let penaltyGrid: [Float] = [1, 3, 10, 30, 100, 300]
    private static let characterGrid: [Float] = [0.25, 0.5, 1, 1.5, 2]
    private static let unlabelledGrid: [Float] = [0.1, 0.3, 1]
    private static let enoughTrained = 8000
    /// A step must lower the measure by half a percent: less is noise, and drifts to the ends of the grids.
    private static let worthAStep = 0.995
    /// Looser than the last fit's: each fit starts from a neighbour's solution.
    private static let tolerance = 0.03

    private struct Fold {
        var fit: HeadFit
        var test: [Int]
        var testTargets: [Int]
        var testTags: [[Int32]]?
        var parameters: [Float] = []
    }

    private var folds: [Fold] = []
    private var start: ModelManifest.Hyperparameters
    private let hasEmbedding: Bool
    private let hasNames: Bool
    /// The tickets without labels.
    private let unlabelledCount: Int
    private var cache: [Choice] = []
    private let progress: (Int) throws -> Void

    init(
        _ whole: HeadFit, folds splits: Folds, start: ModelManifest.Hyperparameters,
        progress: @escaping (Int) throws -> Void
    ) {
        self.start = start
        self.start.unlabelledWeight = 0
        unlabelledCount = whole.unlabelled.count
        hasEmbedding = whole.matrix.dimension > 0
        hasNames = !whole.names.isEmpty
        self.progress = progress
        var trained = 0
        for number in 0..<splits.count where trained < HyperparameterSearch.enoughTrained {
            let (training, test) = splits.split(number)
            guard !training.isEmpty, !test.isEmpty else { continue }
            trained += training.count
            folds.append(
                Fold(
                    fit: whole.subset(training, sharesPenalty: true), test: test.map { whole.rows[$0] },
                    testTargets: test.map { whole.targets[$0] },
                    testTags: whole.tags.map { tags in test.map { tags[$0] } }))
        }
    }

    /// The best settings found; nil when no fold has rows on both sides.
    mutating func run() throws -> Result? {
        guard !folds.isEmpty else { return nil }
        let alone = try search()
        let (taught, unlabelled) = try addUnlabelled(alone)
        return Result(best: taught, unlabelled: unlabelled, tried: cache.count)
    }

    /// Lets tickets without labels teach, by the weight and the C that suit them, where that lowers the Brier score.
    private mutating func addUnlabelled(
        _ alone: Choice
    ) throws -> (Choice, TrainedBundle.UnlabelledTrial?) {
        guard unlabelledCount > 0 else { return (alone, nil) }
        var best = alone
        for weight in HyperparameterSearch.unlabelledGrid {
            try attempt(&best) { $0.unlabelledWeight = weight }
        }
        if best.settings.unlabelledWeight > 0 {
            try walk(&best, HyperparameterSearch.penaltyGrid, \.inversePenalty)
        }
        return (best, TrainedBundle.UnlabelledTrial(count: unlabelledCount, alone: alone, best: best))
    }

    /// The best settings for labelled rows alone.
    private mutating func search() throws -> Choice {
        var best = try evaluate(start)
        for round in 0..<2 {
            try walk(&best, HyperparameterSearch.penaltyGrid, \.inversePenalty)
            if hasEmbedding { try walk(&best, HyperparameterSearch.embeddingGrid, \.embeddingWeight) }
            try walk(&best, HyperparameterSearch.characterGrid, \.characterWeight)
            if round == 0, best.settings == start { break }
        }
        if hasEmbedding { try attempt(&best) { $0.embeddingWeight = 0 } }
        if hasNames { try attempt(&best) { $0.usesLabelNames.toggle() } }
        return best
    }

    /// Goes up or down one grid from `best`, as long as the Brier score falls.
    private mutating func walk(
        _ best: inout Choice, _ grid: [Float], _ path: WritableKeyPath<ModelManifest.Hyperparameters, Float>
    ) throws {
        for step in [1, -1] {
            var moved = false
            while let place = grid.firstIndex(of: best.settings[keyPath: path]),
                grid.indices.contains(place + step),
                try attempt(&best, { $0[keyPath: path] = grid[place + step] })
            {
                moved = true
            }
            if moved { return }
        }
    }

    /// Changes a setting if that lowers the Brier score; whether it did.
    @discardableResult
    private mutating func attempt(
        _ best: inout Choice, _ change: (inout ModelManifest.Hyperparameters) -> Void
    ) throws -> Bool {
        var settings = best.settings
        change(&settings)
        let candidate = try evaluate(settings)
        guard candidate.brier < best.brier * HyperparameterSearch.worthAStep else { return false }
        best = candidate
        return true
    }

    private mutating func evaluate(_ settings: ModelManifest.Hyperparameters) throws -> Choice {
        if let known = cache.first(where: { $0.settings == settings }) { return known }
        try progress(cache.count)
        let first = folds[0].fit
        var heldOut = HeldOut(
            classCount: first.classCount, stride: first.columns, hasTags: first.tags != nil)
        for index in folds.indices {
            var fold = folds[index]
            let tolerance = HyperparameterSearch.tolerance
            _ = try fold.fit.fitLabelled(
                &fold.parameters, settings, tolerance: tolerance, maximumIterations: 40)
            folds[index] = fold
            _ = try fold.fit.fitRest(
                &fold.parameters, settings, tolerance: tolerance, maximumIterations: 40)
            heldOut.logits += fold.fit.logits(of: fold.test, fold.parameters, settings)
            heldOut.targets += fold.testTargets
            heldOut.tags? += fold.testTags ?? []
        }
        let choice = Choice(
            settings: settings, brier: heldOut.brier(temperature: heldOut.bestTemperature().temperature),
            accuracy: heldOut.accuracy)
        cache.append(choice)
        return choice
    }
}
