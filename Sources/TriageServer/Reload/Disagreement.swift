internal import Foundation
internal import TriageData
internal import TriageEngine

/// One field of one ticket that two bundles answer differently.
///
/// Ids and labels, never text.
struct Disagreement: Sendable, Equatable {
    /// What one of them says.
    struct Answer: Sendable, Equatable {
        var label: String
        var probability: Float
        var level: Decision.Level
    }

    var time: Date
    /// The decision's id in the store; nil without one.
    var decisionID: String?
    /// The caller's own id.
    var ticketID: String?
    var field: String
    var deciding: Answer
    var shadow: Answer

    /// The fields that both have and answer differently.
    static func between(
        _ decision: Decision, _ other: Decision, decisionID: String?, time: Date
    ) -> [Disagreement] {
        decision.predictions.compactMap { prediction in
            guard let rival = other.predictions.first(where: { $0.field == prediction.field }),
                rival.label != prediction.label
            else { return nil }
            return Disagreement(
                time: time, decisionID: decisionID, ticketID: decision.id.map { String($0.prefix(256)) },
                field: prediction.field, deciding: Answer(prediction), shadow: Answer(rival))
        }
    }

    static let wire = WireType<Disagreement>.object { object in
        object.member("time", .text(format: "date-time")) { $0.time.formatted(.iso8601) }
        object.member("decision_id", .orNull(.text)) { $0.decisionID }
        object.member("ticket_id", .orNull(.text)) { $0.ticketID }
        object.member("field", .text) { $0.field }
        object.member("deciding", Answer.wire) { $0.deciding }
        object.member("shadow", Answer.wire) { $0.shadow }
    }
}

extension Disagreement.Answer {
    init(_ prediction: Decision.Prediction) {
        self.init(
            label: prediction.label, probability: prediction.probability, level: prediction.level)
    }

    static let wire = WireType<Disagreement.Answer>.object("ShadowAnswer") { object in
        object.member("label", .text) { $0.label }
        object.member("probability", .share) { $0.probability }
        object.member("level", .choice) { $0.level }
    }
}
