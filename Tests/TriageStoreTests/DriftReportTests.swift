import Testing
import TriageEngine

@testable import TriageStore

/// Recent tickets of a store beside the first ones.
struct DriftReportTests {
    private static let usual = ["crash error broken", "invoice refund charged", "password login account"]

    private func fill(_ store: TicketStore, _ count: Int, _ extra: String = "") async throws {
        let decisions = try (0..<count).map { number in
            try Sample.decision("\(Self.usual[number % 3]) n\(number) \(extra)", id: "T-\(extra)\(number)")
        }
        _ = try await store.record(decisions)
    }

    @Test func `too few tickets are compared with nothing`() async throws {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        try await fill(store, DriftReport.minimum - 1)
        let report = try DriftReport(store, Sample.snapshot.model)
        #expect(report.hasTooFew && report.found == 99 && report.blocks.isEmpty && report.alarms.isEmpty)
    }

    @Test func `a word that every new ticket has is found, and the blocks hold every compared ticket`()
        async throws
    {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        try await fill(store, 300)
        let before = try DriftReport(store, Sample.snapshot.model)
        #expect(!before.hasTooFew && before.alarms.isEmpty && before.first == 100)
        #expect(before.blocks.map(\.tickets).reduce(0, +) == 200 && before.blocks.count == 8)
        try await fill(store, 120, "turnstile")
        let report = try DriftReport(store, Sample.snapshot.model)
        #expect(report.alarms.contains { $0.sign == .word("turnstile") })
        #expect(report.blocks.map(\.tickets).reduce(0, +) == report.tickets && report.tickets == 280)
        let (first, last) = (try #require(report.blocks.first), try #require(report.blocks.last))
        #expect(last.unseen > first.unseen && first.from <= first.to && first.to <= last.from)
    }

    @Test func `tickets of another model do not count`() async throws {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        let text = Sample.snapshot.prepare(.init(body: "crash error"))
        var versions = Sample.versions
        versions.model = String(repeating: "0", count: 64)
        let decision = NewDecision(Sample.snapshot.decide(text), of: text, with: versions, by: nil)
        _ = try await store.record(Array(repeating: decision, count: 120))
        #expect(try DriftReport(store, Sample.snapshot.model).found == 0)
    }
}
