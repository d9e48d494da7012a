import Testing
import TriageNumerics

@testable import TriageStore

/// Changes in a stream of simulated tickets.
struct DriftTests {
    /// Tickets of a desk with a few hundred words, some of them in every second ticket and most of them rare.
    private struct Desk {
        var random: SplitMix64

        init(seed: UInt64) { random = SplitMix64(seed: seed) }

        mutating func ticket(_ number: Int, extra: [String] = []) -> MonitoredTicket {
            var words = Set(extra)
            for _ in 0..<15 {
                // Shares fall with the rank, about as words of a language do.
                let rank = 600 / (1 + random.below(600))
                words.insert("word\(rank + random.below(2) * random.below(400))")
            }
            // Each ticket has a word that no other has.
            words.insert("own\(number)")
            let label = ["Login", "Billing", "Bug", "Bug"][random.below(4)]
            return MonitoredTicket(
                words: words, labels: ["category": label],
                confidence: ["category": Float(400 + random.below(600)) / 1_000],
                isOutOfScope: random.below(100) < 5, unseen: Float(random.below(100)) / 500,
                time: Int64(number) * 3_600_000)
        }

        mutating func reference(_ count: Int) -> DriftReference {
            let tickets = (0..<count).map { ticket(-1 - $0) }
            var reference = DriftReference()
            reference.count(tickets.map(\.words))
            reference.measure(tickets)
            return reference
        }
    }

    private static let week = 100

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `sixty weeks without a change raise no alarm`(seed: UInt64) {
        var desk = Desk(seed: seed)
        var monitor = DriftMonitor(desk.reference(1_000))
        for number in 0..<60 * Self.week { monitor.add(desk.ticket(number)) }
        #expect(monitor.alarms.count <= 1, "\(monitor.alarms)")
        #expect(monitor.tickets == 6_000)
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `a new product in week 30 is found within 200 tickets, and its words are named`(seed: UInt64) throws
    {
        var desk = Desk(seed: seed)
        var monitor = DriftMonitor(desk.reference(1_000))
        let start = 29 * Self.week
        for number in 0..<start { monitor.add(desk.ticket(number)) }
        let before = monitor.alarms
        var recent: [MonitoredTicket] = []
        for number in start..<start + 200 {
            let isNew = desk.random.below(10) == 0
            let ticket = desk.ticket(number, extra: isNew ? ["brightpad", "stylus"] : [])
            recent.append(ticket)
            monitor.add(ticket)
        }
        let new = monitor.alarms.dropFirst(before.count)
        #expect(before.isEmpty && !new.isEmpty)
        for alarm in new { #expect([.word("brightpad"), .word("stylus")].contains(alarm.sign)) }
        var other = Desk(seed: seed + 10)
        let earlier = (0..<500).map { other.ticket($0).words }
        let classifier = try #require(DomainClassifier(recent: recent.map(\.words), earlier: earlier))
        #expect(Set(classifier.words.prefix(2).map(\.text)) == ["brightpad", "stylus"])
        #expect(classifier.words[0].before == 0 && classifier.words[0].now > 0.04)
    }

    @Test func `labels, confidence and unseen words are watched too`() {
        func alarms(_ change: (inout MonitoredTicket, inout SplitMix64) -> Void) -> Set<DriftSign> {
            var desk = Desk(seed: 5)
            var monitor = DriftMonitor(desk.reference(1_000))
            for number in 0..<500 {
                var ticket = desk.ticket(number)
                change(&ticket, &desk.random)
                monitor.add(ticket)
            }
            return Set(monitor.alarms.map(\.sign))
        }
        let more = alarms { ticket, random in
            if random.below(2) == 0 { ticket.labels["category"] = "Login" }
        }
        #expect(more == [.label(field: "category", label: "Login")])
        let new = alarms { ticket, random in
            if random.below(5) == 0 { ticket.labels["category"] = "Video" }
        }
        #expect(new == [.label(field: "category", label: "Video")])
        let unsure = alarms { ticket, _ in
            ticket.confidence["category"] = (ticket.confidence["category"] ?? 0) * 0.7
        }
        #expect(unsure == [.unsure(field: "category")])
        let outside = alarms { ticket, random in ticket.isOutOfScope = random.below(4) == 0 }
        #expect(outside == [.outOfScope])
        #expect(alarms { ticket, _ in ticket.unseen *= 1.5 } == [.unseen])
    }

    @Test func `nothing tells tickets of one desk apart`() throws {
        var desk = Desk(seed: 9)
        let words = (0..<1_000).map { desk.ticket($0).words }
        let classifier = try #require(
            DomainClassifier(recent: Array(words[..<500]), earlier: Array(words[500...])))
        #expect(abs(classifier.separation - 0.5) <= 1.5 * classifier.margin)
        #expect(classifier.words.isEmpty)
        #expect(DomainClassifier(recent: Array(words[..<19]), earlier: words) == nil)
    }
}
