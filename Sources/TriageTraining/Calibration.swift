import TriageModel
import TriageNumerics

/// What is learnt from one field's held-out rows: the temperature, the threshold for level `auto`, and what belongs to none
/// of the labels.
struct Calibration: Sendable {
    var temperature: Float = 1
    var metrics: [String: Double] = [:]
    var scores: HeldOutScores?
    var auto: ModelManifest.AutoRule?
    var scope: ModelManifest.OutOfScopeModel?
    var memory: ModelManifest.MemoryRule?
    /// labels × dimension; empty without an embedding.
    var classMeans: [Float] = []
    var prototypes: LabelPrototypes?
    /// The held-out rows and the thresholds of each depth of a tree above its deepest; empty without a tree.
    var nodes: [HeldOutScores] = []
    var levels: [ModelManifest.Tree.Level] = []

    /// Rows whose scores a bundle keeps at most, evenly spread over the confidences.
    private static let maximumKept = 20_000

    /// Without held-out rows: the temperature is 1, and no answer is `auto`.
    init() {}

    init(
        _ whole: HeadFit, folds: Folds, settings: ModelManifest.Hyperparameters, outside: [Int],
        target: AutoTarget, foreignShare: ForeignShare? = nil, labels: [String], tree: LabelTree? = nil,
        progress: (Double) throws -> Void
    ) rethrows {
        let outOfFold = try OutOfFold(whole, folds: folds, settings: settings, outside: outside) {
            try progress(0.6 * $0)
        }
        let heldOut = outOfFold.heldOut
        guard !heldOut.targets.isEmpty else { return }
        temperature = Float(heldOut.bestTemperature().temperature)
        metrics = Calibration.metrics(heldOut)
        memory = MemoryFit(whole, outOfFold, settings, temperature).rule()
        let fit = OutOfScopeFit(whole: whole, folds: folds, settings: settings, temperature: temperature)
        let signals = fit.inside(outOfFold)
        let found = try fit.fit(outOfFold, signals) { try progress(0.6 + 0.4 * $0) }
        let scope = found.scope
        self.scope = scope
        let outOfScope = scope.map { scope in signals.map { scope.score($0) } }
        let isInside =
            outOfScope.map { scores in scores.map { $0 <= scope?.threshold ?? 1 } }
            ?? [Bool](repeating: true, count: signals.count)
        let foreign = scope.map { ForeignTable(found.foreign, $0, whole, temperature) }
        let scores = Calibration.scores(
            heldOut, temperature, isInside, outOfScope, foreign: foreign?.scores())
        self.scores = scores
        auto = ModelManifest.AutoRule(
            target, scores, labels: labels, suggest: ModelManifest.defaultThreshold, foreign: foreignShare)
        if let tree {
            fitTree(
                tree, NodeRows(heldOut, temperature, isInside, outOfScope, foreign), target: target,
                foreignShare)
        }
        if scope != nil, settings.embeddingWeight > 0 {
            classMeans = ClassMeans(whole).vectors
            prototypes = LabelPrototypes(whole)
        }
    }

    /// Adds what the bundle keeps of it beside the manifest.
    func add(to tensors: inout SafeTensorsWriter, field: String, labels: Int) {
        if let scores { tensors.add(scores, field: field) }
        for (depth, scores) in nodes.enumerated() { tensors.add(scores, field: field, depth: depth) }
        if !classMeans.isEmpty {
            tensors.add(
                SafeTensors.classMeans(of: field), classMeans, shape: [labels, classMeans.count / labels])
        }
        prototypes?.add(to: &tensors, field: field)
    }

    /// Metrics on held-out rows, before and after calibration.
    private static func metrics(_ heldOut: HeldOut) -> [String: Double] {
        let (temperature, logLoss) = heldOut.bestTemperature()
        let measures = [
            "held_out_rows": Double(heldOut.targets.count), "held_out_accuracy": heldOut.accuracy,
            "held_out_log_loss": logLoss, "held_out_brier": heldOut.brier(temperature: temperature),
            "uncalibrated_log_loss": heldOut.logLoss(temperature: 1),
            "uncalibrated_brier": heldOut.brier(temperature: 1),
        ]
        return measures.mapValues { ($0 * 1e6).rounded() / 1e6 }
    }

    private struct Row {
        var row: Int
        var confidence: Float
        var best: Int
        var target: Int
        var gold: Float
        var clear: Bool
    }

    /// The places of the held-out rows that are kept.
    static func places(_ heldOut: HeldOut, _ temperature: Float, _ isInside: [Bool]) -> [Int] {
        rows(heldOut, temperature, isInside).map(\.row)
    }

    /// The rows that are kept, by falling confidence.
    private static func rows(_ heldOut: HeldOut, _ temperature: Float, _ isInside: [Bool]) -> [Row] {
        let rows = heldOut.targets.enumerated().map { row, target in
            let cells = heldOut.logits[row * heldOut.stride..<row * heldOut.stride + heldOut.classCount]
            let partition = Softmax.Partition(cells, temperature: temperature)
            let best = TopK.offsets(of: cells, count: 2)
            func probability(_ label: Int) -> Float {
                Softmax.rounded(partition.probability(of: cells[cells.startIndex + label]))
            }
            let margin = probability(best[0]) - probability(best[1])
            return Row(
                row: row, confidence: probability(best[0]), best: best[0], target: target,
                gold: probability(target),
                clear: isInside[row] && margin >= ModelManifest.Head.ambiguityMargin)
        }
        let sorted = rows.sorted {
            ($1.confidence, $0.best, $0.target, $0.gold) < ($0.confidence, $1.best, $1.target, $1.gold)
        }
        let step = max(1, (sorted.count + maximumKept - 1) / maximumKept)
        return stride(from: 0, to: sorted.count, by: step).map { sorted[$0] }
    }

    private static func scores(
        _ heldOut: HeldOut, _ temperature: Float, _ isInside: [Bool], _ outOfScope: [Float]?,
        foreign: ForeignScores?
    ) -> HeldOutScores {
        func cells(_ row: Int) -> ArraySlice<Float> {
            heldOut.logits[row * heldOut.stride..<row * heldOut.stride + heldOut.classCount]
        }
        let kept = rows(heldOut, temperature, isInside)
        let width = min(heldOut.classCount, HeldOutScores.Candidates.most)
        let best = kept.map { TopK.offsets(of: cells($0.row), count: width) }
        let probabilities = zip(kept, best).flatMap { row, best in
            let cells = cells(row.row)
            let partition = Softmax.Partition(cells, temperature: temperature)
            return best.map { partition.probability(of: cells[cells.startIndex + $0]) }
        }
        return HeldOutScores(
            confidence: ConstantBuffer(kept.map(\.confidence)),
            predicted: ConstantBuffer(kept.map { Int32($0.best) }),
            gold: ConstantBuffer(kept.map { Int32($0.target) }),
            goldProbability: ConstantBuffer(kept.map(\.gold)),
            clear: ConstantBuffer(kept.map { $0.clear ? Int8(1) : 0 }),
            candidates: .init(
                width: width, labels: ConstantBuffer(best.flatMap { $0.map { Int32($0) } }),
                probabilities: ConstantBuffer(probabilities),
                inside: ConstantBuffer(kept.map { isInside[$0.row] ? Int8(1) : 0 })),
            outOfScope: outOfScope.map { scores in ConstantBuffer(kept.map { scores[$0.row] }) },
            foreign: foreign)
    }
}
