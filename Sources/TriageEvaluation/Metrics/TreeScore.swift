package import TriageEngine
package import TriageModel

/// One row's answer in a tree of labels.
package struct TreeOutcome: Sendable, Equatable {
    /// For each depth, the deepest last, whether the likeliest node is right.
    package var isRight: [Bool]
    /// How many steps of the path are sure.
    package var depth: Int
    /// Whether all of the sure steps are right.
    package var isAnswerRight: Bool
    /// Whether the answer is the whole path of its label.
    package var isWhole: Bool
    /// Whether the path is none of the tree's, or a parent is less probable than its child.
    package var isContradiction: Bool
}

extension TreeOutcome {
    /// The outcome of a prediction for a row with a label, which the tree may not have; nil without a tree.
    init?(
        _ prediction: Decision.Prediction?, gold: String, likeliest: Int, _ head: ModelBundle.Head,
        _ probabilities: [Float]
    ) {
        guard let tree = head.tree, let prediction, let path = prediction.path,
            let depth = prediction.depth, let leaf = path.last.flatMap({ head.labels.index(of: $0.label) })
        else { return nil }
        let wanted = tree.paths.parts(of: gold)
        func isPrefix(_ parts: [String]) -> Bool { wanted.starts(with: parts) }
        isRight =
            tree.depths.indices.map { depth in
                let sums = tree.sums(probabilities, depth: depth)
                let best = sums.indices.max { (sums[$0], $1) < (sums[$1], $0) } ?? 0
                return tree.paths.parts(of: tree.depths[depth].names[best]) == Array(wanted.prefix(depth + 1))
            }
            + [head.labels[likeliest] == gold]
        self.depth = depth
        isWhole = depth == path.count
        isAnswerRight = isWhole ? path[depth - 1].label == gold : isPrefix(path.prefix(depth).map(\.name))
        isContradiction =
            path.map(\.name) != tree.parts[leaf]
            || zip(path, path.dropFirst()).contains { $0.probability < $1.probability }
            || path.indices.dropLast().contains { step in
                tree.depths[step].names[tree.depths[step].nodes[leaf]] != path[step].label
            }
            || !path.contains { $0.label == prediction.label }
    }
}

/// How the answers of a field whose labels are a tree did at each depth.
package struct TreeScore: Sendable, Equatable {
    /// One depth of the tree.
    package struct Depth: Sendable, Equatable {
        /// The share of rows whose likeliest node of this depth is right.
        package var accuracy: Estimate
        /// Rows whose answer ends here, and of those the share that is right.
        package var answers: Int
        package var right: Estimate
    }

    package let rows: Int
    /// The root's children first; the last is that of whole labels.
    package let depths: [Depth]
    /// Rows without a sure step, which are left to a person.
    package let unsure: Int
    /// Rows whose path contradicts itself or the tree.
    package let contradictions: Int

    /// nil of a field without a tree.
    init?(_ outcomes: [TreeOutcome]) {
        guard let first = outcomes.first else { return nil }
        rows = outcomes.count
        let deepest = first.isRight.count
        depths = (0..<deepest).map { depth in
            // A whole label above the deepest is an answer of the last line.
            let ending = outcomes.filter {
                depth == deepest - 1 ? $0.isWhole && $0.depth > 0 : !$0.isWhole && $0.depth == depth + 1
            }
            let right = ending.count { $0.isAnswerRight }
            return Depth(
                accuracy: Proportion(part: outcomes.count { $0.isRight[depth] }, whole: outcomes.count)
                    .estimate,
                answers: ending.count, right: Proportion(part: right, whole: ending.count).estimate)
        }
        unsure = outcomes.count { $0.depth == 0 }
        contradictions = outcomes.count { $0.isContradiction }
    }
}
