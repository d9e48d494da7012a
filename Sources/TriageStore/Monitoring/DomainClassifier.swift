internal import RealModule

/// Tells recent tickets from earlier ones by their words: how well it can, and by which.
///
/// Naive Bayes over the words that a ticket has, each with the smoothed log-odds of its share in recent and in earlier
/// tickets. Each half of the tickets is scored by the words of the other half, so that chance does not count: 0.5 means that
/// nothing tells them apart.
package struct DomainClassifier: Sendable {
    /// A word that tells.
    package struct Word: Sendable, Equatable {
        package var text: String
        /// In what share of recent and of earlier tickets it is.
        package var now: Double
        package var before: Double
    }

    /// The probability that a recent ticket is scored above an earlier one.
    package let separation: Double
    /// Half of the 95 % interval, by Hanley and McNeil (1982).
    package let margin: Double
    /// Words more frequent in recent tickets, the surest first.
    package let words: [Word]

    /// Nil with fewer than 20 tickets on a side.
    package init?(recent: [Set<String>], earlier: [Set<String>], words maximum: Int = 10) {
        guard min(recent.count, earlier.count) >= 20 else { return nil }
        var (now, before) = ([Double](), [Double]())
        for half in 0..<2 {
            let odds = WordOdds(
                DomainClassifier.part(recent, but: half), DomainClassifier.part(earlier, but: half))
            now += DomainClassifier.part(recent, but: 1 - half).map { odds.score($0) }
            before += DomainClassifier.part(earlier, but: 1 - half).map { odds.score($0) }
        }
        let area = DomainClassifier.area(now, above: before)
        let (m, n) = (Double(now.count), Double(before.count))
        let (both, ties) = (area / (2 - area), 2 * area * area / (1 + area))
        let spread = area * (1 - area) + (m - 1) * (both - area * area) + (n - 1) * (ties - area * area)
        (separation, margin) = (area, 1.96 * (max(0, spread) / (m * n)).squareRoot())
        words = WordOdds(recent, earlier).telling(maximum)
    }

    /// The tickets at even places or at odd ones.
    private static func part(_ tickets: [Set<String>], but half: Int) -> [Set<String>] {
        tickets.indices.filter { $0 % 2 != half }.map { tickets[$0] }
    }

    /// The share of pairs with the first above the second; equal ones count a half (Mann and Whitney, 1947).
    private static func area(_ above: [Double], above below: [Double]) -> Double {
        let sorted = below.sorted()
        func count(_ isLess: (Double) -> Bool) -> Int {
            var (low, high) = (0, sorted.count)
            while low < high {
                let middle = (low + high) / 2
                if isLess(sorted[middle]) { low = middle + 1 } else { high = middle }
            }
            return low
        }
        let pairs = above.reduce(0) { sum, score in sum + count { $0 < score } + count { $0 <= score } }
        return Double(pairs) / Double(2 * above.count * below.count)
    }
}

/// In how many recent and earlier tickets words are.
private struct WordOdds {
    private var counts: [String: (now: Int, before: Int)] = [:]
    private let now: Double
    private let before: Double

    init(_ recent: [Set<String>], _ earlier: [Set<String>]) {
        (now, before) = (Double(recent.count), Double(earlier.count))
        for ticket in recent { for word in ticket { counts[word, default: (0, 0)].now += 1 } }
        for ticket in earlier { for word in ticket { counts[word, default: (0, 0)].before += 1 } }
    }

    private func odds(_ count: Int, _ total: Double) -> Double {
        Double.log((Double(count) + 0.5) / (total - Double(count) + 0.5))
    }

    /// The sum over a ticket's words, in their order, so that equal tickets have equal scores.
    func score(_ ticket: Set<String>) -> Double {
        ticket.sorted().reduce(0) { sum, word in
            counts[word].map { sum + odds($0.now, now) - odds($0.before, before) } ?? sum
        }
    }

    /// Words of fewer recent tickets are not named: they may be a person's.
    private let minimumTickets = 5

    /// The root of the log-likelihood ratio against equal shares (Dunning, 1993), about standard normal without a difference;
    /// 0 for a word that is not more frequent now.
    private func strength(_ first: Int, _ second: Int) -> Double {
        let (first, second) = (Double(first), Double(second))
        let share = (first + second) / (now + before)
        guard first / now > second / before else { return 0 }
        func part(_ found: Double, _ expected: Double) -> Double {
            found > 0 ? found * Double.log(found / expected) : 0
        }
        let sum =
            part(first, now * share) + part(now - first, now * (1 - share))
            + part(second, before * share) + part(before - second, before * (1 - share))
        return (2 * max(0, sum)).squareRoot()
    }

    /// The words that tell recent tickets, the surest first.
    func telling(_ maximum: Int) -> [DomainClassifier.Word] {
        let scored = counts.filter { $0.value.now >= minimumTickets }
            .map { (word: $0.key, strength: strength($0.value.now, $0.value.before)) }
        let best = scored.filter { $0.strength >= 4 }
            .sorted { ($1.strength, $0.word) < ($0.strength, $1.word) }
        return best.prefix(maximum).map { word, _ in
            let count = counts[word] ?? (0, 0)
            return .init(text: word, now: Double(count.now) / now, before: Double(count.before) / before)
        }
    }
}
