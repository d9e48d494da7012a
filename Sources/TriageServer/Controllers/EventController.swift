internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import ServiceLifecycle
internal import TriageData
internal import TriageStore

/// Server-sent events: each row of the ledger that adds a decision or changes one.
///
/// An event's id is its row, so a client that connects again with `Last-Event-ID` misses none, also after a restart.
struct EventController {
    let store: TicketStore

    /// Rows read at a time.
    private static let rows = 500
    /// The time after which an idle stream sends a comment, so that proxies keep it open.
    private static let heartbeat = 15_000

    var operations: [Operation] {
        [
            Operation(
                method: .get, path: "/v1/events",
                summary:
                    "Server-sent events: decision, feedback, undo and erasure, as they are stored. An event's id is its "
                    + "row of the ledger; a client that connects again with `Last-Event-ID` misses none.",
                scope: .triage, otherScope: .audit,
                parameters: [
                    .integer(
                        "after", "Begin behind this row of the ledger; without it with what comes next.",
                        0...Int(Int32.max), default: 0),
                    .init(
                        name: "Last-Event-ID", place: "header",
                        summary: "The last event that arrived; it goes before `after`.",
                        schema: WireType<String>.text(pattern: "^[0-9]{1,15}$").schema),
                ],
                answers: [
                    .init(
                        status: .ok,
                        summary: "The stream; each event's data is {ledger_row, decision_id, at} as JSON.",
                        content: .init(type: "text/event-stream", schema: JSONSchema(type: "string"))),
                    .problem(.unprocessableContent, "A parameter does not fit."), .storeProblem,
                ],
                isStreamed: true,
                handler: { request, _ in try stream(request) })
        ]
    }

    /// The stream of events behind the row that a request names.
    func stream(_ request: Request) throws -> Response {
        let first = try start(request)
        let store = store
        return Response(
            status: .ok,
            headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
            body: ResponseBody { writer in
                var row = first
                try await writer.write(ByteBuffer(string: "retry: 2000\n\n"))
                // The end of the service ends the stream; its client connects again.
                while !Task.isCancelled, !Task.isShuttingDownGracefully {
                    let generation = store.writeGeneration
                    let found = try store.changes(after: row, limit: Self.rows)
                    row = found.last
                    if !found.changes.isEmpty {
                        try await writer.write(ByteBuffer(bytes: found.changes.flatMap { $0.event }))
                    } else if !(await Self.wait(store, generation)) {
                        try await writer.write(ByteBuffer(string: ":\n\n"))
                    }
                }
                try await writer.finish(nil)
            })
    }

    /// Waits for a write; false when none came.
    private static func wait(_ store: TicketStore, _ generation: Int) async -> Bool {
        let end = ContinuousClock.now + .milliseconds(heartbeat)
        // Short waits, because the end of the service does not cut a wait short.
        while store.writeGeneration == generation, .now < end, !Task.isShuttingDownGracefully {
            await store.waitForChange(after: generation, milliseconds: 500)
        }
        return store.writeGeneration != generation
    }

    private func start(_ request: Request) throws -> Int64 {
        if let field = request.headers[.lastEventID] {
            guard let row = Int64(field), row >= 0 else {
                throw Problem.invalid("Last-Event-ID must be the id of an event, a whole number.")
            }
            return row
        }
        guard request.query("after") != nil else { return try store.lastRow() }
        return Int64(try request.integer("after", in: 0...Int(Int32.max), default: 0))
    }
}

extension LedgerChange {
    private static let wire = WireType<LedgerChange>.object { object in
        object.member("ledger_row", .integer) { Int($0.sequence) }
        object.member("decision_id", .text) { $0.decision }
        object.member("at", .time) { $0.time }
    }

    /// The bytes of a server-sent event.
    fileprivate var event: [UInt8] {
        Array("id: \(sequence)\nevent: \(kind.rawValue)\ndata: ".utf8) + Self.wire.json(self).bytes
            + [0x0A, 0x0A]
    }
}

extension HTTPField.Name {
    fileprivate static let lastEventID = HTTPField.Name(known: "Last-Event-ID")
}
