internal import TriageData
package import TriageModel

/// How many of 100 tickets need no person in a field, and how many of these would be answered wrongly.
///
/// Both are shares of all measured rows with the interval of Wilson: rows at level `auto`, and rows at that level whose
/// answer is wrong.
package struct AutomationShare: Sendable, Equatable {
    /// Rows with a label.
    package let rows: Int
    /// Rows at level `auto`.
    package let automatic: Int
    /// Of those, rows whose answer is wrong.
    package let wrong: Int
    /// Rows whose best label is right, at any level.
    private let right: Int

    /// With fewer rows the intervals are wider than twenty points, so the sentence about 100 tickets is left out.
    package static let minimumRows = 100

    /// Nil for rows that no levels were decided for.
    init?(_ field: ScoredField) {
        guard field.levels.contains(where: { $0 != nil }) else { return nil }
        let places = field.levels.indices.filter { field.levels[$0] == "auto" }
        rows = field.rows.count
        automatic = places.count
        wrong = places.count { !field.isCorrect($0) }
        right = field.rows.indices.count { field.isCorrect($0) }
    }

    /// The share at level `auto`; undefined over too few rows.
    package var automaticShare: Estimate { estimate(automatic) }

    /// The share that is `auto` and wrong; undefined over too few rows.
    package var wrongShare: Estimate { estimate(wrong) }

    private func estimate(_ part: Int) -> Estimate {
        rows < AutomationShare.minimumRows
            ? Estimate(value: nil, low: nil, high: nil) : Proportion(part: part, whole: rows).estimate
    }

    /// The sentence that a report opens with.
    package var sentence: String {
        guard rows >= AutomationShare.minimumRows else {
            return
                "\(rows.counted("row")) \(rows == 1 ? "is" : "are") too few to say how many of 100 tickets can be "
                + "handled automatically: measure \(AutomationShare.minimumRows) or more."
        }
        guard automatic > 0 else {
            let best = Proportion(part: right, whole: rows).estimate
            return "Of 100 tickets like these, none can be handled automatically (95 % interval "
                + "\(AutomationShare.interval(automaticShare))): no answer has level auto. The label that a person is shown first is "
                + "right in \(AutomationShare.ofHundred(best.value)) of the 100 "
                + "(95 % interval \(AutomationShare.interval(best)))."
        }
        return
            "Of 100 tickets like these, \(AutomationShare.ofHundred(automaticShare.value)) can be handled automatically; "
            + "\(AutomationShare.ofHundred(wrongShare.value)) of these would be wrong "
            + "(95 % interval \(AutomationShare.interval(wrongShare)))."
    }

    private static func interval(_ share: Estimate) -> String {
        "\(ofHundred(share.low)) to \(ofHundred(share.high))"
    }

    /// A share of 100 tickets: whole ones from ten on, else tenths.
    private static func ofHundred(_ share: Double?) -> String {
        guard let share else { return OutputFormat.nothing }
        let text = OutputFormat.fixed(100 * share, share >= 0.0995 ? 0 : 1)
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}

/// What training measured of a field on rows that it held out.
package struct HeldOutFigure: Sendable, Equatable {
    package let field: String
    package let accuracy: Double
    package let rows: Int

    /// Nil for a head whose training held no rows out.
    init?(_ head: ModelBundle.Head) { self.init(head.manifest) }

    init?(_ head: ModelManifest.Head) {
        let metrics = head.metrics
        guard let accuracy = metrics["held_out_accuracy"], let rows = metrics["held_out_rows"] else {
            return nil
        }
        (field, self.accuracy, self.rows) = (head.field, accuracy, Int(rows))
    }
}
