import Foundation
import GRDB
import Testing
import TriageData
import TriageEngine
import TriageNumerics

@testable import TriageStore

/// Lists and counts that follow the ledger, compared with a scan of the whole table after each change.
struct ListIndexTests {
    private static let labels = ["Login", "Billing", "Bug"]

    /// A ledger of random changes: the same for a seed.
    private struct Changes {
        var random: SplitMix64
        var decisions: [Int64] = []
        var feedback: [(id: String, about: Int64)] = []
        var sequence: Int64 = 0

        mutating func pick(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }

        /// The next row: mostly a decision, else something that changes one.
        mutating func next() throws -> LedgerEntry {
            sequence += 1
            guard !decisions.isEmpty, pick(3) == 0, let about = decisions.randomElement(using: &random) else {
                decisions.append(sequence)
                return try row(.decision, about: nil, decision())
            }
            switch pick(8) {
            case 0: return try row(.erasure, about: about, "{}")
            case 1:
                let last = about + Int64(pick(3))
                return try row(.expiry, about: nil, #"{"rows": [[\#(about), \#(last)]]}"#)
            case 2 where !feedback.isEmpty,
                3 where !feedback.isEmpty:
                let done = feedback[pick(feedback.count)]
                return try row(.undo, about: done.about, #"{"feedback": "\#(done.id)"}"#)
            default:
                feedback.append(("r\(sequence)", about))
                let field = ["category", "severity"][pick(2)]
                let label = ListIndexTests.labels[pick(3)]
                return try row(.feedback, about: about, #"{"field": "\#(field)", "label": "\#(label)"}"#)
            }
        }

        private mutating func decision() -> String {
            let fields = ["category", "severity"].map { name in
                let level = ["auto", "suggest", "review"][pick(3)]
                return """
                    {"field": "\(name)", "label": "\(ListIndexTests.labels[pick(3)])", "probability": 0.\(pick(90) + 10), \
                    "level": "\(level)", "reasons": [\(pick(4) == 0 ? "\"AMBIGUOUS\"" : "")]}
                    """
            }
            let article = pick(2) == 0 ? "[]" : #"["KB-\#(pick(3))"]"#
            return
                #"{"fields": [\#(fields.joined(separator: ", "))], "matches": \#(article), "language": "en"}"#
        }

        /// Times go on, now and then by hours; rarely the clock was set back.
        private mutating func row(_ kind: LedgerKind, about: Int64?, _ record: String) throws -> LedgerEntry {
            let step = pick(20) == 0 ? -3_000_000 : 0
            let time = 1_700_000_000_000 + sequence * 700_000 + Int64(step)
            return try LedgerEntry(
                row: [
                    "seq": sequence, "at": time, "kind": kind.rawValue, "id": "r\(sequence)", "ticket": nil,
                    "about": about, "record": Array(record.utf8).databaseData, "hash": [UInt8]().databaseData,
                ])
        }
    }

    private static let filters: [DecisionFilter] = {
        func filter(_ change: (inout DecisionFilter) -> Void) -> DecisionFilter {
            var filter = DecisionFilter()
            change(&filter)
            return filter
        }
        return [
            DecisionFilter(), filter { $0.state = .open }, filter { $0.state = .reviewed },
            filter { $0.label = "Billing" },
            filter {
                $0.field = "severity"
                $0.label = "Bug"
            },
            filter { $0.level = .review }, filter { $0.reason = .ambiguous }, filter { $0.article = "KB-1" },
            filter { $0.from = 1_700_000_000_000 + 40 * 700_000 },
        ]
    }()

    /// The list by a scan.
    private func scan(
        _ table: DecisionTable, _ filter: DecisionFilter, _ order: DecisionOrder
    ) -> [Int64] {
        guard let condition = DecisionTable.Condition(filter, table.symbols) else { return [] }
        let found = table.entries.filter { table.accepts($0, condition) }
        switch order {
        case .newest: return found.map(\.sequence).reversed()
        case .oldest: return found.map(\.sequence)
        case .leastSure:
            return found.map { (table.sureness(of: $0, condition.field), -$0.sequence) }.sorted { $0 < $1 }
                .map { -$0.1 }
        }
    }

    /// All pages of a list.
    private func pages(
        _ cache: inout ListingCache, _ table: DecisionTable, _ filter: DecisionFilter, _ order: DecisionOrder,
        limit: Int
    ) -> (rows: [Int64], count: Int) {
        var (rows, cursor, count) = ([Int64](), DecisionCursor?.none, 0)
        repeat {
            let found = cache.search(filter, order, after: cursor, limit: limit, in: table)
            rows += found.sequences
            (cursor, count) = (found.next, found.count)
        } while cursor != nil && rows.count <= table.entries.count
        return (rows, count)
    }

    @Test(arguments: [1, 2, 3, 4])
    func `lists and counts follow every change of the ledger`(seed: UInt64) throws {
        var changes = Changes(random: SplitMix64(seed: seed))
        var (table, cache) = (DecisionTable(capacity: 60), ListingCache())
        for step in 0..<240 {
            table.add(try changes.next())
            guard step % 7 == 0 || step < 20 else { continue }
            for filter in Self.filters {
                for order in DecisionOrder.allCases {
                    let expected = scan(table, filter, order)
                    let found = pages(&cache, table, filter, order, limit: 1 + step % 9)
                    #expect(
                        found.rows == expected && found.count == expected.count, "\(step) \(filter) \(order)")
                }
            }
            checkCounts(table, step)
        }
    }

    /// Compares counts of several times with those of a scan.
    private func checkCounts(_ table: DecisionTable, _ step: Int) {
        let times = table.entries.map(\.time).sorted()
        guard let first = times.first, let last = times.last else { return }
        let middle = times[times.count / 2]
        for (from, to) in [(0, Int64.max), (first, middle), (middle, last + 1), (middle + 1, middle + 2)] {
            let entries = table.entries.filter { $0.time >= from && $0.time < to }
            let counts = table.counts(from: from, to: to)
            #expect(counts.decisions == entries.count, "\(step)")
            #expect(counts.hours.map(\.count).reduce(0, +) == entries.count)
            for state in DecisionState.allCases {
                #expect(counts.states[state] ?? 0 == entries.count { $0.state == state }, "\(step) \(state)")
            }
            let labels = entries.flatMap { table.answers(of: $0) }.map { table.symbols[$0.current] }
            for label in Self.labels {
                let counted = counts.fields.flatMap(\.labels).filter { $0.label == label }.map(\.count)
                #expect(counted.reduce(0, +) == labels.count { $0 == label }, "\(step) \(label)")
            }
            let looked = entries.count { table.answers(of: $0).contains { $0.feedback != nil } }
            #expect(counts.looked == looked)
        }
        let articles = Dictionary(grouping: table.entries.filter { $0.article != 0 }, by: \.article)
            .map { (table.symbols[$0.key], $0.value.count) }
        #expect(table.articleCounts() == Dictionary(uniqueKeysWithValues: articles))
    }

    @Test func `a list that missed too many changes is made again`() throws {
        var changes = Changes(random: SplitMix64(seed: 9))
        var (table, cache) = (DecisionTable(capacity: 100_000), ListingCache())
        for step in 0..<(3 * ChangeLog.capacity) {
            table.add(try changes.next())
            if step == 10 { _ = cache.search(DecisionFilter(), .newest, after: nil, limit: 5, in: table) }
        }
        let found = cache.search(DecisionFilter(), .newest, after: nil, limit: 5, in: table)
        #expect(found.count == table.entries.count)
        #expect(found.sequences == Array(scan(table, DecisionFilter(), .newest).prefix(5)))
    }
}

extension [UInt8] {
    fileprivate var databaseData: DatabaseValue { Data(self).databaseValue }
}
