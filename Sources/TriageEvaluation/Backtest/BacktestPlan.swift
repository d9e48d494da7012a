package import TriageData
internal import TriageImport
package import TriageTraining

/// Which rows of a year train and which are decided, in the order in which they came in.
package struct BacktestPlan: Sendable, Equatable {
    /// How often the model is trained again.
    package enum Interval: Sendable, Equatable {
        case month
        /// From Monday.
        case week
        case days(Int)

        package static let expected = "month, week, or a number of days such as 14"

        /// Nil for other text.
        package init?(parsing text: String) {
            switch text {
            case "month": self = .month
            case "week": self = .week
            default:
                guard let days = Int(text), (1...366).contains(days) else { return nil }
                self = .days(days)
            }
        }
    }

    /// A stretch of time whose tickets one model decides.
    package struct Period: Sendable, Equatable {
        /// Its first ticket's day, such as `2025-07-01`.
        package let day: String
        /// How many rows, in order of time, came before it: those train.
        package let trainingRows: Int
        /// Its rows, by their places in that order.
        package let decided: Range<Int>
    }

    /// The rows with a date, in order of time, by their places in the training set.
    package let order: [Int]
    /// The day of each, such as `2025-07-01`.
    package let days: [String]
    package let periods: [Period]
    /// Rows without a date that can be read; they are left out.
    package let undated: Int
    /// Of these, rows with a date such as 3/4/2026 whose order of day and month no other date shows.
    package let unclear: Int

    /// A first training needs so many rows.
    package static let minimumRows = 200

    /// A plan over the rows of a set that was read with a time column.
    ///
    /// So many months are decided, the last ones; all rows before train.
    ///
    /// - Throws: `TrainingError.badTime` when no row has a date; `EvaluationError.unclearDates` when most dates can be read two
    ///   ways, since those that are left, such as 4/4/2026, are not the year; `.tooShort` when no period has enough rows before
    ///   it.
    package init(_ set: TrainingSet, column: String, every interval: Interval, months: Int) throws {
        let reader = DateReader()
        let dated = set.examples.indices.compactMap { row -> (time: Int64, row: Int)? in
            guard let text = set.examples[row].time, let iso = reader.iso(text), let time = Timestamp(iso)
            else { return nil }
            return (time.milliseconds, row)
        }.sorted { ($0.time, $0.row) < ($1.time, $1.row) }
        undated = set.examples.count - dated.count
        unclear = set.examples.count { $0.time.map(DateReader.needsOrder) ?? false }
        guard unclear < max(dated.count, 1) else {
            throw EvaluationError.unclearDates(unclear, of: set.examples.count, column: column)
        }
        guard let first = dated.first, let last = dated.last else {
            throw TrainingError.badTime(origin: set.examples.first?.origin ?? "the data", column: column)
        }
        order = dated.map(\.row)
        days = dated.map { String(Timestamp(milliseconds: $0.time).text.prefix(10)) }
        let keys = zip(dated, days).map { BacktestPlan.key($0.time, $1, interval, from: first.time) }
        let start = BacktestPlan.month(of: Timestamp(milliseconds: last.time).text) - months + 1
        var periods: [Period] = []
        var begin = 0
        while begin < keys.count {
            let end = keys[begin...].firstIndex { $0 != keys[begin] } ?? keys.count
            if begin >= BacktestPlan.minimumRows, BacktestPlan.month(of: days[begin]) >= start,
                BacktestPlan.canTrain(set, order[..<begin])
            {
                periods.append(Period(day: days[begin], trainingRows: begin, decided: begin..<end))
            }
            begin = end
        }
        guard !periods.isEmpty else {
            throw EvaluationError.tooShort(
                rows: dated.count, from: days[0], to: days[days.count - 1], undated: undated)
        }
        self.periods = periods
    }

    /// The month of a day, counted from year 0.
    private static func month(of day: String) -> Int {
        let parts = day.split(separator: "-").compactMap { Int($0.prefix(2)) }
        let year = Int(day.prefix(4)) ?? 0
        return year * 12 + (parts.count > 1 ? parts[1] : 1)
    }

    private static func key(_ time: Int64, _ day: String, _ interval: Interval, from first: Int64) -> Int {
        let number = Int(time / 86_400_000)
        switch interval {
        case .month: return month(of: day)
        // Day 4 after 1970-01-01 was a Monday.
        case .week: return (number - 4) / 7
        case .days(let days): return (number - Int(first / 86_400_000)) / days
        }
    }

    /// Whether each field has two labels among some rows.
    private static func canTrain(_ set: TrainingSet, _ rows: ArraySlice<Int>) -> Bool {
        set.fields.indices.allSatisfy { field in
            let first = rows.lazy.compactMap { set.examples[$0].labels[field] }.first
            return rows.contains { set.examples[$0].labels[field].map { $0 != first } ?? false }
        }
    }
}
