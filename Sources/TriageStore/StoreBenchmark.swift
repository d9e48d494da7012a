internal import Foundation
package import TriageData
package import TriageEngine
package import TriageTickets

/// How many decisions a second this machine's disk lets a store acknowledge.
package struct StoreBenchmark: Sendable {
    /// Decisions made, recorded and acknowledged a second.
    package private(set) var perSecond = 0.0
    /// The median time from the decision to its acknowledgement, in milliseconds.
    package private(set) var p50 = 0.0
    /// The 99th percentile of that time, in milliseconds.
    package private(set) var p99 = 0.0
    /// Decisions in one transaction, on average.
    package private(set) var group = 0.0

    static let callers = 64
    private static let seconds = 4.0

    /// Decides and records for four seconds, in a new folder, which is deleted afterwards.
    package init(_ snapshot: Snapshot, _ tickets: [Ticket], folder: String) async throws {
        guard !FileInput.exists(folder) else {
            throw DataError.unwritable(path: folder, reason: "it exists", remedy: "name a new folder")
        }
        let store = try TicketStore(folder)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let versions = SnapshotVersions(snapshot)
        let start = ContinuousClock.now
        let times = try await withThrowingTaskGroup(of: [Double].self) { group in
            for caller in 0..<StoreBenchmark.callers {
                group.addTask {
                    try await StoreBenchmark.record(
                        store, snapshot, versions, tickets, from: caller, since: start)
                }
            }
            return try await group.reduce(into: [Double]()) { $0 += $1 }
        }.sorted()
        perSecond = Double(times.count) / (start.duration(to: .now) / .seconds(1))
        (p50, p99) = (times[times.count / 2], times[times.count * 99 / 100])
        let commits = try store.statistics().commits
        group = Double(commits.writes) / Double(max(1, commits.groups))
        try store.close()
    }

    package var line: String {
        String(
            format: "%.0f tickets/s of %d callers, p50 %.1f ms, p99 %.1f ms, %.0f a transaction", perSecond,
            StoreBenchmark.callers, p50, p99, group)
    }

    package func write(to json: inout JSONWriter) {
        json.number("docs_per_s", (perSecond * 100).rounded() / 100)
        json.number("p50_ms", (p50 * 100).rounded() / 100)
        json.number("p99_ms", (p99 * 100).rounded() / 100)
        json.number("group", (group * 100).rounded() / 100)
    }

    /// One caller's milliseconds from each decision to its acknowledgement.
    private static func record(
        _ store: TicketStore, _ snapshot: Snapshot, _ versions: SnapshotVersions, _ tickets: [Ticket],
        from first: Int, since start: ContinuousClock.Instant
    ) async throws -> [Double] {
        var scratch = DecisionScratch()
        var times: [Double] = []
        var place = first
        while start.duration(to: .now) < .seconds(StoreBenchmark.seconds) {
            let ticket = tickets[place % tickets.count]
            place += StoreBenchmark.callers
            let text = snapshot.prepare(ticket)
            let decision = snapshot.decide(text, &scratch)
            let decided = ContinuousClock.now
            _ = try await store.record(NewDecision(decision, of: text, with: versions))
            times.append(decided.duration(to: .now) / .milliseconds(1))
        }
        return times
    }
}
