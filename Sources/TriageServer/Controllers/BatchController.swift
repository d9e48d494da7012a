internal import Hummingbird
internal import NIOCore
internal import TriageData
internal import TriageEngine
internal import TriageModel
internal import TriageTickets

/// JSON Lines of tickets in, decisions out in the same order, both streamed in bounded memory.
struct BatchController {
    let service: TriageService
    /// In bytes; a longer line gives an error in its place.
    let maximumLine: Int

    var operations: [Operation] {
        [
            Operation(
                method: .post, path: "/v1/triage/batch",
                summary:
                    "Decide many tickets: one JSON object a line in, one decision or error a line out, in order.",
                scope: .triage,
                body: .init(
                    type: "application/x-ndjson",
                    schema: JSONSchema(type: "string").described("Tickets, one a line."), isRequired: false),
                answers: [
                    .init(
                        status: .ok,
                        summary: "Decisions, one a line; a bad line gives {id, line, error} in its place.",
                        content: .init(type: "application/x-ndjson", schema: JSONSchema(type: "string")))
                ],
                isStreamed: true,
                handler: { request, context in
                    try request.checkCoding()
                    return batch(request, context.caller)
                })
        ]
    }

    private func batch(_ request: Request, _ caller: Caller?) -> Response {
        let served = service.snapshots.served
        let body = request.body
        return Response(
            status: .ok, headers: [.contentType: "application/x-ndjson"],
            body: ResponseBody { writer in
                var lines = LineSplitter(limit: maximumLine)
                for try await piece in body {
                    for portion in service.portions(of: lines.rows(adding: Array(piece.readableBytesView))) {
                        let answers = await answers(to: portion, served, caller)
                        if !answers.isEmpty { try await writer.write(ByteBuffer(bytes: answers)) }
                    }
                }
                if let row = lines.lastRow() {
                    try await writer.write(ByteBuffer(bytes: await answers(to: [row], served, caller)))
                }
                try await writer.finish(nil)
            })
    }

    /// A decision or an error for each row; errors for all rows when the decisions could not be stored.
    private func answers(
        to rows: ArraySlice<Result<InputRow, BadRow>>, _ served: ServedSnapshot, _ caller: Caller?
    ) async -> [UInt8] {
        let input = served.snapshot.model.manifest.input
        let tickets = rows.map { row in
            Result { () throws(BadRow) in try row.get().ticket(remembering: input) }
        }
        var json = JSONWriter()
        do {
            var results = try await service.decide(
                tickets.compactMap { try? $0.get() }, with: served, by: caller)[...]
            for ticket in tickets {
                switch ticket {
                case .success: if let result = results.popFirst() { json.json(result.json.text) }
                case .failure(let bad): bad.write(to: &json)
                }
                json.newline()
            }
        } catch {
            let message = Problem(error, limit: maximumLine).detail
            for (row, ticket) in zip(rows, tickets) {
                BadRow(line: row.line, id: try? ticket.get().id, code: .unavailable, message: message)
                    .write(to: &json)
                json.newline()
            }
        }
        return json.bytes
    }
}

extension Result<InputRow, BadRow> {
    fileprivate var line: Int {
        switch self {
        case .success(let row): row.line
        case .failure(let bad): bad.line
        }
    }
}
