internal import Hummingbird
internal import TriageData
internal import TriageStore

/// The queue for those who look after it: what could not be decided, and trying it again.
struct QueueController {
    let store: TicketStore
    let largestBody: Int

    var operations: [Operation] {
        [
            Operation(
                method: .get, path: "/v1/admin/queue",
                summary: "How full the queue is, and its dead letters.", scope: .admin,
                parameters: [.integer("count", "How many dead letters at most.", 1...1000, default: 100)],
                answers: [
                    .ok("Queue", "The queue."), .problem(.unprocessableContent, "count is out of range."),
                    .storeProblem,
                ],
                handler: { request, _ in try list(request) }),
            Operation(
                method: .post, path: "/v1/admin/queue/requeue",
                summary: "Try dead letters again: those named, or all.",
                scope: .admin, body: .init(schema: "Requeue", example: #"{"all":true}"#),
                answers: [
                    .ok("Requeued", "They wait again."),
                    .problem(.notFound, "One of the ids is no dead letter's."),
                ] + Operation.Answer.bodyProblems + [.storeProblem],
                handler: { request, context in try await requeue(request, context) }),
        ]
    }

    private func list(_ request: Request) throws -> Response {
        let count = try request.integer("count", in: 1...1000, default: 100)
        let statistics = try store.statistics()
        let dead = try store.deadLetters(limit: count)
        var json = JSONWriter()
        json.object { json in
            json.key("states")
            json.object { json in
                for state in TicketState.allCases {
                    json.key(named: state.rawValue)
                    json.integer(statistics.queue[state] ?? 0)
                }
            }
            json.key("capacity")
            json.integer(store.options.queue.capacity)
            json.key("oldest_seconds")
            if let seconds = statistics.oldestSeconds { json.number(seconds) } else { json.string(nil) }
            json.key("dead")
            json.array(dead) { $1.write(to: &$0) }
        }
        return Response(json)
    }

    private func requeue(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let ids = try Self.named(try await request.object(upTo: largestBody))
        let count = try await store.requeue(ids, by: context.caller?.keyID)
        var json = JSONWriter()
        json.object { json in
            json.key("requeued")
            json.integer(count)
        }
        return Response(json)
    }

    /// The dead letters that are named, or nil for all of them.
    ///
    /// - Throws: `Problem` for anything else: a slip must not try everything again.
    private static func named(_ fields: [String: JSONValue]) throws(Problem) -> [String]? {
        if fields == ["all": .bool(true)] { return nil }
        let ids = fields["ids"]?.elements?.compactMap { element in
            if case .string(let id) = element { id } else { nil as String? }
        }
        guard fields.count == 1, let ids, !ids.isEmpty, ids.count == fields["ids"]?.elements?.count else {
            throw .invalid(
                "Send {\"ids\": [\"…\"]} for some dead letters, or {\"all\": true} for all of them.")
        }
        return ids
    }
}
