internal import TriageNumerics

/// How well a bundle sees that a row belongs to none of its labels.
package struct OutOfScopeScore: Sendable {
    /// Rows with a label, and without.
    package let inside: Int
    /// Rows that belong to none of the labels.
    package let outside: Int
    /// The chance that a row outside scores higher than one inside, ties by half.
    package let area: Estimate
    /// The share of rows outside above the score that 95 % of the rows inside do not exceed.
    package let recall: Estimate
    /// The share of rows outside whose decision has the reason `OUT_OF_SCOPE`.
    package let rejectedOutside: Estimate
    /// The share of rows inside whose decision has that reason wrongly.
    package let rejectedInside: Estimate
    /// The answers of level `auto` to both kinds of rows; nil from a model without levels.
    package let auto: AutoAnswers?

    /// Answers of level `auto`.
    package struct AutoAnswers: Sendable {
        /// Their share of all rows, foreign ones among them.
        package let coverage: Estimate
        /// The share of them that is right, of the rows inside alone.
        package let precisionInside: Estimate
        /// The share of them that is right, each of a row outside counted as wrong.
        package let precision: Estimate
        /// Rows outside that are answered so.
        package let outside: Int

        /// Nil when no row has a level.
        init?(_ field: ScoredField) {
            guard field.levels.contains(where: { $0 != nil }) else { return nil }
            let answered = field.levels.indices.filter { field.levels[$0] == "auto" }
            let right = answered.count { field.isCorrect($0) }
            outside = field.outside.count { $0.level == "auto" }
            let all = answered.count + outside
            coverage = Proportion(part: all, whole: field.rows.count + field.outside.count).estimate
            precisionInside = Proportion(part: right, whole: answered.count).estimate
            precision = Proportion(part: right, whole: all).estimate
        }
    }

    static let acceptance = 0.95

    /// Nil without rows on both sides.
    init?(_ field: ScoredField) {
        guard !field.scope.isEmpty, !field.outside.isEmpty else { return nil }
        (inside, outside) = (field.scope.count, field.outside.count)
        func rejected(_ predictions: [OutOfScopePrediction]) -> Estimate {
            Proportion(part: predictions.count { $0.isRejected }, whole: predictions.count).estimate
        }
        (rejectedOutside, rejectedInside) = (rejected(field.outside), rejected(field.scope))
        auto = AutoAnswers(field)
        let ranking = Ranking(inside: field.scope.map(\.score), outside: field.outside.map(\.score))
        let figures = ranking.measure(ranking.everyRowOnce)
        var samples: (areas: [Double], recalls: [Double]) = ([], [])
        var generator = SplitMix64(seed: Bootstrap.seed)
        for _ in 0..<Bootstrap.resamples(rows: inside + outside) {
            let (area, recall) = ranking.measure(ranking.resample(&generator))
            samples.areas.append(area)
            samples.recalls.append(recall)
        }
        let (areas, recalls) = (samples.areas.interval, samples.recalls.interval)
        area = Estimate(value: figures.area, low: areas?.low, high: areas?.high)
        recall = Estimate(value: figures.recall, low: recalls?.low, high: recalls?.high)
    }

    /// Rows of both sides by rising score.
    private struct Ranking {
        let scores: [Float]
        let isOutside: [Bool]
        /// Positions of either side, for drawing.
        let sides: [[Int]]

        init(inside: [Float], outside: [Float]) {
            let rows = inside.map { ($0, false) } + outside.map { ($0, true) }
            let order = rows.indices.sorted { (rows[$0].0, $0) < (rows[$1].0, $1) }
            scores = order.map { rows[$0].0 }
            let isOutside = order.map { rows[$0].1 }
            self.isOutside = isOutside
            sides = [false, true].map { side in isOutside.indices.filter { isOutside[$0] == side } }
        }

        var everyRowOnce: [Int32] { [Int32](repeating: 1, count: scores.count) }

        /// As many rows of either side as there are.
        func resample(_ generator: inout SplitMix64) -> [Int32] {
            var weights = [Int32](repeating: 0, count: scores.count)
            for side in sides {
                for _ in side { weights[side[generator.below(side.count)]] += 1 }
            }
            return weights
        }

        func measure(_ weights: [Int32]) -> (area: Double, recall: Double) {
            let (inside, outside) = (sides[0].count, sides[1].count)
            let needed = Int((Double(inside) * acceptance).rounded(.up))
            var (below, wins, accepted, missed) = (0, 0.0, 0, 0)
            var start = 0
            while start < scores.count {
                var (insideHere, outsideHere, end) = (0, 0, start)
                while end < scores.count, scores[end] == scores[start] {
                    if isOutside[end] {
                        outsideHere += Int(weights[end])
                    } else {
                        insideHere += Int(weights[end])
                    }
                    end += 1
                }
                wins += Double(outsideHere) * (Double(below) + Double(insideHere) / 2)
                below += insideHere
                // Up to the score at which enough rows inside are accepted, rows outside are too.
                if accepted < needed { missed += outsideHere }
                accepted += insideHere
                start = end
            }
            return (wins / Double(inside * outside), Double(outside - missed) / Double(outside))
        }
    }
}
