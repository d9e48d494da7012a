internal import HTTPTypes
internal import Hummingbird
internal import TriageData
internal import TriageEngine
internal import TriageStore

/// One ticket in, one decision out; and why.
struct TriageController {
    let decider: TriageService
    let largestBody: Int

    var operations: [Operation] {
        [
            Operation(
                method: .post, path: "/v1/triage", summary: "Decide one ticket.", scope: .triage,
                parameters: [.flag("explain", "Add each field's explanation.")],
                body: TriageController.ticket,
                answers: TriageController.answers,
                handler: { request, context in
                    let explaining = try request.flag("explain")
                    return try await answer(request, context, explaining: explaining)
                }),
            Operation(
                method: .post, path: "/v1/explain",
                summary: "Decide one ticket and say which words made the decision.", scope: .triage,
                body: TriageController.ticket, answers: TriageController.answers,
                handler: { request, context in try await answer(request, context, explaining: true) }),
        ]
    }

    static let ticket = Operation.Content(
        schema: "Ticket",
        example:
            #"{"id":"T-7","subject":"Locked out","body":"My account is locked after the password change."}"#)

    private static let answers =
        [
            Operation.Answer.ok(
                "Decision", "The decision; where there is a store, `Triage-Decision-Id` names it there.")
        ]
        + Operation.Answer.bodyProblems + [.storeProblem]

    private func answer(
        _ request: Request, _ context: ServiceContext, explaining: Bool
    ) async throws -> Response {
        let ticket = try await request.ticket(upTo: largestBody)
        let decided = try await decider.decide(ticket, by: context.caller, explaining: explaining)
        var response = Response(decided.json)
        if let id = decided.id { response.headers[.decisionID] = id }
        return response
    }
}
