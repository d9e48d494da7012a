internal import Hummingbird
internal import TriageData
internal import TriageStore

/// The queue for operators: its state, and dead letters.
struct QueueController {
    let store: TicketStore
    let maximumBody: Int

    var operations: [Operation] {
        [
            Operation(
                method: .get, path: "/v1/admin/queue",
                summary: "The queue's counts and dead letters.", scope: .admin,
                parameters: [.integer("count", "Maximum number of dead letters.", 1...1000, default: 100)],
                answers: [
                    .ok("Queue", "The queue."), .problem(.unprocessableContent, "count is out of range."),
                    .storeProblem,
                ],
                handler: { request, _ in try list(request) }),
            Operation(
                method: .post, path: "/v1/admin/queue/requeue",
                summary: "Requeue dead letters, some or all.",
                scope: .admin, body: .init(schema: "Requeue", example: #"{"all":true}"#),
                answers: [
                    .ok("Requeued", "They are in the queue again."),
                    .problem(.notFound, "An id is not that of a dead letter."),
                ] + Operation.Answer.bodyProblems + [.storeProblem],
                handler: { request, context in try await requeue(request, context) }),
        ]
    }

    static let requeued = WireType<Int>.object("Requeued") { object in
        object.member("requeued", .count) { $0 }
    }

    private func list(_ request: Request) throws -> Response {
        let count = try request.integer("count", in: 1...1000, default: 100)
        let statistics = try store.statistics()
        return Response(
            ListedQueue(
                statistics: statistics, capacity: store.options.queue.capacity,
                dead: try store.deadLetters(limit: count)), as: ListedQueue.wire)
    }

    private func requeue(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let body = try await request.value(RequeueBody.wire, upTo: maximumBody)
        // A slip must not try everything again.
        guard (body.ids != nil) != (body.all == true) else {
            throw Problem.invalid(
                "Send {\"ids\": [\"…\"]} for some dead letters, or {\"all\": true} for all of them.")
        }
        let count = try await store.requeue(body.ids, by: context.caller?.keyID)
        return Response(count, as: QueueController.requeued)
    }
}

/// The dead letters to requeue.
struct RequeueBody {
    var ids: [String]?
    var all: Bool?

    static let wire = WireType<RequeueBody>.object(
        "Requeue", "The dead letters to requeue; give ids or all, not both.", empty: { RequeueBody() }
    ) { object in
        object.optional("ids", .list(of: .text, minimum: 1), "Ids of dead letters.", allowsNull: false, \.ids)
        let yes = WireType<Bool>(
            JSONSchema(type: "boolean").with("const", .bool(true)), read: WireType<Bool>.flag.read,
            write: { $1.bool($0) })
        object.optional("all", yes, "Every dead letter.", allowsNull: false, \.all)
        object.allowNoOthers()
        object.requireEither("ids", "all")
    }
}

/// The queue's states and dead letters.
struct ListedQueue {
    var statistics: StoreStatistics
    var capacity: Int
    var dead: [QueuedTicket]

    static let wire = WireType<ListedQueue>.object("Queue") { object in
        object.member("states", .entries(of: count) { $0.state.rawValue }) { queue in
            TicketState.allCases.map { ($0, queue.statistics.queue[$0] ?? 0) }
        }
        object.member("capacity", .integer) { $0.capacity }
        object.member("oldest_seconds", .orNull(.number)) { $0.statistics.oldestSeconds }
        object.member("dead", .list(of: QueuedTicket.wire)) { $0.dead.map { ($0, nil) } }
    }

    private static let count = WireType<Int>.count.map { (entry: (state: TicketState, count: Int)) in
        entry.count
    }
}
