internal import Foundation
internal import TriageModel

/// Sentences of the page of the model.
extension ConsoleWords {
    /// A number with so many decimals.
    func number(_ value: Double, _ decimals: Int) -> String {
        String(format: "%.\(decimals)f", value).split(separator: ".").joined(separator: decimalPoint)
    }

    /// A share in percent with a decimal, rounded down so that 99.96 % is not 100 %.
    func share(_ share: Double) -> String { "\(number((share * 1000 + 1e-6).rounded(.down) / 10, 1))\u{A0}%" }

    func effect(_ effect: ModelDesk.Effect) -> String {
        let sentence = effectSentence(
            share(effect.coverage), effect.rows, share(effect.precision), share(effect.atLeast))
        guard let threshold = effect.threshold else { return sentence }
        return "\(sentence) (\(fromThreshold(number(Double(threshold), 3))))"
    }

    func heldOut(_ field: ModelDesk.Field) -> String {
        heldOutSentence(field.rows, share(Double(field.right) / Double(max(1, field.rows))))
    }

    func outOfReach(_ precision: Double, _ rows: Int) -> String { outOfReachSentence(share(precision), rows) }

    func outcome(_ outcome: ModelPage.Outcome) -> String {
        switch outcome {
        case .saved: outcomeSaved
        case .added: outcomeAdded
        case .promoted: outcomePromoted
        case .rolledBack: outcomeRolledBack
        case .refused: outcomeRefused
        }
    }

    func event(_ event: RegistryEntry.Event) -> String {
        switch event {
        case .added: eventAdded
        case .refused: eventRefused
        case .promoted: eventPromoted
        case .rolledBack: eventRolledBack
        case .kept: eventKept
        case .alias: eventAlias
        }
    }
}
