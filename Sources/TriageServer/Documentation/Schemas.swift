internal import TriageData
internal import TriageDrafts
internal import TriageEngine
internal import TriageLLM
internal import TriageStore
internal import TriageTickets

/// The JSON Schemas of requests and answers that documents refer to by name, as their types' descriptions give them.
enum Schemas {
    static let components =
        [
            Ticket.wire.component, LegacyAgentController.ticket.component, LegacyAgentAnswer.wire.component,
            LegacyAgentError.Detail.wire.component, Decision.Match.wire.component,
            Decision.PathStep.wire.component, Decision.Tag.wire.component,
            Decision.Prediction.wire.component, Decision.SetAside.wire.component, Decision.wire.component,
            Draft.wire.component,
            Explanation.wire.component, QueuedTicket.wire.component, StoredDecision.wire.component,
            FeedbackBody.wire.component, Feedback.wire.component, DeletionReport.wire.component,
            ListedQueue.wire.component, RequeueBody.wire.component, QueueController.requeued.component,
            SearchAnswer.wire.component, ListedModel.list.component, HealthController.wire.component,
            Snapshot.wire.component, LoadedSnapshots.wire.component, Shadow.Report.wire.component,
            Disagreement.Answer.wire.component, Problem.wire.component, Feedback.list.component,
            Statistics.wire.component,
        ].compactMap(\.self)
        + (QueuedTicket.listComponents + ListedDecision.components + ListedArticle.components)
        .compactMap(\.self)
}
