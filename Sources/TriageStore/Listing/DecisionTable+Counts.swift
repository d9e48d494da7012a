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
    private struct FieldCounts {
        var labels: [UInt32: Int] = [:]
        var levels: [Decision.Level: Int] = [:]
        var confirmed = 0
        var overridden = 0

        mutating func add(_ answer: Answer) {
            labels[answer.current, default: 0] += 1
            levels[answer.level, default: 0] += 1
            guard let feedback = answer.feedback else { return }
            if feedback == answer.label { confirmed += 1 } else { overridden += 1 }
        }
    }

    /// - Complexity: O(decisions in the table).
    func counts(from: Int64, to: Int64) -> DecisionCounts {
        var counts = DecisionCounts()
        var (fields, hours) = ([UInt16: FieldCounts](), [Int64: Int]())
        for entry in entries where entry.time >= from && entry.time < to {
            let answers = answers(of: entry)
            counts.add(entry, answers, state(of: entry))
            hours[entry.time.hour, default: 0] += 1
            for answer in answers { fields[answer.field, default: FieldCounts()].add(answer) }
        }
        counts.hours = hours.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        counts.fields = fields.map { field($0.key, $0.value) }.sorted { $0.name < $1.name }
        return counts
    }

    private func field(_ number: UInt16, _ counts: FieldCounts) -> DecisionCounts.Field {
        let labels = counts.labels.map { (label: symbols[$0.key], count: $0.value) }
            .sorted { ($1.count, $0.label) < ($0.count, $1.label) }
        return DecisionCounts.Field(
            name: symbols[UInt32(number)], labels: labels, levels: counts.levels,
            confirmed: counts.confirmed, overridden: counts.overridden)
    }
}

extension DecisionCounts {
    fileprivate mutating func add(
        _ entry: DecisionTable.Entry, _ answers: ArraySlice<DecisionTable.Answer>, _ state: DecisionState
    ) {
        decisions += 1
        if entry.isKnownIssue { knownIssues += 1 }
        states[state, default: 0] += 1
        if let level = answers.map(\.level).min() { levels[level, default: 0] += 1 }
        if answers.contains(where: { $0.feedback != nil }) { looked += 1 }
        if answers.contains(where: { $0.feedback != nil && $0.feedback != $0.label }) { overridden += 1 }
    }
}

extension Int64 {
    /// The first millisecond of this moment's hour.
    fileprivate var hour: Int64 { self - ((self % 3_600_000) + 3_600_000) % 3_600_000 }
}
