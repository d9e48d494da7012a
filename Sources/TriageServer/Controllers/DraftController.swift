internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import TriageData
internal import TriageDrafts
internal import TriageEngine
internal import TriageLLM
internal import TriageTickets

/// Drafts a reply to a ticket, whole or streamed.
struct DraftController {
    let service: TriageService
    let drafter: Drafter
    let maximumBody: Int

    var operations: [Operation] {
        [
            Operation(
                method: .post, path: "/v1/draft",
                summary:
                    "Draft a reply, with the language model if one is configured, else with the template.",
                scope: .triage,
                parameters: [
                    .flag(
                        "stream",
                        "Answer with server-sent events: text with each checked part, reset when the parts so far are void, "
                            + "done with the whole draft.")
                ],
                body: TriageController.ticket,
                answers: [
                    .init(
                        status: .ok,
                        summary:
                            "The draft, its source and the reason for it; with stream, in the last event.",
                        content: .init(schema: "Draft"),
                        otherwise: .init(type: "text/event-stream", schema: JSONSchema()))
                ] + Operation.Answer.bodyProblems,
                handler: { request, _ in try await draft(request) })
        ]
    }

    private func draft(_ request: Request) async throws -> Response {
        let isStream = try request.flag("stream")
        let ticket = try await request.ticket(upTo: maximumBody)
        let snapshot = service.snapshots.current
        let text = snapshot.prepare(ticket)
        let decision = await service.preview(text, with: snapshot)
        guard !isStream else { return stream(text, decision, snapshot) }
        return Response((ticket.id, await drafter.draft(text, decision, with: snapshot)), as: Draft.wire)
    }

    private func stream(_ text: TicketText, _ decision: Decision, _ snapshot: Snapshot) -> Response {
        let drafter = drafter
        return Response(
            status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
            body: ResponseBody { writer in
                for await event in drafter.events(text, decision, with: snapshot) {
                    try await writer.write(ByteBuffer(bytes: DraftController.bytes(of: event, id: text.id)))
                }
                try await writer.finish(nil)
            })
    }

    /// A server-sent event with one line of JSON.
    private static func bytes(of event: DraftEvent, id: String?) -> [UInt8] {
        var json = JSONWriter()
        let name: String
        switch event {
        case .text(let text):
            name = "text"
            json.object { json in
                json.string("text", text)
            }
        case .reset:
            name = "reset"
            json.object { _ in }
        case .done(let draft):
            name = "done"
            draft.write(id: id, to: &json)
        }
        return Array("event: \(name)\ndata: ".utf8) + json.bytes + [0x0A, 0x0A]
    }
}
