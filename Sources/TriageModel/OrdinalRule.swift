import TriageNumerics

/// Decides a field of ordered labels by the cost of mistakes, not by the largest probability.
///
/// A label s steps milder than the ticket's own costs w · s, one s steps harsher costs s. The label of least
/// expected cost is the mildest that the ticket's own exceeds with a probability of at most 1 ÷ (1 + w): a quantile.
package struct OrdinalRule: Sendable, Equatable {
    /// Each label's step, the mildest lowest.
    package let steps: [Int]
    /// w, from 1: how much more a step too mild costs than one too harsh.
    package let underTriageWeight: Double

    /// A rule for labels at these steps.
    package init(steps: [Int], underTriageWeight: Double) {
        precondition(underTriageWeight >= 1, "weight \(underTriageWeight)")
        (self.steps, self.underTriageWeight) = (steps, underTriageWeight)
    }

    /// The label of least expected cost, of equal ones the mildest; probabilities in label order.
    package func choose(_ probabilities: [Float]) -> Int {
        choose(Array(probabilities.indices), probabilities)
    }

    /// The label of least expected cost among labels in any order, with a probability each.
    func choose(_ labels: [Int], _ probabilities: [Float]) -> Int {
        var best: (label: Int, cost: Double)?
        for chosen in labels.sorted(by: { (steps[$0], $0) < (steps[$1], $1) }) {
            var cost = 0.0
            for (label, probability) in zip(labels, probabilities) {
                let distance = Double(steps[label] - steps[chosen])
                cost += Double(probability) * (distance > 0 ? underTriageWeight * distance : -distance)
            }
            if cost < best?.cost ?? .infinity { best = (chosen, cost) }
        }
        return best?.label ?? 0
    }
}

/// A bound on how often the harshest label's tickets are called milder, and the least weight that keeps it.
///
/// Weights are tried from the harshest down, the likeliest label last, and the walk ends at the first that a one-sided
/// Clopper–Pearson bound on held-out rows of the harshest label does not show: a fixed sequence, so that the bound
/// holds for the weight that is chosen (learn then test, Angelopoulos et al., 2021).
package struct UnderTriageBound: Sendable, Equatable {
    /// The weight, or nil when the likeliest label will do.
    package var underTriageWeight: Double?
    /// Held-out rows of the harshest label.
    package var critical: Int
    /// Those that are called milder.
    package var milder: Int
    /// What share of such tickets is called milder at most, with 95 % confidence.
    package var upperBound: Double
    /// The share of the other held-out rows that are called harsher than they are.
    package var overTriage: Double

    /// Why a bound cannot be kept.
    package enum BoundError: Error, Equatable {
        /// The bundle kept too little of its held-out rows.
        case notKept
        /// So many held-out rows of the harshest label, and so many more are needed.
        case tooFew(critical: Int, missing: Int)
        /// No weight is harsh enough.
        case outOfReach(critical: Int, milder: Int)
    }

    /// The accepted probability of a wrong bound.
    package static let error = 0.05
    /// What is tried, harshest first, each a fourth root of 2 below the last; nil for the likeliest label.
    static let weights: [Double?] = {
        let root = 2.0.squareRoot().squareRoot()
        var (weights, weight): ([Double?], Double) = ([], 1024)
        while weight > 0.99 {
            weights.append((weight * 100).rounded() / 100)
            weight /= root
        }
        return weights + [nil]
    }()

    /// Solves the bound for a share of the harshest label's tickets.
    ///
    /// - Throws: `BoundError` when held-out rows cannot show it.
    package init(share: Double, steps: [Int], _ heldOut: HeldOutScores?) throws(BoundError) {
        guard let heldOut, let candidates = heldOut.candidates, candidates.width == steps.count,
            let harshest = steps.max()
        else { throw .notKept }
        let critical = (0..<heldOut.count).filter { steps[Int(heldOut.gold[$0])] == harshest }
        var needed = 1
        while Binomial.cumulative(0, of: needed, probability: share) > UnderTriageBound.error { needed += 1 }
        guard critical.count >= needed else {
            throw .tooFew(critical: critical.count, missing: needed - critical.count)
        }
        var found: UnderTriageBound?
        for weight in UnderTriageBound.weights {
            let rule = weight.map { OrdinalRule(steps: steps, underTriageWeight: $0) }
            let chosen = (0..<heldOut.count).map { candidates.chosen(of: $0, by: rule) }
            let milder = critical.count { steps[chosen[$0]] < harshest }
            guard
                Binomial.cumulative(milder, of: critical.count, probability: share) <= UnderTriageBound.error
            else {
                if found == nil { throw .outOfReach(critical: critical.count, milder: milder) }
                break
            }
            let others = heldOut.count - critical.count
            let harsher = (0..<heldOut.count).count { steps[chosen[$0]] > steps[Int(heldOut.gold[$0])] }
            found = UnderTriageBound(
                underTriageWeight: weight, critical: critical.count, milder: milder,
                upperBound: Binomial.upperBound(milder, of: critical.count, error: UnderTriageBound.error),
                overTriage: others > 0 ? Double(harsher) / Double(others) : 0)
        }
        guard let found else { throw .notKept }
        self = found
    }

    private init(
        underTriageWeight: Double?, critical: Int, milder: Int, upperBound: Double, overTriage: Double
    ) {
        (self.underTriageWeight, self.critical, self.milder) = (underTriageWeight, critical, milder)
        (self.upperBound, self.overTriage) = (upperBound, overTriage)
    }
}

extension HeldOutScores.Candidates {
    /// A rule's label for a row whose candidates are all labels; without a rule the most probable one.
    fileprivate func chosen(of row: Int, by rule: OrdinalRule?) -> Int {
        let cells = row * width..<(row + 1) * width
        guard let rule else { return Int(labels[cells.lowerBound]) }
        return rule.choose(cells.map { Int(labels[$0]) }, cells.map { probabilities[$0] })
    }
}
