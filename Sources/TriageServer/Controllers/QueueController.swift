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
                scope: .admin, body: .init(schema: "Requeue", example: #"{"ids":null}"#),
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
                    json.key(state.rawValue)
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
        let fields = try await request.object(upTo: largestBody)
        let ids: [String]?
        switch fields["ids"] {
        case nil, .null: ids = nil
        case .array(let elements):
            ids = try elements.map { element in
                guard case .string(let id) = element else {
                    throw Problem.invalid("ids is a list of ids, or null.")
                }
                return id
            }
        default: throw Problem.invalid("ids is a list of ids, or null.")
        }
        let count = try await store.requeue(ids, by: context.caller?.keyID)
        var json = JSONWriter()
        json.object { json in
            json.key("requeued")
            json.integer(count)
        }
        return Response(json)
    }
}
