internal import TriageNumerics
internal import TriageText

/// Finds outages as people report them: words that suddenly come in many tickets.
///
/// For each word of a new ticket its newest k tickets are compared with the word's tickets before them. Under one constant
/// rate the k tickets of the last n, of k + m among all N, are binomial: P(X ≥ k) for X of k + m with probability n/N. This is
/// the exact test of two Poisson rates (Przyborowski and Wilenski, 1940); counted in tickets rather than minutes, a busy hour
/// raises no word. The chance of an error is shared out among those of the ticket's words that have come often enough to be
/// found (Tarone, 1990).
///
/// A ticket belongs to an outage whose first word it has, so paraphrases are one outage.
struct OutageRadar {
    struct Outage: Equatable {
        /// Words that burst, as `SimilarTickets` has them; the first one raised the alarm.
        var words: [UInt32]
        /// The first tickets by their rows of the ledger.
        var rows: [Int64]
        /// All its tickets.
        var count: Int
        /// How many tickets as many others would usually have had the first word.
        var expected: Double
        /// Milliseconds since 1970 of the first ticket, and of the newest ones.
        var start: Int64
        var newest: [Int64]
        /// The last of `rows`, or a later ticket.
        var last: Int64 { newest.last ?? start }

        /// Whether as many tickets as make an outage came within the hour.
        func isCurrent(at time: Int64) -> Bool {
            newest.count == OutageRadar.minimum && time - newest[0] <= OutageRadar.hour
        }
    }

    /// The newest one last.
    private(set) var outages: [Outage] = []

    /// Tickets with a word that make an outage.
    static let minimum = 4
    /// Tickets that are looked at together.
    private static let maximum = 20
    /// How much likelier than usual a word must have become.
    private static let minimumRatio = 4.0
    /// Tickets before the first of an outage, so that there is something usual.
    private static let minimumHistory = 50
    /// The chance that a run of a ticket's words comes without a change; several runs of each ticket are looked at.
    ///
    /// Chosen on shuffled tickets of public collections: about one false alarm in two days of 5,000 tickets.
    private static let maximumChance = 4e-6
    static let hour: Int64 = 3_600_000
    /// A later outage with words or tickets of one before is the same one.
    private static let memory = 4 * hour
    private static let (wordLimit, outageLimit) = (5, 50)
    /// Tickets of an outage that are kept.
    fileprivate static let rowLimit = 200

    // MARK: - New tickets

    /// Looks at the ticket that was added last.
    mutating func look(at row: Int64, of tickets: SimilarTickets) {
        guard let words = tickets.entries[row], let time = tickets.order.last?.time else { return }
        let content = words.filter { word in
            let count = tickets.rows[word]?.count ?? 0
            return count >= OutageRadar.minimum && count <= tickets.maximumRows
                && !OutageRadar.stopWords.contains(word)
        }
        let limit = OutageRadar.maximumChance / Double(max(1, content.count))
        var bursts = content.compactMap { OutageRadar.burst(of: $0, tickets, below: limit) }
        bursts.sort { ($0.chance, $0.word) < ($1.chance, $1.word) }
        if let first = bursts.first {
            note(first, bursts.map(\.word), time, tickets)
        } else if let place = outages.lastIndex(where: { outage in
            time - outage.last <= OutageRadar.hour && words.contains(outage.words[0])
        }) {
            outages[place].add(row, time)
        }
    }

    private struct Burst {
        var word: UInt32
        var chance: Double
        var expected: Double
        var rows: ArraySlice<Int64>
    }

    /// The least likely run of the word's newest tickets; nil when all runs are likely.
    private static func burst(
        of word: UInt32, _ tickets: SimilarTickets, below limit: Double
    ) -> Burst? {
        let rows = tickets.rows[word] ?? []
        guard rows.count >= minimum, let now = tickets.order.last?.time
        else { return nil }
        let all = tickets.order.count - tickets.first
        var best: Burst?
        for count in minimum...min(maximum, rows.count) {
            let place = tickets.place(of: rows[rows.count - count])
            let before = place - tickets.first
            guard before >= minimumHistory, now - tickets.order[place].time <= hour else { break }
            let share = Double(all - before) / Double(all)
            guard Double(count) >= minimumRatio * Double(rows.count) * share else { continue }
            // P(X ≥ count) is P(at most the others fall outside).
            let chance = Binomial.cumulative(rows.count - count, of: rows.count, probability: 1 - share)
            guard chance < best?.chance ?? limit else { continue }
            let expected = Double(rows.count - count) / Double(before) * Double(all - before)
            best = Burst(word: word, chance: chance, expected: expected, rows: rows.suffix(count))
        }
        return best
    }

    /// Adds a burst to the outage that it belongs to, or begins one.
    private mutating func note(
        _ burst: Burst, _ words: [UInt32], _ time: Int64, _ tickets: SimilarTickets
    ) {
        let known = outages.lastIndex { outage in
            time - outage.last <= OutageRadar.memory
                && (outage.words.contains(burst.word)
                    || outage.rows.contains(where: burst.rows.contains))
        }
        guard let place = known else {
            let times = burst.rows.map { tickets.order[tickets.place(of: $0)].time }
            outages.append(
                Outage(
                    words: Array(words.prefix(OutageRadar.wordLimit)), rows: Array(burst.rows),
                    count: burst.rows.count, expected: burst.expected, start: times[0],
                    newest: times.suffix(OutageRadar.minimum)))
            outages = outages.suffix(OutageRadar.outageLimit)
            return
        }
        let new = words.filter { !outages[place].words.contains($0) }
        outages[place].words.append(
            contentsOf: new.prefix(OutageRadar.wordLimit - outages[place].words.count))
        for row in burst.rows where row > outages[place].rows.last ?? 0 {
            outages[place].add(row, tickets.order[tickets.place(of: row)].time)
        }
    }

    fileprivate static let stopWords = Set(
        StopWords.words.flatMap { Words(of: $0).phrase.map(SimilarTickets.short) })
}

extension OutageRadar.Outage {
    fileprivate mutating func add(_ row: Int64, _ time: Int64) {
        guard time >= last else { return }
        count += 1
        if rows.count < OutageRadar.rowLimit { rows.append(row) }
        newest = (newest + [time]).suffix(OutageRadar.minimum)
    }
}

extension SimilarTickets {
    /// A word's hash as tickets keep it.
    static func short(_ hash: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: hash >> 32) }

    /// The place of a ticket in `order`.
    func place(of row: Int64) -> Int {
        var (low, high) = (first, order.count)
        while low < high {
            let middle = (low + high) / 2
            if order[middle].row < row { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Words that at least half of some tickets have, the ones given first, then the rarest.
    func commonWords(of group: [Int64], first: [UInt32], limit: Int) -> [UInt32] {
        let kept = group.compactMap { entries[$0] }
        let counts = kept.joined().reduce(into: [UInt32: Int]()) { $0[$1, default: 0] += 1 }
        let others = counts.filter {
            2 * $0.value >= kept.count && !first.contains($0.key) && !OutageRadar.stopWords.contains($0.key)
        }.keys
            .sorted { (rows[$0]?.count ?? 0, $0) < (rows[$1]?.count ?? 0, $1) }
            .filter { (rows[$0]?.count ?? 0) <= maximumRows }
        return Array((first.filter { counts[$0] != nil } + others).prefix(limit))
    }
}
