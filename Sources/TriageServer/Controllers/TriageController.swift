internal import HTTPTypes
internal import Hummingbird
internal import TriageData
internal import TriageEngine
internal import TriageStore
internal import TriageTickets

/// Decides one ticket.
struct TriageController {
    let service: TriageService
    let maximumBody: Int

    var operations: [Operation] {
        [
            Operation(
                method: .post, path: "/v1/triage", summary: "Decide one ticket.", scope: .triage,
                parameters: [.flag("explain", "Add an explanation of each field.")],
                body: TriageController.ticket,
                answers: TriageController.answers,
                handler: { request, context in
                    let explaining = try request.flag("explain")
                    return try await answer(request, context, explaining: explaining)
                }),
            Operation(
                method: .post, path: "/v1/explain",
                summary: "Decide one ticket and explain which words decided.", scope: .triage,
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
                "Decision", "The decision; with a store, `Triage-Decision-Id` is its id there.")
        ]
        + Operation.Answer.bodyProblems + [.storeProblem]

    private func answer(
        _ request: Request, _ context: ServiceContext, explaining: Bool
    ) async throws -> Response {
        let ticket = try await request.ticket(upTo: maximumBody)
        let result = try await service.decide(ticket, by: context.caller, explaining: explaining)
        var response = Response(result.json)
        if let id = result.id { response.headers[.decisionID] = id }
        return response
    }
}

/// Decodes a ticket and encodes it again: the upper bound for measurements of the service.
struct EchoController {
    let maximumBody: Int

    var operation: Operation {
        Operation(
            method: .post, path: "/echo", summary: "The ticket as it was read, for measuring.",
            body: TriageController.ticket,
            answers: [.ok("Ticket", "The ticket.")] + Operation.Answer.bodyProblems,
            handler: { request, _ in
                Response(try await request.ticket(upTo: maximumBody), as: Ticket.wire)
            })
    }
}
