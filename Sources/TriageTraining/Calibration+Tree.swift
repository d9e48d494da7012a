import TriageModel
import TriageNumerics

extension Calibration {
    /// The held-out rows of a tree's labels, and those that none of them fits.
    struct NodeRows {
        let heldOut: HeldOut
        let temperature: Float
        let isInside: [Bool]
        let outOfScope: [Float]?
        let foreign: ForeignTable?

        init(
            _ heldOut: HeldOut, _ temperature: Float, _ isInside: [Bool], _ outOfScope: [Float]?,
            _ foreign: ForeignTable?
        ) {
            (self.heldOut, self.temperature, self.isInside) = (heldOut, temperature, isInside)
            (self.outOfScope, self.foreign) = (outOfScope, foreign)
        }
    }

    /// Solves the thresholds of each depth above the deepest, on the same held-out rows as those of the labels.
    ///
    /// The target holds for each depth alone. A right label has a right parent, so that a parent may be `auto` where its
    /// label is, whatever its own threshold.
    mutating func fitTree(
        _ tree: LabelTree, _ rows: NodeRows, target: AutoTarget, _ foreignShare: ForeignShare?
    ) {
        let places = Calibration.places(rows.heldOut, temperature, rows.isInside)
        nodes = tree.depths.indices.map { Calibration.nodeScores(places, tree, $0, rows) }
        levels = zip(nodes, tree.depths).map { scores, depth in
            let right = (0..<scores.count).count { scores.predicted[$0] == scores.gold[$0] }
            return ModelManifest.Tree.Level(
                threshold: ModelManifest.defaultThreshold,
                auto: ModelManifest.AutoRule(
                    target, scores, labels: depth.names, suggest: ModelManifest.defaultThreshold,
                    foreign: foreignShare),
                accuracy: (Double(right) / Double(max(scores.count, 1)) * 1e6).rounded() / 1e6)
        }
    }

    private static func nodeScores(
        _ places: [Int], _ tree: LabelTree, _ depth: Int, _ all: NodeRows
    ) -> HeldOutScores {
        let nodes = tree.depths[depth].nodes
        let (heldOut, temperature) = (all.heldOut, all.temperature)
        let rows = places.map { row in
            let cells = heldOut.logits[row * heldOut.stride..<row * heldOut.stride + heldOut.classCount]
            let sums = tree.sums(Softmax.probabilities(cells, temperature: temperature), depth: depth)
                .map(Softmax.rounded)
            let best = TopK.indices(of: sums, count: 2)
            let margin = sums[best[0]] - (best.count > 1 ? sums[best[1]] : 0)
            let gold = nodes[heldOut.targets[row]]
            return (
                confidence: sums[best[0]], best: best[0], target: gold, gold: sums[gold],
                clear: all.isInside[row] && margin >= ModelManifest.Head.ambiguityMargin,
                outOfScope: all.outOfScope?[row] ?? 0
            )
        }.sorted {
            ($1.confidence, $0.best, $0.target, $0.gold) < ($0.confidence, $1.best, $1.target, $1.gold)
        }
        return HeldOutScores(
            confidence: ConstantBuffer(rows.map(\.confidence)),
            predicted: ConstantBuffer(rows.map { Int32($0.best) }),
            gold: ConstantBuffer(rows.map { Int32($0.target) }),
            goldProbability: ConstantBuffer(rows.map(\.gold)),
            clear: ConstantBuffer(rows.map { $0.clear ? 1 : 0 }),
            outOfScope: all.outOfScope.map { _ in ConstantBuffer(rows.map(\.outOfScope)) },
            foreign: all.foreign?.scores(tree, depth: depth))
    }
}

extension ModelManifest.Tree {
    /// The tree of a field with the thresholds of its depths; those without held-out rows never answer `auto`.
    init?(_ tree: FieldTree?, labels: [String], levels: [Level]) {
        guard let tree else { return nil }
        let depths = LabelTree(labels, paths: tree.paths).depths.count
        // A tree of one depth has no parents.
        guard depths > 0 else { return nil }
        self.init(
            separator: tree.paths.separator, columns: tree.columns,
            levels: levels.count == depths
                ? levels
                : [Level](repeating: Level(threshold: ModelManifest.defaultThreshold), count: depths))
    }
}
