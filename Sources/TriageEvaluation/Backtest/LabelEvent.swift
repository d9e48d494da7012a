internal import TriageData
internal import TriageTraining

/// A change in how people used the labels of a field, with the day from which it shows.
package struct LabelEvent: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// A label that was hardly there before; most of its first tickets were answered `from`, where that is given.
        case new(from: String?)
        /// A label that is hardly there any more.
        case ended
        /// Tickets that were answered `from` have the label now; `from` is no longer used.
        case renamed(from: String)
        /// Tickets that were answered `from`, which is still used, have the label now.
        case moved(from: String)
    }

    package var field: String
    package var label: String
    package var kind: Kind
    /// Such as `2025-07-14`.
    package var day: String
    /// Tickets with the label from then on, or for an end before it; of a move those that were answered `from`.
    package var tickets: Int

    /// Such as `2025-07`.
    package var month: String { String(day.prefix(7)) }

    package var sentence: String {
        switch kind {
        case .new(let from):
            "new label \(label)" + (from.map { ", most of whose first tickets were answered \($0)" } ?? "")
        case .ended: "label \(label) is no longer used"
        case .renamed(let from): "label \(from) became \(label)"
        case .moved(let from): "tickets that were \(from) are \(label) now"
        }
    }
}

/// Finds the changes in a backtest's labels.
///
/// Births and ends show in the rate of a label over all tickets. Renamed and moved tickets show where the model of the day,
/// trained on the labels before, gives another label than people do from some day on, far more often than it used to.
struct LabelEventSearch {
    /// ln of the ratio of likelihoods that a change needs: chance alone reaches it about once in 20,000 places.
    private static let evidence = 12.0
    /// Rates that differ by less are no birth or end.
    private static let factor = 10.0
    /// A move must concern this share of the tickets that were answered alike.
    private static let movedShare = 0.15
    private static let minimumTickets = 5
    /// A birth and an end, or a move, within so many days are one change.
    private static let sameDays = 45

    private let backtest: Backtest
    private let field: Int
    /// The rows with a label in the field, in order of time: place in the plan's order, and label.
    private let labelled: [(place: Int, label: Int)]

    init(_ backtest: Backtest, field: Int) {
        (self.backtest, self.field) = (backtest, field)
        labelled = backtest.plan.order.enumerated().compactMap { place, row in
            backtest.set.examples[row].labels[field].map { (place, $0) }
        }
    }

    private var names: [String] { backtest.set.labelSets[field] }

    private struct Found {
        var label: Int
        var place: Int
        var tickets: Int
    }

    func find() -> [LabelEvent] {
        let births = names.indices.compactMap { birth(of: $0) }
        let ends = names.indices.compactMap { end(of: $0, after: births) }
        let moves = moves(except: Set(births.map(\.label)))
        var used: Set<Int> = []
        func ending(_ label: Int, near place: Int) -> Found? {
            ends.first { $0.label == label && isNear($0.place, place) }
        }
        var events: [LabelEvent] = []
        for birth in births {
            let source = source(of: birth)
            if let source, let end = ending(source, near: birth.place) {
                used.insert(end.label)
                events.append(event(birth, .renamed(from: names[source])))
            } else {
                events.append(event(birth, .new(from: source.map { names[$0] })))
            }
        }
        for (from, move) in moves {
            let end = ending(from, near: move.place)
            if let end { used.insert(end.label) }
            events.append(event(move, end == nil ? .moved(from: names[from]) : .renamed(from: names[from])))
        }
        events += ends.filter { !used.contains($0.label) }.map { event($0, .ended) }
        return events.sorted { ($0.day, $0.label) < ($1.day, $1.label) }
    }

    private func event(_ found: Found, _ kind: LabelEvent.Kind) -> LabelEvent {
        LabelEvent(
            field: backtest.set.fields[field], label: names[found.label], kind: kind,
            day: backtest.plan.days[found.place], tickets: found.tickets)
    }

    private func isNear(_ first: Int, _ second: Int) -> Bool {
        let days = [first, second].map { DayNumber.of(backtest.plan.days[$0]) }
        return abs(days[0] - days[1]) <= Self.sameDays
    }

    // MARK: - Births and ends

    private func places(of label: Int) -> [Int] {
        labelled.indices.filter { labelled[$0].label == label }
    }

    private func birth(of label: Int) -> Found? {
        let places = places(of: label)
        guard places.count >= Self.minimumTickets,
            let change = ChangePoint(places, of: labelled.count, .up), change.evidence >= Self.evidence,
            change.before * Self.factor <= change.after, change.events >= Self.minimumTickets
        else { return nil }
        return Found(label: label, place: labelled[change.place].place, tickets: change.events)
    }

    private func end(of label: Int, after births: [Found]) -> Found? {
        let birth = births.first { $0.label == label }?.place ?? 0
        let start = labelled.firstIndex { $0.place >= birth } ?? 0
        let places = places(of: label).filter { $0 >= start }.map { $0 - start }
        guard places.count >= Self.minimumTickets,
            let change = ChangePoint(places, of: labelled.count - start, .down),
            change.evidence >= Self.evidence, change.after * Self.factor <= change.before
        else { return nil }
        // The day after the last of them, as far as there is a ticket.
        return Found(
            label: label, place: labelled[start + change.place].place, tickets: places.count - change.events)
    }

    /// The label that most of a new label's first tickets were answered; nil where they were answered in several ways, or
    /// were not decided.
    private func source(of birth: Found) -> Int? {
        guard let number = backtest.plan.periods.firstIndex(where: { $0.decided.contains(birth.place) })
        else {
            return nil
        }
        // A birth at the end of a period shows in the next model's answers as well, but less: its rows trained that model.
        var counts: [String: Int] = [:]
        for (place, answer, label) in decided(number) where label == birth.label && place >= birth.place {
            counts[answer, default: 0] += 1
        }
        let whole = counts.values.reduce(0, +)
        guard let most = counts.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }),
            most.value * 2 >= max(whole, 1), whole >= Self.minimumTickets
        else { return nil }
        return names.firstIndex(of: most.key).flatMap { $0 == birth.label ? nil : $0 }
    }

    // MARK: - Moves

    /// The decided rows of a period with a label: place, answer, label.
    private func decided(_ number: Int) -> [(place: Int, answer: String, label: Int)] {
        let period = backtest.plan.periods[number]
        return zip(period.decided, backtest.steps[number].answers).compactMap { place, answers in
            guard let answer = answers[field],
                let label = backtest.set.examples[backtest.plan.order[place]].labels[field]
            else { return nil }
            return (place, answer.label, label)
        }
    }

    /// For each pair of labels the first time that tickets answered with one have the other.
    private func moves(except born: Set<Int>) -> [(from: Int, Found)] {
        let places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
        var answered: [Int: Int] = [:]
        var pairs: [[Int]: Int] = [:]
        for one in backtest.steps.first?.confusions[field] ?? [] {
            guard let given = places[one.given], let right = places[one.right] else { continue }
            answered[given, default: 0] += one.rows
            pairs[[given, right], default: 0] += one.rows
        }
        var found: [[Int]: Found] = [:]
        for number in backtest.steps.indices {
            let byAnswer = Dictionary(grouping: decided(number)) { places[$0.answer] ?? -1 }
            for (given, rows) in byAnswer.sorted(by: { $0.key < $1.key }) where given >= 0 {
                let byLabel = Dictionary(grouping: rows.indices) { rows[$0].label }
                for (label, yes) in byLabel where label != given && !born.contains(label) {
                    let earlier = (pairs[[given, label]] ?? 0, answered[given] ?? 0)
                    if found[[given, label]] == nil, let change = move(yes, of: rows.count, after: earlier) {
                        found[[given, label]] = Found(
                            label: label, place: rows[change.place].place, tickets: change.events)
                    }
                    pairs[[given, label], default: 0] += yes.count
                }
                answered[given, default: 0] += rows.count
            }
        }
        return found.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { ($0.key[0], $0.value) }
    }

    private func move(_ yes: [Int], of count: Int, after earlier: (Int, Int)) -> ChangePoint? {
        guard let change = ChangePoint(yes, of: count, .up, after: (yes: earlier.0, count: earlier.1)),
            change.evidence >= Self.evidence, change.events >= Self.minimumTickets,
            change.after >= change.before + Self.movedShare
        else { return nil }
        return change
    }
}

/// Days counted from 1970-01-01.
enum DayNumber {
    static func of(_ day: String) -> Int { Timestamp("\(day)T00:00:00Z").map { $0.seconds / 86_400 } ?? 0 }
}
