internal import TriageEngine

/// Counts of some decisions, by the numbers of fields and labels.
struct DecisionTally {
    struct Field {
        var labels: [UInt32: Int] = [:]
        var levels = [0, 0, 0]
        var confirmed = 0
        var overridden = 0
    }

    var decisions = 0
    var knownIssues = 0
    var states = [Int](repeating: 0, count: DecisionState.allCases.count)
    /// By the lowest level of a decision.
    var levels = [0, 0, 0]
    var looked = 0
    var overridden = 0
    var fields: [UInt16: Field] = [:]

    /// Counts a decision `sign` times: −1 takes it back.
    mutating func add(
        _ entry: DecisionTable.Entry, _ answers: ArraySlice<DecisionTable.Answer>, _ sign: Int
    ) {
        decisions += sign
        if entry.isKnownIssue { knownIssues += sign }
        states[entry.state.place] += sign
        var (lowest, isLooked, isChanged) = (Decision.Level.auto, false, false)
        for answer in answers {
            fields[answer.field, default: Field()].add(answer, sign)
            lowest = min(lowest, answer.level)
            isLooked = isLooked || answer.feedback != nil
            isChanged = isChanged || answer.feedback != nil && answer.feedback != answer.label
        }
        levels[lowest.place] += sign
        if isLooked { looked += sign }
        if isChanged { overridden += sign }
    }

    mutating func merge(_ other: DecisionTally) {
        decisions += other.decisions
        knownIssues += other.knownIssues
        looked += other.looked
        overridden += other.overridden
        for place in states.indices { states[place] += other.states[place] }
        for place in levels.indices { levels[place] += other.levels[place] }
        for (number, field) in other.fields { fields[number, default: Field()].merge(field) }
    }
}

extension DecisionTally.Field {
    mutating func add(_ answer: DecisionTable.Answer, _ sign: Int) {
        labels[answer.current, default: 0] += sign
        levels[answer.level.place] += sign
        guard let feedback = answer.feedback else { return }
        if feedback == answer.label { confirmed += sign } else { overridden += sign }
    }

    mutating func merge(_ other: Self) {
        for (label, count) in other.labels { labels[label, default: 0] += count }
        for place in levels.indices { levels[place] += other.levels[place] }
        confirmed += other.confirmed
        overridden += other.overridden
    }
}

/// Counts of all listed decisions, by their hours and by the article that answers best.
struct DecisionTotals {
    struct Hour {
        var tally = DecisionTally()
        /// The first and the last row that was ever counted.
        var first: Int64
        var last: Int64
        /// The last moment that was ever counted.
        var latest: Int64
    }

    static let hourLength: Int64 = 3_600_000

    /// By the hour's first millisecond since 1970.
    private(set) var hours: [Int64: Hour] = [:]
    private(set) var articles: [UInt32: Int] = [:]

    mutating func add(_ entry: DecisionTable.Entry, _ answers: ArraySlice<DecisionTable.Answer>) {
        let fresh = Hour(first: entry.sequence, last: entry.sequence, latest: entry.time)
        count(entry, answers, 1, in: &hours[entry.time.hour, default: fresh])
        if entry.article != 0 { articles[entry.article, default: 0] += 1 }
    }

    private func count(
        _ entry: DecisionTable.Entry, _ answers: ArraySlice<DecisionTable.Answer>, _ sign: Int,
        in hour: inout Hour
    ) {
        hour.tally.add(entry, answers, sign)
        hour.first = min(hour.first, entry.sequence)
        hour.last = max(hour.last, entry.sequence)
        hour.latest = max(hour.latest, entry.time)
    }

    mutating func remove(_ entry: DecisionTable.Entry, _ answers: ArraySlice<DecisionTable.Answer>) {
        hours[entry.time.hour]?.tally.add(entry, answers, -1)
        if hours[entry.time.hour]?.tally.decisions == 0 { hours[entry.time.hour] = nil }
        guard let count = articles[entry.article] else { return }
        articles[entry.article] = count > 1 ? count - 1 : nil
    }
}
