internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import TriageData
internal import TriageEngine
internal import TriageLLM
internal import TriageTickets

/// A reply to a ticket, whole or as it is written; and what it is based on.
struct DraftController {
    let snapshots: SnapshotHolder
    let drafter: Drafter
    let largestBody: Int

    var operations: [Operation] {
        [
            Operation(
                method: .post, path: "/v1/draft",
                summary: "Draft a reply: by the language model where there is one, else by the template.",
                scope: .triage,
                parameters: [
                    .flag(
                        "stream",
                        "Answer with server-sent events: text, as it is written and checked; reset, when that is void; "
                            + "done, with the whole draft.")
                ],
                body: TriageController.ticket,
                answers: [
                    .init(
                        status: .ok,
                        summary: "The draft, who wrote it, and why that one; with stream, at its end.",
                        content: .init(schema: "Draft"),
                        otherwise: .init(type: "text/event-stream", schema: JSONSchema()))
                ] + Operation.Answer.bodyProblems,
                handler: { request, _ in try await draft(request) })
        ]
    }

    private func draft(_ request: Request) async throws -> Response {
        let isStream = try request.flag("stream")
        let ticket = try await request.ticket(upTo: largestBody)
        let snapshot = snapshots.current
        let text = snapshot.prepare(ticket)
        let decision = snapshot.decide(text)
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

    /// One server-sent event, its data one line of JSON.
    private static func bytes(of event: DraftEvent, id: String?) -> [UInt8] {
        var json = JSONWriter()
        let name: String
        switch event {
        case .text(let text):
            name = "text"
            json.object { json in
                json.key("text")
                json.string(text)
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
