import TriageModel
import TriageNumerics

/// Fits the bounds of `ModelManifest.MemoryRule` on the rows that folds held out.
///
/// Some labels in turn play the corrected one: three of its rows are remembered, and all held-out rows are compared with
/// them. Each bound is the least that moves no more than one in a thousand of the rows that have another label. For the
/// first bound the label is taken to be renamed; for the second, rows are moved to it that the model gives another label.
struct MemoryFit {
    /// Rows of other labels that three corrected tickets may move.
    static let falseShare = 0.001
    static let remembered = ModelManifest.MemoryRule.minimumVotes
    private static let maximumRows = 3_000
    private static let maximumLabels = 30
    private static let minimumOfLabel = 8
    /// Bounds are never lower than for tickets that share half of meaning and spelling.
    private static let leastBound: Float = 0.7

    private let matrix: FeatureMatrix
    private let usesMeaning: Bool
    private let temperature: Float
    private let rows: [Int]
    private let targets: [Int]
    private let logits: [ArraySlice<Float>]
    private let classCount: Int

    init(
        _ whole: HeadFit, _ outOfFold: OutOfFold, _ settings: ModelManifest.Hyperparameters,
        _ temperature: Float
    ) {
        matrix = whole.matrix
        usesMeaning = settings.embeddingWeight > 0 && whole.matrix.dimension > 0
        self.temperature = temperature
        classCount = whole.classCount
        let held = outOfFold.heldOut
        let step = max(1, (outOfFold.rows.count + MemoryFit.maximumRows - 1) / MemoryFit.maximumRows)
        let places = stride(from: 0, to: outOfFold.rows.count, by: step)
        rows = places.map { outOfFold.rows[$0] }
        targets = places.map { held.targets[$0] }
        logits = places.map { held.logits[$0 * held.stride..<$0 * held.stride + held.classCount] }
    }

    /// The bounds; nil when too few labels have rows to remember.
    func rule() -> ModelManifest.MemoryRule? {
        var members = [[Int]](repeating: [], count: classCount)
        for (place, target) in targets.enumerated() { members[target].append(place) }
        let usable = members.indices.filter { members[$0].count >= MemoryFit.minimumOfLabel }
        guard usable.count >= 2 else { return nil }
        let step = max(1, (usable.count + MemoryFit.maximumLabels - 1) / MemoryFit.maximumLabels)
        let chosen = stride(from: 0, to: usable.count, by: step).map { usable[$0] }
        let answers = logits.map { answer($0) }
        var (same, any): ([Float], [Float]) = ([], [])
        for label in chosen {
            let kept = members[label]
            let memory = (0..<MemoryFit.remembered).map {
                kept[$0 * (kept.count - 1) / (MemoryFit.remembered - 1)]
            }
            let likeness = memory.map { self.likeness(of: rows[$0]) }
            for place in rows.indices where targets[place] != label {
                let votes = memory.indices.map { likeness[$0][place] }
                let ofSame = memory.indices.filter { answers[memory[$0]].best == answers[place].best }
                if ofSame.count == memory.count {
                    same.append(
                        ModelManifest.MemoryRule.sum(
                            ofSame.map { number in
                                ModelManifest.MemoryRule.cautious(
                                    .init(
                                        likeness: votes[number], isSameLabel: true,
                                        confidence: answers[memory[number]].probability),
                                    answers[place].probability)
                            }))
                }
                guard answers[place].best != label else { continue }
                any.append(
                    ModelManifest.MemoryRule.sum(votes)
                        - ModelManifest.MemoryRule.doubt * margin(place, answers[place], to: label))
            }
        }
        let allowed = Int(MemoryFit.falseShare * Double(rows.count * chosen.count))
        return ModelManifest.MemoryRule(
            sameLabel: MemoryFit.bound(same, allowed), anyLabel: MemoryFit.bound(any, allowed),
            rows: rows.count)
    }

    /// The least bound that at most `allowed` values reach, to three decimals.
    private static func bound(_ values: [Float], _ allowed: Int) -> Float {
        let sorted = values.sorted(by: >)
        guard allowed < sorted.count else { return leastBound }
        return max(leastBound, ((sorted[allowed] + 0.001) * 1_000).rounded(.up) / 1_000)
    }

    private typealias Answer = (best: Int, probability: Float, partition: Softmax.Partition)

    private func answer(_ logits: ArraySlice<Float>) -> Answer {
        let partition = Softmax.Partition(logits, temperature: temperature)
        let best = TopK.offsets(of: logits, count: 1)[0]
        return (best, partition.probability(of: logits[logits.startIndex + best]), partition)
    }

    private func margin(_ place: Int, _ answer: Answer, to label: Int) -> Float {
        let cells = logits[place]
        let other = answer.partition.probability(of: cells[cells.startIndex + label])
        return ModelManifest.MemoryRule.margin(answer.probability, other)
    }

    /// How like each row is to one of them.
    private func likeness(of row: Int) -> [Float] {
        var values = [Float](repeating: 0, count: matrix.sparseColumns)
        for entry in matrix.starts[row]..<matrix.starts[row + 1] {
            let column = Int(matrix.indices[entry])
            if column >= matrix.wordColumns { values[column] = matrix.values[entry] }
        }
        let dimension = matrix.dimension
        return rows.map { other in
            var spelling: Float = 0
            for entry in matrix.starts[other]..<matrix.starts[other + 1] {
                spelling += matrix.values[entry] * values[Int(matrix.indices[entry])]
            }
            guard usesMeaning else { return 2 * spelling }
            var meaning: Float = 0
            for k in 0..<dimension {
                meaning += matrix.dense[row * dimension + k] * matrix.dense[other * dimension + k]
            }
            return meaning + spelling
        }
    }
}
