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
    /// Counts of one field, by the numbers of labels.
    private struct FieldCounts {
        var labels: [Int]
        var levels = [0, 0, 0]
        var confirmed = 0
        var overridden = 0

        mutating func add(_ answer: Answer) {
            labels[Int(answer.current)] += 1
            levels[answer.level.place] += 1
            guard let feedback = answer.feedback else { return }
            if feedback == answer.label { confirmed += 1 } else { overridden += 1 }
        }
    }

    /// - Complexity: O(decisions in the table).
    func counts(from: Int64, to: Int64) -> DecisionCounts {
        var counts = DecisionCounts()
        // Few texts are fields: their counts lie behind the place that `places` has for them.
        var (places, fields) = ([Int?](repeating: nil, count: symbols.names.count), [FieldCounts]())
        var states = [Int](repeating: 0, count: DecisionState.allCases.count)
        var levels = [0, 0, 0]
        for entry in entries where entry.time >= from && entry.time < to {
            states[entry.state.place] += 1
            counts.add(entry)
            var (lowest, isLooked, isChanged) = (Decision.Level.auto, false, false)
            let first = entry.firstAnswer - dropped
            for place in first..<first + Int(entry.answers) {
                let answer = answers[place]
                if places[Int(answer.field)] == nil {
                    places[Int(answer.field)] = fields.count
                    fields.append(FieldCounts(labels: [Int](repeating: 0, count: symbols.names.count)))
                }
                fields[places[Int(answer.field)] ?? 0].add(answer)
                lowest = min(lowest, answer.level)
                isLooked = isLooked || answer.feedback != nil
                isChanged = isChanged || answer.feedback != nil && answer.feedback != answer.label
            }
            levels[lowest.place] += 1
            counts.looked += isLooked ? 1 : 0
            counts.overridden += isChanged ? 1 : 0
        }
        counts.states = DecisionState.allCases.reduce(into: [:]) { $0[$1] = states[$1.place] }
        counts.levels = Decision.Level.allCases.reduce(into: [:]) { $0[$1] = levels[$1.place] }
        counts.fields = places.enumerated().compactMap { number, place in
            place.map { field(UInt32(number), fields[$0]) }
        }.sorted { $0.name < $1.name }
        return counts
    }

    private func field(_ number: UInt32, _ counts: FieldCounts) -> DecisionCounts.Field {
        // 0 is the label that the blind sample withholds.
        let labels = counts.labels.enumerated().filter { $0.element > 0 && $0.offset > 0 }
            .map { (label: symbols[UInt32($0.offset)], count: $0.element) }
            .sorted { ($1.count, $0.label) < ($0.count, $1.label) }
        return DecisionCounts.Field(
            name: symbols[number], labels: labels,
            levels: Decision.Level.allCases.reduce(into: [:]) { $0[$1] = counts.levels[$1.place] },
            confirmed: counts.confirmed, overridden: counts.overridden)
    }
}

extension DecisionCounts {
    /// Counts a decision and its hour; decisions come in the order of their times, but for a clock that was set back.
    fileprivate mutating func add(_ entry: DecisionTable.Entry) {
        decisions += 1
        if entry.isKnownIssue { knownIssues += 1 }
        let hour = entry.time.hour
        if let last = hours.indices.last, hours[last].time == hour {
            hours[last].count += 1
        } else if let place = hours.firstIndex(where: { $0.time >= hour }) {
            if hours[place].time == hour {
                hours[place].count += 1
            } else {
                hours.insert((hour, 1), at: place)
            }
        } else {
            hours.append((hour, 1))
        }
    }
}

extension DecisionState {
    fileprivate var place: Int {
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
    fileprivate var place: Int {
        switch self {
        case .review: 0
        case .suggest: 1
        case .auto: 2
        }
    }
}

extension Int64 {
    /// The first millisecond of this moment's hour.
    fileprivate var hour: Int64 { self - ((self % 3_600_000) + 3_600_000) % 3_600_000 }
}
