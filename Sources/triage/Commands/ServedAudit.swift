#if Service
import TriageData
import TriageEngine
import TriageModel
import TriageNumerics
import TriageServer
import TriageStore
import TriageText
import TriageTraining

/// The audit of the labels that people gave, for the console: the work of `triage audit` on the rows of `train --feedback`.
extension ModelDesk {
    /// Tickets that are audited: more take minutes on one processor.
    private static let auditedTickets = 5_000
    private static let minimumAudited = 30

    static func audit(_ store: TicketStore, _ model: ModelBundle, _ field: String) throws -> LabelAudit {
        let export = try store.exportFeedback(newest: auditedTickets)
        guard let head = model.head(field: field),
            let set = try rows(export, of: field, model, head.manifest),
            set.examples.count >= minimumAudited, set.labelSets[0].count > 1
        else {
            return LabelAudit(rows: min(export.rows, minimumAudited - 1), minimum: minimumAudited)
        }
        // One processor is left to decisions.
        let audit = try TriageTraining.LabelAudit(
            set, field: 0, options: TrainingOptions(), embedding: try Installation.embedding(of: model),
            workers: Workers(1))
        let judgesRows = audit.judgesRows
        let suspects = audit.suspects.filter { !judgesRows || $0.isLikelyWrong }
        let doubtful = suspects.compactMap { suspect in
            set.examples[suspect.row].id.map { id in
                DoubtfulLabel(
                    id: id, label: audit.labels[suspect.label], suggested: audit.labels[suspect.suggested],
                    probability: suspect.probabilities.label,
                    suggestedProbability: suspect.probabilities.suggested, words: suspect.words.label,
                    suggestedWords: suspect.words.suggested)
            }
        }
        return LabelAudit(
            rows: audit.rows, minimum: minimumAudited, doubtful: doubtful, judgesRows: judgesRows)
    }

    /// The labelled rows of a field; nil where people labelled none.
    private static func rows(
        _ export: FeedbackExport, of field: String, _ model: ModelBundle, _ head: ModelManifest.Head
    ) throws -> TrainingSet? {
        var columns = TrainingSet.Columns(labels: [field])
        columns.joinsLabelForms = head.joinsLabelForms == true
        do {
            return try TrainingSet(
                files: [], columns: columns, preparation: TextPreparation(),
                adding: (name: "feedback", lines: export.lines), workers: Workers(1))
        } catch TrainingError.noLabels { return nil }
    }
}
#endif
