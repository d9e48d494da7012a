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

    func write(to json: inout JSONWriter) {
        json.object { json in
            json.key("time")
            json.string(time.formatted(.iso8601))
            json.key("decision_id")
            json.string(decisionID)
            json.key("ticket_id")
            json.string(ticketID)
            json.key("field")
            json.string(field)
            json.key("deciding")
            deciding.write(to: &json)
            json.key("shadow")
            shadow.write(to: &json)
        }
    }
}

extension Disagreement.Answer {
    init(_ prediction: Decision.Prediction) {
        self.init(
            label: prediction.label, probability: prediction.probability, level: prediction.level)
    }

    fileprivate func write(to json: inout JSONWriter) {
        json.object { json in
            json.key("label")
            json.string(label)
            json.key("probability")
            json.sixDecimals(probability)
            json.key("level")
            json.string(level.rawValue)
        }
    }
}
