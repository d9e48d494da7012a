import Testing
import TriageEngine

@testable import TriageStore

/// Recent tickets that no article answers.
struct UnansweredTests {
    @Test func `tickets without an article that are alike are a group, with their common words`() async throws
    {
        let (folder, time) = (try Folder(), TestClock())
        let store = try TicketStore(folder.store, clock: time.clock)
        defer { _ = folder }
        let other = ["printer toner", "vpn tunnel", "badge lost"].map { "\($0) please" }
        let alike = (0..<3).map { "parking garage barrier stuck number\($0)" }
        for (number, text) in (other + alike).enumerated() {
            _ = try await store.record(Sample.decision(text, id: "T-\(number)"))
            time.advance(seconds: 60)
        }
        let groups = try store.unansweredGroups(limit: 5)
        #expect(groups.map(\.count) == [3])
        #expect(groups.first?.tickets.map(\.decision.ticket) == ["T-5", "T-4", "T-3"])
        let words = Set(groups.first?.words ?? [])
        #expect(words.isSuperset(of: ["parking", "garage", "barrier"]))
        let known = try #require(groups.first?.tickets.last).decision.id
        _ = try await store.erase(.decision(known), by: nil)
        #expect(try store.unansweredGroups(limit: 5).isEmpty)
    }
}
