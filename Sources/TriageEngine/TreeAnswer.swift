internal import TriageModel
internal import TriageNumerics

/// The answer in a tree of labels, from that among its leaves.
///
/// An unsure label is backed off to the deepest parent that is sure enough. The chain from the root to the answer and on to
/// its likeliest label is the path, so that no part contradicts another.
struct TreeAnswer {
    private let tree: LabelTree
    private let head: ModelBundle.Head
    private let levels: [ModelManifest.Tree.Level]
    private let leaf: Decision.Prediction
    /// One a label, rounded to six decimals.
    private let labels: [Float]
    /// For each depth above the deepest one a node: sums, rounded to six decimals.
    private let sums: [[Float]]
    /// Whether the ticket has text that is like the training data, in a language of it.
    private let isReadable: Bool

    init(_ tree: LabelTree, _ leaf: Decision.Prediction, _ head: ModelBundle.Head, _ logits: [Float]) {
        (self.tree, self.head, self.leaf) = (tree, head, leaf)
        levels = head.manifest.tree?.levels ?? []
        let exact = Softmax.probabilities(logits[head.columns], temperature: head.manifest.temperature)
        labels = exact.map(Softmax.rounded)
        sums = tree.depths.indices.map { tree.sums(exact, depth: $0).map(Softmax.rounded) }
        isReadable = !leaf.reasons.contains { [.empty, .outOfScope, .language].contains($0) }
    }

    var prediction: Decision.Prediction {
        guard let label = head.labels.index(of: leaf.label) else { return leaf }
        var answer = leaf
        guard leaf.level == .review, isReadable, let sure else {
            answer.path = path(to: label, leaf.level)
            return answer
        }
        answer = self.answer(sure)
        answer.path = path(to: best(in: tree.labels(of: sure)), .review)
        return answer
    }

    /// The deepest node above the labels that is sure enough, but not one whole label that was not.
    private var sure: LabelTree.Node? {
        for depth in tree.depths.indices.reversed() {
            let best = best(at: depth)
            if sums[depth][best] >= levels[depth].threshold, !tree.depths[depth].isLabel[best] {
                return LabelTree.Node(depth: depth, place: best)
            }
        }
        return nil
    }

    private func answer(_ node: LabelTree.Node) -> Decision.Prediction {
        var answer = leaf
        answer.label = tree.name(of: node)
        answer.decided = answer.label
        answer.probability = sums[node.depth][node.place]
        answer.reasons = margin(at: node.depth) < ModelManifest.Head.ambiguityMargin ? [.ambiguous] : []
        answer.reasons += leaf.reasons.filter { $0 == .truncated }
        if answer.reasons.isEmpty, let blocker = blocker(node) { answer.reasons.append(blocker) }
        answer.level = answer.reasons.isEmpty ? .auto : .suggest
        // A person chooses among whole labels.
        answer.alternatives = TopK.indices(of: labels, count: 3).map {
            .init(label: head.labels[$0], probability: labels[$0])
        }
        return answer
    }

    /// A prediction that something else than the model changed to one of the labels, with its path.
    static func adopting(
        _ prediction: Decision.Prediction, _ head: ModelBundle.Head, _ logits: [Float]
    ) -> [Decision.PathStep]? {
        guard let tree = head.tree, let label = head.labels.index(of: prediction.label) else { return nil }
        var changed = prediction
        changed.path = TreeAnswer(tree, prediction, head, logits).path(to: label, prediction.level)
        changed.limitPath(to: .suggest)
        return changed.path
    }

    /// The steps from the root to a label of this level, each with its own level.
    private func path(to label: Int, _ level: Decision.Level) -> [Decision.PathStep] {
        let parts = tree.parts[label]
        var level = level
        var steps = [
            Decision.PathStep(
                column: column(parts.count - 1), name: parts[parts.count - 1], label: head.labels[label],
                probability: labels[label], level: level)
        ]
        for depth in (0..<parts.count - 1).reversed() {
            let node = LabelTree.Node(depth: depth, place: tree.depths[depth].nodes[label])
            // A right label has a right parent.
            level = max(level, self.level(node))
            steps.append(
                Decision.PathStep(
                    column: column(depth), name: parts[depth], label: tree.name(of: node),
                    probability: sums[depth][node.place], level: level))
        }
        return steps.reversed()
    }

    private func column(_ depth: Int) -> String? {
        head.manifest.tree?.columns.flatMap { $0.indices.contains(depth) ? $0[depth] : nil }
    }

    /// The level of one node by its depth's thresholds.
    private func level(_ node: LabelTree.Node) -> Decision.Level {
        let probability = sums[node.depth][node.place]
        guard isReadable, probability >= levels[node.depth].threshold, best(at: node.depth) == node.place
        else { return .review }
        let isClear = margin(at: node.depth) >= ModelManifest.Head.ambiguityMargin
        return isClear && !leaf.reasons.contains(.truncated) && blocker(node) == nil ? .auto : .suggest
    }

    private func blocker(_ node: LabelTree.Node) -> Decision.Reason? {
        Snapshot.autoBlocker(
            head, levels[node.depth].auto, tree.name(of: node), sums[node.depth][node.place],
            outOfScope: leaf.outOfScope)
    }

    /// The likeliest node of a depth, the first of equal ones.
    private func best(at depth: Int) -> Int { TopK.indices(of: sums[depth], count: 1)[0] }

    /// The likeliest of some labels, the first of equal ones.
    private func best(in labels: [Int]) -> Int {
        labels.max { (self.labels[$0], $1) < (self.labels[$1], $0) } ?? 0
    }

    /// How much likelier the likeliest node of a depth is than the next.
    private func margin(at depth: Int) -> Float {
        let best = TopK.indices(of: sums[depth], count: 2)
        return sums[depth][best[0]] - (best.count > 1 ? sums[depth][best[1]] : 0)
    }
}

extension Decision.Prediction {
    /// Lowers the levels of a path, where something else than the model limits them.
    mutating func limitPath(to limit: Decision.Level) {
        path = path?.map { step in
            var step = step
            step.level = min(step.level, limit)
            return step
        }
    }
}
