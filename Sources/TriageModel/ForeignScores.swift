package import TriageNumerics

/// The predictions for rows that none of the labels fits, as a model that never met their labels made them.
///
/// Such rows show how tickets of a kind that training never saw would be answered. They are training rows of labels that
/// were kept away in cross-validation, or rows that the data calls foreign. Sorted by falling confidence, so that a place
/// does not identify a row.
package struct ForeignScores: Sendable {
    /// The most that a bundle keeps of a field, evenly spread over the confidences.
    package static let maximumCount = 3000
    /// Fewer rows than these show nothing.
    package static let minimumCount = 20

    /// The calibrated probability of the best label, six decimals, falling.
    package let confidence: ConstantBuffer<Float>
    /// The best label's place.
    package let predicted: ConstantBuffer<Int32>
    /// 1 where the answer is neither ambiguous nor out of scope.
    package let clear: ConstantBuffer<Int8>
    /// How little each row looks like the training data.
    package let outOfScope: ConstantBuffer<Float>

    package var count: Int { confidence.count }

    /// One row's answer.
    package struct Row: Sendable {
        package var confidence: Float
        package var predicted: Int
        package var isClear: Bool
        package var outOfScope: Float

        package init(confidence: Float, predicted: Int, isClear: Bool, outOfScope: Float) {
            (self.confidence, self.predicted) = (confidence, predicted)
            (self.isClear, self.outOfScope) = (isClear, outOfScope)
        }
    }

    /// Scores of rows in any order.
    package init(_ rows: [Row]) {
        let sorted = rows.sorted {
            ($1.confidence, $0.predicted, $0.outOfScope) < ($0.confidence, $1.predicted, $1.outOfScope)
        }
        let step = max(1, (sorted.count + ForeignScores.maximumCount - 1) / ForeignScores.maximumCount)
        let kept = stride(from: 0, to: sorted.count, by: step).map { sorted[$0] }
        confidence = ConstantBuffer(kept.map(\.confidence))
        predicted = ConstantBuffer(kept.map { Int32($0.predicted) })
        clear = ConstantBuffer(kept.map { $0.isClear ? 1 : 0 })
        outOfScope = ConstantBuffer(kept.map(\.outOfScope))
    }

    private init(
        confidence: ConstantBuffer<Float>, predicted: ConstantBuffer<Int32>, clear: ConstantBuffer<Int8>,
        outOfScope: ConstantBuffer<Float>
    ) {
        (self.confidence, self.predicted) = (confidence, predicted)
        (self.clear, self.outOfScope) = (clear, outOfScope)
    }

    /// The rows as another label mix answers them: each best label's odds grow by its ratio of live to training's share.
    ///
    /// The other labels are taken together, whose mean ratio is close to 1.
    func reweighted(by ratios: [Float]) -> ForeignScores {
        ForeignScores(
            (0..<count).map { row in
                let (label, weight) = (Int(predicted[row]), confidence[row] * ratios[Int(predicted[row])])
                return Row(
                    confidence: Softmax.rounded(weight / (weight + 1 - confidence[row])), predicted: label,
                    isClear: clear[row] == 1, outOfScope: outOfScope[row])
            })
    }
}

extension ForeignScores {
    func add(to tensors: inout SafeTensorsWriter, name: String) {
        tensors.add("\(name).foreign.confidence", confidence.array, shape: [count])
        tensors.add("\(name).foreign.predicted", predicted.array, shape: [count])
        tensors.add("\(name).foreign.clear", clear.array, shape: [count])
        tensors.add("\(name).foreign.out_of_scope", outOfScope.array, shape: [count])
    }

    /// The rows kept under a name; nil without any.
    ///
    /// - Throws: `ModelError` when columns differ in length, or a label is none of the field's.
    init?(_ tensors: SafeTensors, name: String, labels: Int) throws(ModelError) {
        guard tensors.contains("\(name).foreign.confidence") else { return nil }
        let shape = [try tensors.shape(of: "\(name).foreign.confidence").first ?? 0]
        let predicted = try tensors.buffer("\(name).foreign.predicted", of: Int32.self, shape: shape)
        guard predicted.array.allSatisfy({ (0..<labels).contains(Int($0)) }) else {
            throw .damaged(part: "\(name).foreign.predicted")
        }
        self.init(
            confidence: try tensors.numbers("\(name).foreign.confidence", shape: shape), predicted: predicted,
            clear: try tensors.buffer("\(name).foreign.clear", of: Int8.self, shape: shape),
            outOfScope: try tensors.numbers("\(name).foreign.out_of_scope", shape: shape))
    }
}
