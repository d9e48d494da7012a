internal import Foundation
internal import GRDB
internal import TriageData

/// The rows whose text was deleted, according to the ledger's expiries and erasures.
struct ExpiredRows {
    /// Ranges in order, apart from one another.
    private(set) var ranges: [ClosedRange<Int64>] = []

    init() {}

    /// Those of a whole ledger.
    init(_ database: Database) throws {
        let records = try Data.fetchAll(
            database, sql: "SELECT record FROM ledger WHERE kind IN ('expiry', 'erasure') ORDER BY seq")
        for record in records { add(JSONValue(parsing: record)?["rows"]?.elements ?? []) }
        ranges = ExpiredRows.merged(ranges)
    }

    func contains(_ row: Int64) -> Bool {
        var (low, high) = (0, ranges.count)
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < row { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].contains(row)
    }

    private mutating func add(_ pairs: [JSONValue]) {
        for pair in pairs {
            guard case .integer(let first)? = pair.elements?.first,
                case .integer(let last)? = pair.elements?.last,
                first <= last
            else { continue }
            ranges.append(first...last)
        }
    }

    private static func merged(_ ranges: [ClosedRange<Int64>]) -> [ClosedRange<Int64>] {
        var merged: [ClosedRange<Int64>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = merged.last, range.lowerBound <= last.upperBound + 1 {
                merged[merged.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                merged.append(range)
            }
        }
        return merged
    }
}
