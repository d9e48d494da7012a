internal import Foundation
package import TriageData
package import TriageEngine
internal import TriageText
package import TriageTickets

/// Latency and throughput of one snapshot over the same tickets, on one thread.
package struct DecisionBenchmark: Sendable {
    package let docsPerSecond: Double
    /// The median time of one decision, in microseconds.
    package let p50: Double
    /// The 99th percentile of that time, in microseconds.
    package let p99: Double

    package init(_ snapshot: Snapshot, _ tickets: [Ticket], explaining: Bool = false) {
        var scratch = DecisionScratch(explaining: explaining)
        let clock = ContinuousClock()
        var checksum = 0
        for ticket in tickets.prefix(200) {
            checksum &+= snapshot.decide(ticket, &scratch).category.utf8.count
        }
        var rounds: [Double] = []
        var singles: [Double] = []
        let begin = clock.now
        repeat {
            let start = clock.now
            for ticket in tickets { checksum &+= snapshot.decide(ticket, &scratch).category.utf8.count }
            rounds.append(start.duration(to: clock.now) / .seconds(1))
        } while rounds.count < 5 && begin.duration(to: clock.now) < .seconds(4)
        for ticket in tickets {
            let start = clock.now
            checksum &+= snapshot.decide(ticket, &scratch).category.utf8.count
            singles.append(start.duration(to: clock.now) / .microseconds(1))
        }
        precondition(checksum >= 0)
        rounds.sort()
        singles.sort()
        docsPerSecond = Double(tickets.count) / rounds[rounds.count / 2]
        p50 = singles[singles.count / 2]
        p99 = singles[min(singles.count - 1, singles.count * 99 / 100)]
    }

    package func write(to json: inout JSONWriter) {
        json.number("docs_per_s", (docsPerSecond * 100).rounded() / 100)
        json.number("p50_us", (p50 * 100).rounded() / 100)
        json.number("p99_us", (p99 * 100).rounded() / 100)
    }

    package var line: String {
        String(format: "%.0f tickets/s, p50 %.1f µs, p99 %.1f µs", docsPerSecond, p50, p99)
    }
}

/// The median time of masking one ticket, in microseconds, over rounds of a second in all.
package func maskingMicroseconds(of tickets: [Ticket]) -> Double {
    let texts = tickets.map { Array(($0.subject + "\n" + $0.body).utf8) }
    let masker = Masker()
    let clock = ContinuousClock()
    var rounds: [Double] = []
    var found = 0
    let begin = clock.now
    repeat {
        let start = clock.now
        for text in texts { found &+= masker.mask(text).spans.count }
        rounds.append(start.duration(to: clock.now) / .microseconds(1) / Double(texts.count))
    } while rounds.count < 5 || begin.duration(to: clock.now) < .seconds(1)
    precondition(found >= 0)
    return rounds.sorted()[rounds.count / 2]
}
