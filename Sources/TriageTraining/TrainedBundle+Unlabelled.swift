internal import Foundation
internal import TriageData
internal import TriageModel

extension TrainedBundle {
    /// What cross-validation found of tickets without labels.
    package struct UnlabelledTrial: Sendable {
        /// How many there are.
        package var count: Int
        /// What each counts for beside a labelled row's 1; 0 where they gain nothing and are left out.
        package var weight: Float
        /// The accuracy and the Brier score of held-out rows without them and with them.
        package var accuracy: (alone: Double, together: Double)
        package var brier: (alone: Double, together: Double)
    }
}

extension TrainedBundle.UnlabelledTrial {
    init(count: Int, alone: HyperparameterSearch.Choice, best: HyperparameterSearch.Choice) {
        self.init(
            count: count, weight: best.settings.unlabelledWeight, accuracy: (alone.accuracy, best.accuracy),
            brier: (alone.brier, best.brier))
    }

    /// Whether they are used, and what they gained.
    package var sentence: String {
        guard weight > 0 else {
            return "tickets without labels lower no error in cross-validation, so they are left out"
        }
        return String(
            format:
                "tickets without labels count %g of a labelled row, chosen by cross-validation: accuracy %.4f, without %.4f (%+.1f points)",
            weight, accuracy.together, accuracy.alone, 100 * (accuracy.together - accuracy.alone))
    }

    func write(to json: inout JSONWriter) {
        json.key(named: "weight")
        json.number(weight)
        json.number("cross_validated_accuracy", rounded(accuracy.together))
        json.number("cross_validated_accuracy_without", rounded(accuracy.alone))
        json.number("cross_validated_brier", rounded(brier.together))
        json.number("cross_validated_brier_without", rounded(brier.alone))
    }

    private func rounded(_ value: Double) -> Double { (value * 1e6).rounded() / 1e6 }
}
