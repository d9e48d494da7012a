internal import Foundation
package import TriageData
package import TriageModel

extension TrainedBundle.FieldFit {
    /// Which loss was chosen, and what that gained in cross-validation; nil when only one was tried.
    package func lossSentence(_ chosen: ModelManifest.Loss) -> String? {
        guard let best = losses.first(where: { $0.loss == chosen }),
            let other = losses.first(where: { $0.loss != chosen })
        else { return nil }
        return String(
            format:
                "loss %@, chosen by cross-validation: accuracy %.4f, with %@ %.4f (%+.1f points); log-loss %.4f, %.4f",
            chosen.text, best.accuracy, other.loss.text, other.accuracy,
            100 * (best.accuracy - other.accuracy), best.logLoss, other.logLoss)
    }
}

extension TrainedBundle.LossTrial {
    func write(to json: inout JSONWriter) {
        json.string("loss", loss.rawValue)
        json.number("cross_validated_accuracy", TrainedBundle.LossTrial.rounded(accuracy))
        json.number("cross_validated_log_loss", TrainedBundle.LossTrial.rounded(logLoss))
    }

    private static func rounded(_ value: Double) -> Double { (value * 1e6).rounded() / 1e6 }
}
