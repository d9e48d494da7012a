internal import Hummingbird
internal import TriageData
internal import TriageEngine
internal import TriageStore

/// Counts of decisions over a time.
struct StatisticsController {
    let store: TicketStore

    private static let day: Int64 = 86_400_000
    /// A year, and a day in a leap year.
    private static let maximumDays: Int64 = 366

    var operations: [Operation] {
        [
            Operation(
                method: .get, path: "/v1/stats",
                summary: "Counts by field, label, level, state and hour, and how often people change labels.",
                scope: .audit, otherScope: .admin,
                parameters: [
                    .time("from", "The first moment; without it a week before `to`."),
                    .time("to", "The moment after the last; without it now."),
                ],
                answers: Operation.Answer.tagged("Statistics", "The counts.") + [.storeProblem],
                handler: { request, _ in try statistics(request) })
        ]
    }

    private func statistics(_ request: Request) throws -> Response {
        // Whole seconds, so that two requests of one moment have one answer.
        let to = try request.time("to") ?? (Timestamp.now.milliseconds / 1000 + 1) * 1000
        let from = try request.time("from") ?? to - 7 * Self.day
        guard from < to, to - from <= Self.maximumDays * Self.day else {
            throw Problem.invalid("from must be before to, and at most \(Self.maximumDays) days.")
        }
        return request.answer(
            Statistics.wire.json(
                Statistics(from: from, to: to, counts: try store.counts(from: from, to: to))))
    }
}

/// Counts with their time.
struct Statistics {
    var from: Int64
    var to: Int64
    var counts: DecisionCounts

    static let wire = WireType<Statistics>.object("Statistics") { object in
        object.member("from", .time) { $0.from }
        object.member("to", .time) { $0.to }
        object.member("decisions", .count) { $0.counts.decisions }
        object.member("states", .entries(of: count) { $0.name }) { statistics in
            DecisionState.allCases.map { ($0.rawValue, statistics.counts.states[$0] ?? 0) }
        }
        object.member("levels", levels, "Decisions by the lowest level of their fields.") { $0.counts.levels }
        object.member("fields", .entries(of: field) { $0.name }, "By field.") { $0.counts.fields }
        object.member("hours", .list(of: hour), "Hours with decisions, oldest first.") { $0.counts.hours }
        object.member("with_feedback", .count, "Decisions that a person confirmed or corrected.") {
            $0.counts.looked
        }
        object.member("override_rate", .orNull(.number), "Of these, the share with a changed label.") {
            $0.counts.overrideRate
        }
        object.member("known_issue_rate", .orNull(.number), "The share that an article answers.") {
            $0.counts.knownIssueRate
        }
    }

    private static let count = WireType<Int>.count.map { (entry: (name: String, value: Int)) in entry.value }

    private static let levels = WireType<[(name: String, value: Int)]>.entries(of: count) { $0.name }
        .map { (levels: [Decision.Level: Int]) in
            Decision.Level.allCases.map { ($0.rawValue, levels[$0] ?? 0) }
        }

    private static let field = WireType<DecisionCounts.Field>.object { object in
        object.member("labels", .entries(of: count) { $0.name }, "By the label in force.") { field in
            field.labels.map { ($0.label, $0.count) }
        }
        object.member("levels", levels) { $0.levels }
        object.member("confirmed", .count) { $0.confirmed }
        object.member("overridden", .count) { $0.overridden }
    }

    private static let hour = WireType<(time: Int64, count: Int)>.object { object in
        object.member("at", .time) { $0.time }
        object.member("decisions", .count) { $0.count }
    }
}
