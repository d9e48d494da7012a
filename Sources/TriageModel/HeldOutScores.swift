package import TriageNumerics

/// The predictions for held-out training rows in one field, from which thresholds and label sets are solved.
///
/// Sorted by falling confidence, so that a place does not identify a row of the training data.
package struct HeldOutScores: Sendable {
    /// The calibrated probability of the best label, six decimals, falling.
    package let confidence: ConstantBuffer<Float>
    /// The best label's place.
    package let predicted: ConstantBuffer<Int32>
    /// The row's own label's place.
    package let gold: ConstantBuffer<Int32>
    /// The calibrated probability of the row's own label.
    package let goldProbability: ConstantBuffer<Float>

    /// 1 where the answer is neither ambiguous nor out of scope, so that only its probability counts.
    package let clear: ConstantBuffer<Int8>
    /// Each row's likeliest labels; nil in bundles that were trained before they were kept.
    package let candidates: Candidates?
    /// How little each row looks like the training data; nil in bundles that were trained before it was kept, and where no
    /// out-of-scope score could be fitted.
    package let outOfScope: ConstantBuffer<Float>?
    /// Rows that none of the labels fits; nil where there are none.
    package let foreign: ForeignScores?

    /// Scores of the given columns, all of one length.
    package init(
        confidence: ConstantBuffer<Float>, predicted: ConstantBuffer<Int32>, gold: ConstantBuffer<Int32>,
        goldProbability: ConstantBuffer<Float>, clear: ConstantBuffer<Int8>, candidates: Candidates? = nil,
        outOfScope: ConstantBuffer<Float>? = nil, foreign: ForeignScores? = nil
    ) {
        precondition(
            Set([
                predicted.count, gold.count, goldProbability.count, clear.count,
                candidates?.inside.count ?? confidence.count, outOfScope?.count ?? confidence.count,
            ]) == [confidence.count],
            "columns of unequal length")
        (self.confidence, self.predicted, self.gold) = (confidence, predicted, gold)
        (self.goldProbability, self.clear, self.candidates) = (goldProbability, clear, candidates)
        (self.outOfScope, self.foreign) = (outOfScope, foreign)
    }

    /// The number of rows.
    package var count: Int { confidence.count }

    /// 1 − p of the true label below which it falls in all but a share of tickets like these.
    ///
    /// The conformal quantile of the scores 1 − p(gold), number ⌈(n + 1) · coverage⌉ of n (Vovk et al., 2005);
    /// nil when there are too few rows for that coverage. With a label, over that label's rows alone.
    package func setQuantile(coverage: Double, label: Int? = nil) -> Float? {
        let scores = (0..<count).filter { label == nil || Int(gold[$0]) == label }
            .map { 1 - goldProbability[$0] }.sorted()
        let place = Int((Double(scores.count + 1) * coverage).rounded(.up))
        return place >= 1 && place <= scores.count ? scores[place - 1] : nil
    }
}

extension SafeTensorsWriter {
    /// Adds the held-out scores of a field's labels, or with a depth those of a tree's nodes.
    package mutating func add(_ scores: HeldOutScores, field: String, depth: Int? = nil) {
        let name = SafeTensors.heldOut(field, depth: depth)
        add("\(name).confidence", scores.confidence.array, shape: [scores.count])
        add("\(name).predicted", scores.predicted.array, shape: [scores.count])
        add("\(name).gold", scores.gold.array, shape: [scores.count])
        add("\(name).gold_probability", scores.goldProbability.array, shape: [scores.count])
        add("\(name).clear", scores.clear.array, shape: [scores.count])
        if let outOfScope = scores.outOfScope {
            add("\(name).out_of_scope", outOfScope.array, shape: [scores.count])
        }
        scores.foreign?.add(to: &self, name: name)
        guard let candidates = scores.candidates else { return }
        let shape = [scores.count, candidates.width]
        add("\(name).candidates", candidates.labels.array, shape: shape)
        add("\(name).candidate_probabilities", candidates.probabilities.array, shape: shape)
        add("\(name).inside", candidates.inside.array, shape: [scores.count])
    }
}

extension SafeTensors {
    /// The name of the tensor with each label's mean embedding, labels × dimension.
    package static func classMeans(of field: String) -> String { "field.\(field).class_means" }

    fileprivate static func heldOut(_ field: String, depth: Int? = nil) -> String {
        "field.\(field).held_out" + (depth.map { ".depth_\($0 + 1)" } ?? "")
    }

    /// The held-out scores of each depth above a tree's deepest; empty when the bundle has none.
    ///
    /// - Throws: `ModelError` when columns differ in length, or a node is none of the tree's.
    func heldOutNodes(of head: ModelManifest.Head) throws(ModelError) -> [HeldOutScores] {
        var all: [HeldOutScores] = []
        for (depth, nodes) in (head.labelTree?.depths ?? []).enumerated() {
            guard let scores = try heldOutScores(of: head.field, labels: nodes.names.count, depth: depth)
            else { return [] }
            all.append(scores)
        }
        return all
    }

    /// The held-out scores of one field; nil when the bundle has none.
    ///
    /// - Throws: `ModelError` when columns differ in length, or a label is none of the field's.
    func heldOutScores(
        of field: String, labels: Int, depth: Int? = nil
    ) throws(ModelError) -> HeldOutScores? {
        let name = SafeTensors.heldOut(field, depth: depth)
        guard contains("\(name).confidence") else { return nil }
        let shape = [try shape(of: "\(name).confidence").first ?? 0]
        let predicted = try buffer("\(name).predicted", of: Int32.self, shape: shape)
        let gold = try buffer("\(name).gold", of: Int32.self, shape: shape)
        for row in 0..<shape[0]
        where !(0..<labels).contains(Int(predicted[row]))
            || !(0..<labels).contains(Int(gold[row]))
        { throw .damaged(part: "held-out labels of field \(field)") }
        return HeldOutScores(
            confidence: try numbers("\(name).confidence", shape: shape), predicted: predicted, gold: gold,
            goldProbability: try numbers("\(name).gold_probability", shape: shape),
            clear: try buffer("\(name).clear", of: Int8.self, shape: shape),
            candidates: try candidates(name, rows: shape[0], labels: labels),
            outOfScope: contains("\(name).out_of_scope")
                ? try numbers("\(name).out_of_scope", shape: shape) : nil,
            foreign: try ForeignScores(self, name: name, labels: labels))
    }

    private func candidates(
        _ name: String, rows: Int, labels: Int
    ) throws(ModelError) -> HeldOutScores.Candidates? {
        guard contains("\(name).candidates") else { return nil }
        let shape = [rows, min(labels, HeldOutScores.Candidates.most)]
        let places = try buffer("\(name).candidates", of: Int32.self, shape: shape)
        for cell in 0..<places.count where !(0..<labels).contains(Int(places[cell])) {
            throw .damaged(part: "\(name).candidates")
        }
        return HeldOutScores.Candidates(
            width: shape[1], labels: places,
            probabilities: try numbers("\(name).candidate_probabilities", shape: shape),
            inside: try buffer("\(name).inside", of: Int8.self, shape: [rows]))
    }
}
