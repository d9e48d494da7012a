package import TriageModel
internal import TriageNumerics

extension ModelManifest.AutoRule {
    /// The rule that a target gives on held-out rows that are suggested from a probability on.
    ///
    /// By label if so chosen, the allowed error shared out among the labels. With a share of foreign tickets, a precision is
    /// that of all tickets, and answers may have a stricter limit of the out-of-scope score than `review` has.
    package init(
        _ target: AutoTarget, _ scores: HeldOutScores, labels: [String], suggest: Float,
        byLabel: Bool = false,
        foreign: ForeignShare? = nil
    ) {
        self.init(target: target.text, threshold: nil, rows: scores.count, above: 0, errors: 0)
        let openWorld = OpenWorldLimits(target, scores, foreign)
        if let openWorld, let foreign {
            self.foreign = .init(
                share: foreign.share, estimatedFrom: foreign.estimatedFrom, scopeLimit: nil,
                rows: openWorld.rows, above: 0)
        }
        if byLabel {
            solveByLabel(target, scores, labels: labels, suggest: suggest, openWorld?.loosest)
        } else if let openWorld {
            solve(target, scores, suggest: suggest, openWorld)
        } else if let point = ThresholdSolver(scores, suggest: suggest).solve(target).point {
            (threshold, above, errors) = (point.threshold, point.above, point.errors)
            countForeign(scores, suggest: suggest)
        }
    }

    /// Counts the foreign rows that a rule solved without them would answer.
    private mutating func countForeign(_ scores: HeldOutScores, suggest: Float) {
        guard let threshold, let rows = scores.foreign, rows.count >= ForeignScores.minimumCount else {
            return
        }
        let least = max(threshold, suggest)
        let above = (0..<rows.count).count { rows.clear[$0] == 1 && rows.confidence[$0] >= least }
        foreign = .init(share: 0, scopeLimit: nil, rows: rows.count, above: above)
    }

    private mutating func solveByLabel(
        _ target: AutoTarget, _ scores: HeldOutScores, labels: [String], suggest: Float,
        _ openWorld: ThresholdSolver.OpenWorld?
    ) {
        let share = ThresholdSolver.error / Double(labels.count)
        labelThresholds = [:]
        foreign?.scopeLimit = openWorld?.scopeLimit
        for (place, label) in labels.enumerated() {
            let solver = ThresholdSolver(scores, suggest: suggest, label: place, openWorld: openWorld)
            guard let point = solver.solve(target, error: share).point else { continue }
            labelThresholds?[label] = point.threshold
            (above, errors) = (above + point.above, errors + point.errors)
            foreign?.above += point.foreign
        }
    }

    /// The limit at which most rows are answered; the allowed error is shared out among the limits.
    private mutating func solve(
        _ target: AutoTarget, _ scores: HeldOutScores, suggest: Float, _ openWorld: OpenWorldLimits
    ) {
        let error = ThresholdSolver.error / Double(openWorld.limits.count)
        for limit in openWorld.limits {
            let solver = ThresholdSolver(
                scores, suggest: suggest, openWorld: .init(share: openWorld.share, scopeLimit: limit))
            guard let point = solver.solve(target, error: error).point, point.above > above else { continue }
            (threshold, above, errors) = (point.threshold, point.above, point.errors)
            foreign?.scopeLimit = limit
            foreign?.above = point.foreign
        }
    }
}

/// The out-of-scope scores that are tried as the greatest of an `auto` answer, loosest first.
///
/// They are quantiles of the held-out rows' scores, so they depend on no label.
private struct OpenWorldLimits {
    let share: Double
    let limits: [Float]
    /// Foreign rows.
    let rows: Int

    /// With few rows only the first of these are tried: each takes a part of the allowed error.
    private static let quantiles = [0.95, 0.9, 0.75, 0.5, 0.35, 0.2]

    var loosest: ThresholdSolver.OpenWorld { .init(share: share, scopeLimit: limits[0]) }

    /// Nil when no share was given, the bundle has too few foreign rows, or the target is not a precision.
    init?(_ target: AutoTarget, _ scores: HeldOutScores, _ foreign: ForeignShare?) {
        guard case .precision(let precision) = target, let foreign, foreign.share > 0,
            let outOfScope = scores.outOfScope, let rows = scores.foreign,
            rows.count >= ForeignScores.minimumCount
        else { return nil }
        (share, self.rows) = (foreign.share, rows.count)
        let weight = max(1, share / (1 - share) * Double(scores.count) / Double(rows.count))
        let sorted = outOfScope.array.sorted()
        let count = [6, 3].first { count in
            let least = ThresholdSolver.minimumRows(
                precision: precision, error: ThresholdSolver.error / Double(count))
            return Double(least) * weight * 8 <= Double(scores.count)
        }
        limits = OpenWorldLimits.quantiles.prefix(count ?? 1).map {
            sorted[min(sorted.count - 1, Int(Double(sorted.count) * $0))]
        }
    }
}
