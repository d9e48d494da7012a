/// The metrics of one field; the raw value is the name in JSON.
public enum Metric: String, CaseIterable, Sendable {
    /// Share of rows whose best label is the gold one.
    case accuracy
    /// Mean F1 over the union of gold and predicted labels.
    case macroF1 = "macro_f1"
    /// Share of rows whose gold label is among the best three.
    case topThree = "top3_accuracy"
    /// Mean of −ln max(p(gold), 1e-6) over rows whose label the model knows.
    case logLoss = "log_loss"
    /// Mean of Σₖ (pₖ − yₖ)² over rows whose label the model knows; 0 … 2.
    case brier
    /// Σ bins |Σ (correct − p)| / rows over 15 bins of equal mass, by the best label's probability.
    case calibrationError = "ece"
    /// Area under the curve of risk over coverage.
    case riskArea = "aurc"
    /// Cohen's kappa with quadratic weights (Cohen, 1968), of an ordinal field.
    case kappa = "quadratic_kappa"
    /// Mean distance in steps between predicted and gold, of an ordinal field.
    case absoluteError = "mean_absolute_error"
    /// Share of rows predicted milder than they are.
    case underTriage = "under_triage"
    /// Share of rows predicted harsher than they are.
    case overTriage = "over_triage"
    /// Share of the harshest label's rows predicted milder.
    case criticalUnderTriage = "critical_under_triage"

    /// Whether it requires labels in order.
    var isOrdinal: Bool {
        [.kappa, .absoluteError, .underTriage, .overTriage, .criticalUnderTriage].contains(self)
    }

    /// Whether it leaves rows out whose label the model does not know.
    var needsKnownLabel: Bool { [.logLoss, .brier].contains(self) }

    /// How it is called in a report.
    package var title: String {
        switch self {
        case .accuracy: "Accuracy"
        case .macroF1: "Macro-F1"
        case .topThree: "Top-3 accuracy"
        case .logLoss: "Log-loss"
        case .brier: "Brier score"
        case .calibrationError: "Calibration error (ECE)"
        case .riskArea: "Area under risk–coverage"
        case .kappa: "Quadratic weighted kappa"
        case .absoluteError: "Mean absolute error"
        case .underTriage: "Under-triaged"
        case .overTriage: "Over-triaged"
        case .criticalUnderTriage: "Under-triaged, of rows of the harshest label"
        }
    }
}

/// A figure and the interval that 95 % of its resamples fall in; nil where it is undefined.
package struct Estimate: Sendable, Equatable {
    /// The figure on the rows as they are.
    package var value: Double?
    /// The 2.5 % quantile of its bootstrap.
    package var low: Double?
    /// The 97.5 % quantile of its bootstrap.
    package var high: Double?

    /// A figure in its interval, which is widened where it does not hold the figure: the mean of draws that are nearly
    /// all zero lies above their middle 95 %.
    package init(value: Double?, low: Double?, high: Double?) {
        self.value = value
        self.low = low.map { min($0, value ?? $0) }
        self.high = high.map { max($0, value ?? $0) }
    }
}
