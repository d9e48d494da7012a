internal import RealModule
internal import TriageModel
internal import TriageNumerics

/// What an explanation is of: a label, or a parent in a tree of labels.
///
/// A parent S has the probability p = Σ_{k∈S} exp(zₖ/T) ÷ Σⱼ exp(zⱼ/T). With w the shares of its labels in p, v those of the
/// others in 1 − p and H the entropy −Σ w ln w,
///
///     T · ln(p ÷ (1 − p)) = Σ_{k∈S} wₖ zₖ − Σ_{j∉S} vⱼ zⱼ + T (H(w) − H(v)).
///
/// The difference of the two sums is linear in the features, so that it has a part for each word; `spread` is the last term.
/// wₖ and vⱼ are also the derivatives of the left side, so that the parts are those of a small change.
struct ExplainedAnswer {
    let name: String
    /// Its labels: one, or those of a parent.
    private let labels: [Int]
    private let node: LabelTree.Node?

    /// The answer of a prediction, or another label or parent that is named.
    init(_ prediction: Decision.Prediction, _ named: String?, _ head: ModelBundle.Head) {
        func label(_ text: String) -> ExplainedAnswer? {
            head.labels.index(of: text).map { .init(name: text, labels: [$0], node: nil) }
        }
        func parent(_ text: String) -> ExplainedAnswer? {
            head.tree.flatMap { tree in
                tree.node(reading: text).map {
                    .init(name: tree.name(of: $0), labels: tree.labels(of: $0), node: $0)
                }
            }
        }
        // Of tags the named one, the most probable given one, or the one nearest to being given.
        let own =
            prediction.tags.map { $0.first?.label ?? prediction.alternatives.first?.label ?? "" }
            ?? prediction.label
        let isParent = prediction.path.map { $0.last?.label != own } ?? false
        self =
            named.flatMap { label($0) ?? parent($0) } ?? (isParent ? parent(own) : nil) ?? label(own)
            ?? .init(name: head.labels[0], labels: [0], node: nil)
    }

    private init(name: String, labels: [Int], node: LabelTree.Node?) {
        (self.name, self.labels, self.node) = (name, labels, node)
    }

    /// The answer against all others: of a label its logit less the mean of all; of a tag its own logit.
    func own(_ head: ModelBundle.Head, _ logits: [Float]) -> Direction {
        if head.hasTags { return Direction(tag: labels[0], head, columns: logits.count) }
        let others = head.labels.names.indices.filter { !labels.contains($0) }
        guard node != nil, !others.isEmpty else {
            return Direction(own: labels[0], head, columns: logits.count)
        }
        return Direction(from: labels, to: others, head, logits)
    }

    /// The answer against its likeliest rival of the same depth, and the rival's name; nil without a rival.
    func against(_ head: ModelBundle.Head, _ logits: [Float]) -> (name: String, Direction)? {
        guard !head.hasTags else { return nil }
        guard let node, let tree = head.tree else {
            return head.rival(of: labels[0], logits).map {
                (head.labels[$0], Direction(from: labels[0], to: $0, head, columns: logits.count))
            }
        }
        let sums = tree.sums(
            Softmax.probabilities(logits[head.columns], temperature: head.manifest.temperature),
            depth: node.depth)
        guard let rival = TopK.indices(of: sums, count: 2).first(where: { $0 != node.place }) else {
            return nil
        }
        let other = LabelTree.Node(depth: node.depth, place: rival)
        return (tree.name(of: other), Direction(from: labels, to: tree.labels(of: other), head, logits))
    }
}

/// One factor a column of logits; zero outside one head.
struct Direction {
    private(set) var factors: [Float]
    /// T (H(w) − H(v)) of a parent; nil for labels.
    private(set) var spread: Float?
    private let columns: Range<Int>

    /// A tag's own logit.
    init(tag: Int, _ head: ModelBundle.Head, columns: Int) {
        factors = [Float](repeating: 0, count: columns)
        self.columns = head.columns
        factors[head.columns.lowerBound + tag] = 1
    }

    /// A label's logit less the mean of its head's.
    init(own label: Int, _ head: ModelBundle.Head, columns: Int) {
        factors = [Float](repeating: 0, count: columns)
        self.columns = head.columns
        for column in head.columns { factors[column] = -1 / Float(head.columns.count) }
        factors[head.columns.lowerBound + label] += 1
    }

    /// A label's logit less another's.
    init(from label: Int, to other: Int, _ head: ModelBundle.Head, columns: Int) {
        factors = [Float](repeating: 0, count: columns)
        self.columns = head.columns
        factors[head.columns.lowerBound + label] = 1
        factors[head.columns.lowerBound + other] = -1
    }

    /// The logits of some labels, weighed by their shares, less those of others.
    init(from labels: [Int], to others: [Int], _ head: ModelBundle.Head, _ logits: [Float]) {
        factors = [Float](repeating: 0, count: logits.count)
        columns = head.columns
        let temperature = Double(head.manifest.temperature)
        var entropies = 0.0
        for (side, sign) in [(labels, 1.0), (others, -1.0)] {
            let scaled = side.map { Double(logits[head.columns.lowerBound + $0]) / temperature }
            let largest = scaled.max() ?? 0
            let weights = scaled.map { Double.exp($0 - largest) }
            let whole = weights.reduce(0, +)
            for (label, weight) in zip(side, weights) where weight > 0 {
                let share = weight / whole
                factors[head.columns.lowerBound + label] = Float(sign * share)
                entropies -= sign * share * Double.log(share)
            }
        }
        spread = Float(temperature * entropies)
    }

    /// What a head's live label mix adds; nil without one.
    func labelMix(of head: ModelBundle.Head) -> Float? {
        guard !head.biasShift.isEmpty else { return nil }
        return zip(factors[columns], head.biasShift).reduce(Float(0)) { $0 + $1.0 * $1.1 }
    }

    func product(with logits: [Float]) -> Float {
        Float(columns.reduce(0.0) { $0 + Double(factors[$1]) * Double(logits[$1]) })
    }
}
