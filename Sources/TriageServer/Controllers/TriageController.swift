internal import Hummingbird
internal import TriageData
internal import TriageEngine

/// One ticket in, one decision out; and why.
struct TriageController {
    let snapshots: SnapshotHolder
    let scratch: ScratchPool
    let largestBody: Int

    var operations: [Operation] {
        [
            Operation(
                method: .post, path: "/v1/triage", summary: "Decide one ticket.", scope: .triage,
                parameters: [
                    .flag("explain", "Add each field's explanation.")
                ],
                body: TriageController.ticket,
                answers: [.ok("Decision", "The decision.")] + Operation.Answer.bodyProblems,
                handler: { request, _ in try await triage(request) }),
            Operation(
                method: .post, path: "/v1/explain",
                summary: "Decide one ticket and say which words made the decision.",
                scope: .triage, body: TriageController.ticket,
                answers: [.ok("Decision", "The decision with its explanation.")]
                    + Operation.Answer.bodyProblems,
                handler: { request, _ in
                    Response(decide(try await request.ticket(upTo: largestBody), explaining: true))
                }),
        ]
    }

    static let ticket = Operation.Content(
        schema: "Ticket",
        example:
            #"{"id":"T-7","subject":"Locked out","body":"My account is locked after the password change."}"#)

    private func triage(_ request: Request) async throws -> Response {
        let explaining = try request.flag("explain")
        return Response(decide(try await request.ticket(upTo: largestBody), explaining: explaining))
    }

    private func decide(_ ticket: Ticket, explaining: Bool) -> JSONWriter {
        let snapshot = snapshots.current
        let decision =
            explaining
            ? snapshot.decide(ticket, explaining: true) : scratch.with { snapshot.decide(ticket, &$0) }
        var json = JSONWriter()
        decision.write(to: &json)
        return json
    }
}
