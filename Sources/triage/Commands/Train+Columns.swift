import TriageData
import TriageModel
import TriageTraining

extension Train {
    /// The columns of a training: those that were named, else those of the model that it begins with.
    func columns(after earlier: ModelBundle?) throws -> TrainingSet.Columns {
        let remembered = earlier?.manifest.input
        var columns = TrainingSet.Columns(
            text: text.columns(earlier), labels: try shape.fields(beside: label), outOfScopeLabel: oosLabel,
            group: group ?? remembered?.requester, time: time ?? remembered?.time)
        columns.joinsLabelForms = mergeLabels
        columns.shapes = shape.shapes
        return columns
    }

    /// Whether rows are split in time: by the named column, or by the earlier model's where each row has a date in it.
    func splitsByTime(_ set: TrainingSet, _ columns: TrainingSet.Columns) throws -> Bool {
        if let time {
            try set.checkTimes(column: time)
            return true
        }
        guard let column = columns.time else { return false }
        let isUsable = set.input?.time != nil && (try? set.checkTimes(column: column)) != nil
        let outcome =
            isUsable ? "rows are split in time by it" : "not every row has a date there, so it is not used"
        Terminal.say("triage: column '\(column)' was the earlier model's time: \(outcome)")
        return isUsable
    }

    /// The target of an earlier model's fields, which they may share.
    func target(of earlier: ModelBundle) -> AutoTarget? {
        let targets = Set(earlier.heads.compactMap(\.manifest.auto?.target)).sorted()
        guard !targets.isEmpty else { return nil }
        guard targets.count == 1, let target = AutoTarget(parsing: targets[0]) else {
            Terminal.say(
                "triage: warning: the earlier model's targets (\(targets.joined(separator: "; "))) are not taken over; give "
                    + "--target, or run models tune again")
            return nil
        }
        if target != TrainingOptions().target {
            Terminal.say("triage: target \(target.text), as in the earlier model")
        }
        return target
    }

    /// The largest share of foreign tickets that an earlier model's fields were solved with.
    func foreignShare(of earlier: ModelBundle) -> ForeignShare? {
        let shares = earlier.heads.compactMap { ForeignShare($0.manifest.auto) }
        guard let largest = shares.max(by: { $0.share < $1.share }) else { return nil }
        let percent = (1000 * largest.share).rounded() / 10
        Terminal.say(
            "triage: \(percent == percent.rounded() ? String(Int(percent)) : String(percent)) % foreign tickets, as in the earlier model"
        )
        return largest
    }

    /// Names the earlier model's column of requesters, where it is read.
    func sayRequesters(_ set: TrainingSet) {
        guard group == nil, let column = set.input?.requester else { return }
        Terminal.say(
            "triage: rows with equal values of column '\(column)' stay together, as in the earlier model")
    }
}
