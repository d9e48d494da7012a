import Testing
import TriageNumerics
import TriageText
import TriageTickets

@testable import TriageStore

/// Outages found in days of tickets that are made with a seed.
struct OutageTests {
    private struct Sent {
        var time: Int64
        var text: String
        /// Which planted outage it is about; nil for none.
        var outage: Int?
    }

    private static let minute: Int64 = 60_000

    // MARK: - A day

    private static let things = [
        "invoice", "password", "laptop", "printer", "calendar", "report", "export", "login", "account",
        "refund",
        "order", "delivery", "contract", "licence", "monitor", "keyboard", "headset", "dashboard", "backup",
        "update",
        "phone", "parking", "badge", "training", "payroll", "expense", "travel", "folder", "browser",
        "signature",
    ]
    private static let matters = [
        "is missing", "does not open", "must be changed", "looks wrong", "was sent twice", "is too slow",
        "needs an approval", "cannot be found", "shows an old name", "should be cancelled", "has no address",
        "asks for a code", "is locked", "ended early", "was not paid",
    ]
    private static let openings = [
        "Hello,", "Hi team,", "Good morning,", "Dear support,", "", "", "Please help:",
    ]
    private static let closings = [
        "Thanks", "Kind regards", "Please call me back", "It is urgent", "", "", "Best wishes",
    ]
    private static let planted = [
        [
            "vpn gateway refuses every connection", "cannot connect to the vpn",
            "vpn down for the whole office",
            "the vpn keeps dropping", "vpn connection fails", "nobody can reach the vpn",
        ],
        [
            "checkout returns bad gateway", "customers cannot pay, the checkout fails",
            "checkout broken for all cards",
            "the checkout ends with a gateway error", "no payment possible in the checkout",
        ],
        [
            "mails stay in the outbox", "outbox is stuck, nothing leaves", "cannot send mail, outbox full",
            "my outbox does not empty", "messages wait in the outbox since noon",
        ],
    ]
    /// Tickets of each hour, as shares.
    private static let hours = [
        1, 1, 1, 1, 1, 2, 4, 8, 14, 16, 15, 13, 12, 13, 13, 12, 10, 7, 5, 4, 3, 2, 2, 1,
    ]

    private struct Maker {
        var random: SplitMix64

        mutating func one<Item>(of items: [Item]) -> Item { items[random.below(items.count)] }

        /// Common things are common: the place among them is the smaller of two draws.
        mutating func ordinary() -> String {
            let thing = things[min(random.below(things.count), random.below(things.count))]
            let code = ["", "", " in room \(random.below(400))", " of customer c\(random.below(3_000))x"]
            return sentence("The \(thing)\(one(of: code)) \(one(of: matters))")
        }

        mutating func sentence(_ text: String) -> String {
            "\(one(of: openings)) \(text). \(one(of: closings))"
        }

        mutating func time() -> Int64 {
            var left = random.below(hours.reduce(0, +))
            let hour = hours.firstIndex { share in
                left -= share
                return left < 0
            }
            return Int64(hour ?? 0) * OutageRadar.hour + Int64(random.below(Int(OutageRadar.hour)))
        }
    }

    private static func day(_ seed: UInt64, tickets: Int = 5_000, starts: [Int64]) -> [Sent] {
        var maker = Maker(random: SplitMix64(seed: seed))
        var day: [Sent] = []
        for (outage, start) in starts.enumerated() {
            for _ in 0..<30 {
                let time = start + Int64(maker.random.below(Int(40 * minute)))
                let text = maker.sentence(maker.one(of: planted[outage]))
                day.append(Sent(time: time, text: text, outage: outage))
            }
        }
        while day.count < tickets {
            day.append(Sent(time: maker.time(), text: maker.ordinary(), outage: nil))
        }
        return day.sorted { $0.time < $1.time }
    }

    /// The tables after a day, and the place of the ticket that raised each outage.
    private func replay(_ day: [Sent]) -> (tables: ListingTables, alarms: [Int]) {
        var (tables, alarms) = (ListingTables(), [Int]())
        for (place, sent) in day.enumerated() {
            let text = TicketText(stored: .init(subject: [], body: Array(sent.text.utf8)))
            tables.similar.add(text, row: Int64(place + 1), time: sent.time)
            let before = tables.radar.outages.count
            tables.radar.look(at: Int64(place + 1), of: tables.similar)
            if tables.radar.outages.count > before { alarms.append(place) }
        }
        return (tables, alarms)
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `three outages in a day of 5,000 tickets are found within five tickets`(seed: UInt64) throws {
        let hour = OutageRadar.hour
        let day = Self.day(seed, starts: [9 * hour, 11 * hour, 15 * hour])
        let (tables, alarms) = replay(day)
        var falseAlarms = 0
        var found: [Int: Int] = [:]
        for (outage, place) in zip(tables.radar.outages, alarms) {
            let about = outage.rows.compactMap { day[Int($0) - 1].outage }
            guard let planted = about.first, 2 * about.count > outage.rows.count else {
                falseAlarms += 1
                continue
            }
            #expect(found[planted] == nil, "outage \(planted) is one outage")
            found[planted] = day[...place].count { $0.outage == planted }
            #expect(outage.isCurrent(at: outage.last) && !outage.isCurrent(at: outage.last + 2 * hour))
        }
        #expect(found.count == 3 && found.values.allSatisfy { $0 <= 5 }, "\(found)")
        #expect(falseAlarms <= 1)
    }

    @Test(arguments: [11, 12, 13] as [UInt64])
    func `a day without an outage, with its busy hours, has at most one alarm`(seed: UInt64) {
        #expect(replay(Self.day(seed, starts: [])).alarms.count <= 1)
    }

    @Test func `a word that is usual raises nothing when more tickets of all kinds come`() {
        var day: [Sent] = []
        // A printer in each tenth ticket; for an hour tickets come ten times as often.
        for number in 0..<900 {
            let time = Int64(number < 300 ? number * 10 : 3_000 + number - 300) * Self.minute / 10
            let text = number % 10 == 0 ? "printer jammed" : "matter number\(number) of thing\(number % 17)"
            day.append(Sent(time: time, text: text, outage: nil))
        }
        #expect(replay(day).alarms.isEmpty)
    }

    @Test func `stop words and a first few tickets raise nothing`() {
        let starts = (0..<40).map { Sent(time: Int64($0) * Self.minute, text: "vpn down", outage: 0) }
        #expect(replay(starts).alarms.isEmpty)
        var later = (0..<200).map { Sent(time: Int64($0) * Self.minute, text: "thing\($0)", outage: nil) }
        later += (200..<210).map {
            Sent(time: Int64($0) * Self.minute, text: "could you please", outage: nil)
        }
        #expect(replay(later).alarms.isEmpty)
    }

    // MARK: - In a store

    @Test func `a store lists an outage with its words and first tickets, and no words of erased texts`()
        async throws
    {
        let (folder, time) = (try Folder(), TestClock())
        let store = try TicketStore(folder.store, clock: time.clock)
        for number in 0..<120 {
            _ = try await store.record(Sample.decision("invoice \(number) of customer\(number) refund"))
            time.advance(seconds: 60)
        }
        var ids: [String] = []
        for number in 0..<6 {
            let body = ["the vpn gateway is down", "vpn gateway refused me", "no vpn, gateway gone"][
                number % 3]
            ids.append(try await store.record(Sample.decision(body, id: "V-\(number)")).id)
            time.advance(seconds: 20)
        }
        let outage = try #require(try store.outages().first)
        #expect(try store.outages().count == 1 && outage.isCurrent && outage.tickets == 6)
        #expect(Set(outage.words.prefix(2)) == ["vpn", "gateway"] && outage.expected < 0.5)
        #expect(outage.first.map(\.decision.id) == ids && outage.id == ids[0])
        #expect(try store.outages(since: outage.start + 1).isEmpty)
        for id in ids { _ = try await store.erase(.decision(id)) }
        #expect(
            try store.outages().allSatisfy { outage in
                outage.words.isEmpty && outage.first.allSatisfy { $0.state == .erased }
            })
        time.advance(seconds: 7_200)
        #expect(try store.outages(onlyCurrent: true).isEmpty && !store.outages().isEmpty)
    }
}
