package import TriageEvaluation
package import TriageModel

/// The comparison of one field.
package struct FieldComparison: Sendable {
    /// The figures of one way to answer.
    package struct Score: Sendable {
        /// Share of rows right.
        package let accuracy: Estimate
        /// Mean F1 over the union of gold and predicted labels.
        package let macroF1: Estimate

        init(_ field: ScoredField) {
            let estimates = Bootstrap.estimates(FieldMeasurer(field))
            let none = Estimate(value: nil, low: nil, high: nil)
            accuracy = estimates[.accuracy] ?? none
            macroF1 = estimates[.macroF1] ?? none
        }
    }

    package let field: PairedField
    package let engine: Score
    /// LLM mode: the engine's label counts where the model gave none.
    package let mode: Score
    /// The model alone: no label counts as a wrong one.
    package let chosen: Score
    /// The commonest label of these rows as the answer to each: what both must beat.
    package let commonest: (label: String, score: Score)?
    /// Those of engine and model that give one answer to (nearly) every ticket.
    package let oneAnswers: [OneAnswer]
    /// LLM mode as the first, the engine as the second.
    package let paired: PairedComparison?
    /// The share of rows that the engine or LLM mode has right: no rule that picks one of the two can be better.
    package let ceiling: Estimate
    /// Rows that both have right.
    package let bothRight: Int
    /// The share of rows in which both have the same label.
    package let agreement: Estimate
    /// The share of those rows that is right.
    package let accuracyWhereAgreed: Estimate
    /// The engine's labels against those of LLM mode.
    package let confusion: ConfusionMatrix
    /// By label, the engine's figures.
    package let engineLabels: [ConfusionMatrix.LabelScore]
    /// By label, those of LLM mode.
    package let modeLabels: [ConfusionMatrix.LabelScore]
    /// Accuracy over the share of tickets that goes to the model.
    package let deferral: DeferralCurve
    /// Whether that pays.
    package let verdict: DeferralVerdict

    /// Compares the answers of a field that has any.
    package init(_ field: PairedField) {
        self.field = field
        let (engineField, modeField) = (field.engineField, field.modeField)
        engine = Score(engineField)
        mode = Score(modeField)
        chosen = Score(field.chosenField)
        commonest = engineField.commonest.map { ($0.label, Score($0.answers)) }
        oneAnswers = [(engineField, "the engine"), (field.answeredField, "the model")].compactMap {
            OneAnswer($0, by: $1)
        }
        paired = PairedComparison(modeField, engineField)
        let answers = field.answers
        bothRight = answers.count { $0.engine == $0.gold && $0.mode == $0.gold }
        ceiling =
            Proportion(
                part: answers.count { $0.engine == $0.gold || $0.mode == $0.gold }, whole: answers.count
            ).estimate
        let agreed = answers.filter { $0.engine == $0.mode }
        agreement = Proportion(part: agreed.count, whole: answers.count).estimate
        accuracyWhereAgreed =
            Proportion(part: agreed.count { $0.engine == $0.gold }, whole: agreed.count).estimate
        confusion = ConfusionMatrix(field.agreement)
        engineLabels = ConfusionMatrix(engineField).scores
        modeLabels = ConfusionMatrix(modeField).scores
        deferral = DeferralCurve(field)
        verdict = DeferralVerdict(field)
    }

    /// The share of the model's answers that were no label; nil when there were none.
    package var invalidRate: Estimate { Proportion(part: field.invalid, whole: field.asked).estimate }
}
