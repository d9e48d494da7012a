import Testing
import TriageData
import TriageEngine
import TriageModel

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
        try await fill(store, 120)
        var manifest = Sample.snapshot.model.manifest
        manifest.heads[0].threshold = 0.75
        let path = folder.store + "-model"
        try AtomicOutput.write(
            try Sample.snapshot.model.files(in: Sample.bundle, under: manifest), toFolder: path)
        #expect(try DriftReport(store, ModelBundle(directory: path)).found == 0)
        #expect(try DriftReport(store, Sample.snapshot.model).found == 120)
    }
}
