internal import Hummingbird
internal import TriageData
internal import TriageTickets

/// What this server can do at most: a body decoded and written again, for measuring the rest against.
struct EchoController {
    let largestBody: Int

    var operation: Operation {
        Operation(
            method: .post, path: "/echo", summary: "The ticket as it was read, for measuring.",
            body: TriageController.ticket,
            answers: [.ok("Ticket", "The ticket.")] + Operation.Answer.bodyProblems,
            handler: { request, _ in
                Response(try await request.ticket(upTo: largestBody), as: Ticket.wire)
            })
    }
}
