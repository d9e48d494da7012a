internal import Hummingbird
internal import TriageData
internal import TriageStore

/// Sudden runs of similar tickets.
struct OutageController {
    let store: TicketStore

    var operations: [Operation] {
        [
            Operation(
                method: .get, path: "/v1/outages",
                summary: "Sudden runs of similar tickets, the newest first.",
                scope: .triage, otherScope: .audit,
                parameters: [
                    .choice(
                        "current", "Only those that go on, or only those that are over.",
                        of: ListController.Flag.self),
                    .time("from", "Only those that began at this moment or later."),
                ],
                answers: Operation.Answer.tagged("OutageList", "The list.") + [.storeProblem],
                handler: { request, _ in try outages(request) })
        ]
    }

    private func outages(_ request: Request) throws -> Response {
        let wanted = try request.choice("current", of: ListController.Flag.self).map { $0 == .yes }
        let found = try store.outages(since: try request.time("from") ?? .min, onlyCurrent: wanted == true)
            .filter { wanted == nil || $0.isCurrent == wanted }
        return request.answer(Outage.list.json(ListPage(items: found, next: nil, count: found.count)))
    }
}

extension Outage {
    static let list = WireType<ListPage<Outage>>.page("OutageList", of: item)

    private static let item = WireType<Outage>.object { object in
        object.member("id", .text, "The first ticket's decision.") { $0.id }
        object.member("start", .time) { $0.start }
        object.member("last", .time, "When the newest ticket came.") { $0.last }
        object.member("current", .flag, "Whether tickets still come.") { $0.isCurrent }
        object.member("tickets", .count) { $0.tickets }
        object.member("usual", .number, "How many tickets would usually have come in that time.") {
            ($0.expected * 1e3).rounded() / 1e3
        }
        object.member("words", .list(of: .text), "Words that the tickets have in common.") { $0.words }
        object.member("first", .list(of: .text), "The decisions of the first tickets.") { outage in
            outage.first.map(\.decision.id)
        }
    }
}
