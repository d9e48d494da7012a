#if Service
import Foundation
import TriageData
import TriageEngine
import TriageStore
import TriageTickets

/// How many decisions a second this machine's disk lets a store acknowledge.
struct StoreMeasurement {
    /// Decisions made, recorded and acknowledged a second.
    private(set) var perSecond = 0.0
    /// The median time from the decision to its acknowledgement, in milliseconds.
    private(set) var p50 = 0.0
    /// The 99th percentile of the same.
    private(set) var p99 = 0.0
    /// Decisions in one transaction, on average.
    private(set) var group = 0.0

    static let callers = 64
    private static let seconds = 4.0

    /// Decides and records for four seconds, in a new folder that is taken away again.
    init(_ snapshot: Snapshot, _ tickets: [Ticket], folder: String) async throws {
        guard !FileInput.exists(folder) else {
            throw DataError.unwritable(path: folder, reason: "it exists", remedy: "name a new folder")
        }
        let store = try TicketStore(folder)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let versions = SnapshotVersions(snapshot)
        let start = ContinuousClock.now
        let times = try await withThrowingTaskGroup(of: [Double].self) { group in
            for caller in 0..<StoreMeasurement.callers {
                group.addTask {
                    try await StoreMeasurement.record(
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

    var line: String {
        String(
            format: "%.0f tickets/s of %d callers, p50 %.1f ms, p99 %.1f ms, %.0f a transaction", perSecond,
            StoreMeasurement.callers, p50, p99, group)
    }

    func write(to json: inout JSONWriter) {
        for (name, value) in [("docs_per_s", perSecond), ("p50_ms", p50), ("p99_ms", p99), ("group", group)] {
            json.key(named: name)
            json.number((value * 100).rounded() / 100)
        }
    }

    /// One caller's milliseconds from each decision to its acknowledgement.
    private static func record(
        _ store: TicketStore, _ snapshot: Snapshot, _ versions: SnapshotVersions, _ tickets: [Ticket],
        from first: Int, since start: ContinuousClock.Instant
    ) async throws -> [Double] {
        var scratch = DecisionScratch()
        var times: [Double] = []
        var place = first
        while start.duration(to: .now) < .seconds(StoreMeasurement.seconds) {
            let ticket = tickets[place % tickets.count]
            place += StoreMeasurement.callers
            let text = snapshot.prepare(ticket)
            let decision = snapshot.decide(text, &scratch)
            let decided = ContinuousClock.now
            _ = try await store.record(NewDecision(decision, of: text, with: versions))
            times.append(decided.duration(to: .now) / .milliseconds(1))
        }
        return times
    }
}
#endif
