package import TriageNumerics

extension HeldOutScores {
    /// One row's likeliest labels: what another label mix, or the cost of mistakes, decides among.
    package struct Candidates: Sendable {
        /// The most that are kept of a row.
        package static let most = 8

        /// Labels of a row: all of the field's, eight at most.
        package let width: Int
        /// rows × width places of labels, the likeliest first.
        package let labels: ConstantBuffer<Int32>
        /// rows × width calibrated probabilities, not rounded.
        package let probabilities: ConstantBuffer<Float>
        /// 1 where the row is not out of scope.
        package let inside: ConstantBuffer<Int8>

        /// Candidates of the given columns.
        package init(
            width: Int, labels: ConstantBuffer<Int32>, probabilities: ConstantBuffer<Float>,
            inside: ConstantBuffer<Int8>
        ) {
            precondition(
                labels.count == inside.count * width && probabilities.count == labels.count,
                "\(labels.count) candidates, \(width) of each of \(inside.count) rows")
            (self.width, self.labels, self.probabilities, self.inside) = (
                width, labels, probabilities, inside
            )
        }
    }

    /// Some of these rows, as if drawn from tickets of a live mix, with the probabilities that it gives them.
    ///
    /// Rows of each label are kept with a chance in proportion to its live share ÷ its share of these rows (von
    /// Neumann's rejection), so that those left are a plain sample of the live mix and exact binomial bounds hold for
    /// them, as far as the mix itself is right. Labels beyond the candidates are taken together, with their mean ratio.
    /// Nil without candidates, or when a label that the mix expects was never held out.
    func resampled(to head: ModelManifest.Head) -> HeldOutScores? {
        guard let candidates, let mix = head.labelMix, let ratios = head.mixRatios,
            let chances = keepingChances(mix.shares)
        else { return nil }
        var generator = SplitMix64(seed: 0x6D69_78)
        let kept = (0..<count).filter { generator.unitFloat() < chances[Int(gold[$0])] }
        let shares = head.labelShares ?? []
        let rows = kept.map { reweighted($0, candidates, ratios, shares) }.sorted {
            ($1.confidence, $0.best, $0.gold) < ($0.confidence, $1.best, $1.gold)
        }
        return HeldOutScores(
            confidence: ConstantBuffer(rows.map(\.confidence)),
            predicted: ConstantBuffer(rows.map { Int32($0.best) }),
            gold: ConstantBuffer(rows.map { Int32($0.gold) }),
            goldProbability: ConstantBuffer(rows.map(\.goldProbability)),
            clear: ConstantBuffer(rows.map { $0.isClear ? 1 : 0 }),
            candidates: Candidates(
                width: candidates.width, labels: ConstantBuffer(rows.flatMap(\.labels)),
                probabilities: ConstantBuffer(rows.flatMap(\.probabilities)),
                inside: ConstantBuffer(rows.map(\.inside))),
            outOfScope: outOfScope.map { _ in ConstantBuffer(rows.map(\.outOfScope)) },
            foreign: foreign?.reweighted(by: ratios))
    }

    /// For each label the chance that one of its rows is kept; nil when an expected label has no row.
    private func keepingChances(_ shares: [Float]) -> [Float]? {
        var rows = [Int](repeating: 0, count: shares.count)
        for row in 0..<count { rows[Int(gold[row])] += 1 }
        // A label at the smallest share is one that is not expected.
        let unexpected = 1.01 * ModelManifest.ClassPriors.minimumShare
        guard zip(shares, rows).allSatisfy({ $1 > 0 || $0 <= unexpected }) else { return nil }
        let weights = zip(shares, rows).map { $1 > 0 ? $0 / Float($1) : 0 }
        guard let largest = weights.max(), largest > 0 else { return nil }
        return weights.map { $0 / largest }
    }

    private struct Reweighted {
        var labels: [Int32]
        var probabilities: [Float]
        var gold: Int
        var goldProbability: Float
        var inside: Int8
        var outOfScope: Float

        var best: Int { Int(labels[0]) }
        var confidence: Float { Softmax.rounded(probabilities[0]) }
        var isClear: Bool {
            let second = probabilities.count > 1 ? Softmax.rounded(probabilities[1]) : 0
            return inside == 1 && confidence - second >= ModelManifest.Head.ambiguityMargin
        }
    }

    private func reweighted(
        _ row: Int, _ candidates: Candidates, _ ratios: [Float], _ shares: [Float]
    ) -> Reweighted {
        let cells = row * candidates.width..<(row + 1) * candidates.width
        let labels = cells.map { candidates.labels[$0] }
        let weights = zip(cells, labels).map { candidates.probabilities[$0] * ratios[Int($1)] }
        let left = max(0, 1 - cells.reduce(Float(0)) { $0 + candidates.probabilities[$1] })
        let others = ratios.indices.filter { !labels.contains(Int32($0)) }
        let live = others.reduce(Float(0)) { $0 + ratios[$1] * shares[$1] }
        let trained = others.reduce(Float(0)) { $0 + shares[$1] }
        let sum = weights.reduce(0, +) + (trained > 0 ? left * live / trained : 0)
        let order = TopK.indices(of: weights, count: weights.count)
        let gold = Int(self.gold[row])
        let goldWeight =
            labels.firstIndex(of: Int32(gold)).map { weights[$0] } ?? goldProbability[row] * ratios[gold]
        return Reweighted(
            labels: order.map { labels[$0] }, probabilities: order.map { weights[$0] / sum }, gold: gold,
            goldProbability: min(1, Softmax.rounded(goldWeight / sum)), inside: candidates.inside[row],
            outOfScope: outOfScope?[row] ?? 0)
    }
}
