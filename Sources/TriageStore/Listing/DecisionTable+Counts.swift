package import TriageEngine

/// Counts of the decisions in a time.
package struct DecisionCounts: Sendable, Equatable {
    /// Counts of one field.
    package struct Field: Sendable, Equatable {
        package var name: String
        /// Decisions by the label in force, the most frequent first.
        package var labels: [(label: String, count: Int)]
        package var levels: [Decision.Level: Int]
        /// Decisions whose label a person confirmed.
        package var confirmed = 0
        /// Decisions whose label a person changed.
        package var overridden = 0

        package static func == (left: Field, right: Field) -> Bool {
            left.name == right.name && left.levels == right.levels
                && left.labels.elementsEqual(right.labels, by: ==)
                && (left.confirmed, left.overridden) == (right.confirmed, right.overridden)
        }
    }

    package var decisions = 0
    package var knownIssues = 0
    package var states: [DecisionState: Int] = [:]
    /// Decisions by their lowest level.
    package var levels: [Decision.Level: Int] = [:]
    package var fields: [Field] = []
    /// Decisions of each hour that has some, by the hour's first millisecond since 1970.
    package var hours: [(time: Int64, count: Int)] = []
    /// Decisions that a person confirmed or corrected in some field.
    package var looked = 0
    /// Of those the ones with a changed label.
    package var overridden = 0

    /// The share of decisions that a person changed, of those with feedback; nil without any.
    package var overrideRate: Double? { looked == 0 ? nil : Double(overridden) / Double(looked) }
    /// The share of decisions that an article answers; nil without any decision.
    package var knownIssueRate: Double? { decisions == 0 ? nil : Double(knownIssues) / Double(decisions) }

    package static func == (left: DecisionCounts, right: DecisionCounts) -> Bool {
        left.decisions == right.decisions && left.knownIssues == right.knownIssues
            && left.states == right.states && left.levels == right.levels && left.fields == right.fields
            && left.hours.elementsEqual(right.hours, by: ==)
            && (left.looked, left.overridden) == (right.looked, right.overridden)
    }
}

extension DecisionTable {
    /// Counts of the decisions in a time.
    ///
    /// - Complexity: O(hours in the time + decisions in the hours at its ends).
    func counts(from: Int64, to: Int64) -> DecisionCounts {
        var (tally, hours) = (DecisionTally(), [(time: Int64, count: Int)]())
        for (hour, kept) in totals.hours where hour + DecisionTotals.hourLength > from && hour < to {
            let part = hour >= from && kept.latest < to ? kept.tally : self.tally(of: hour, kept, from..<to)
            guard part.decisions > 0 else { continue }
            tally.merge(part)
            hours.append((hour, part.decisions))
        }
        var counts = counts(tally)
        counts.hours = hours.sorted { $0.time < $1.time }
        return counts
    }

    /// The decisions of an hour that are in a time.
    private func tally(of hour: Int64, _ kept: DecisionTotals.Hour, _ time: Range<Int64>) -> DecisionTally {
        var tally = DecisionTally()
        for entry in entries[firstPlace(from: kept.first)..<firstPlace(from: kept.last + 1)]
        where entry.time.hour == hour && time.contains(entry.time) {
            tally.add(entry, answers(of: entry), 1)
        }
        return tally
    }

    private func counts(_ tally: DecisionTally) -> DecisionCounts {
        var counts = DecisionCounts()
        (counts.decisions, counts.knownIssues) = (tally.decisions, tally.knownIssues)
        (counts.looked, counts.overridden) = (tally.looked, tally.overridden)
        counts.states = DecisionState.allCases.reduce(into: [:]) { $0[$1] = tally.states[$1.place] }
        counts.levels = Decision.Level.allCases.reduce(into: [:]) { $0[$1] = tally.levels[$1.place] }
        counts.fields = tally.fields.map { field($0.key, $0.value) }.filter {
            !$0.levels.values.allSatisfy { $0 == 0 }
        }
        .sorted { $0.name < $1.name }
        return counts
    }

    private func field(_ number: UInt16, _ tally: DecisionTally.Field) -> DecisionCounts.Field {
        // 0 is the label that the blind sample withholds.
        let labels = tally.labels.filter { $0.key > 0 && $0.value > 0 }
            .map { (label: symbols[$0.key], count: $0.value) }
            .sorted { ($1.count, $0.label) < ($0.count, $1.label) }
        return DecisionCounts.Field(
            name: symbols[UInt32(number)], labels: labels,
            levels: Decision.Level.allCases.reduce(into: [:]) { $0[$1] = tally.levels[$1.place] },
            confirmed: tally.confirmed, overridden: tally.overridden)
    }
}

extension DecisionState {
    var place: Int {
        switch self {
        case .open: 0
        case .reviewed: 1
        case .automatic: 2
        case .expired: 3
        case .erased: 4
        }
    }
}

extension Decision.Level {
    var place: Int {
        switch self {
        case .review: 0
        case .suggest: 1
        case .auto: 2
        }
    }
}

extension Int64 {
    /// The first millisecond of this moment's hour.
    var hour: Int64 { self - ((self % 3_600_000) + 3_600_000) % 3_600_000 }
}
