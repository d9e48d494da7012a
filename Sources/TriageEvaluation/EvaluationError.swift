import TriageData

package enum EvaluationError: Error, Equatable {
    /// No labelled row has a value in the column to compare rows by.
    case noSource(column: String)
    /// No row has the label of those that fit none.
    case noOutside(label: String, fields: [String])
    /// Two bundles have labelled rows in no field that both know.
    case nothingShared(fields: [String], others: [String])
    /// Too few rows to split in time.
    case tooFewRows(rows: Int, needed: Int)
    /// Fewer rows than folds.
    case tooFewForFolds(rows: Int, needed: Int)
    /// No period of a backtest has enough rows before it.
    case tooShort(rows: Int, from: String, to: String, undated: Int)
    /// Rows with a date such as 3/4/2026, where no date shows what comes first.
    case unclearDates(Int, of: Int, column: String)
}

extension EvaluationError: DescribedError {
    package var description: String {
        switch self {
        case .noSource(let column):
            "no labelled row has a value in column \"\(column)\"; name another column to compare by, or none"
        case .noOutside(let label, let fields):
            "no row has the label \"\(label)\" in \(fields.joined(separator: ", ")); write the label as the "
                + "data spells it, or name none"
        case .nothingShared(let fields, let others):
            "the two bundles share no field with labelled rows (\(EvaluationError.list(fields)); of the second "
                + "\(EvaluationError.list(others))); compare bundles of the same field"
        case .tooFewRows(let rows, let needed):
            "\(rows) rows cannot be split in time; give at least \(needed) training rows, or no time column"
        case .tooFewForFolds(let rows, let needed):
            "\(rows) rows are too few for \(needed) folds; give more, or evaluate a bundle"
        case .tooShort(let rows, let from, let to, let undated):
            "\(rows.counted("ticket")) from \(from) to \(to) are too few to begin with: a period needs "
                + "\(BacktestPlan.minimumRows) tickets with two labels before it; give more, or shorter periods"
                + (undated == 0
                    ? ""
                    : " (\(undated.counted("more ticket")) without a date that can be read would count too)")
        case .unclearDates(let rows, let all, let column):
            "\(rows) of \(all.counted("ticket")) have a date in column \"\(column)\" such as 3/4/2026, and no date in the data shows "
                + "whether day or month comes first; write the dates year first, as triage import --date-order dmy (or mdy) does"
        }
    }

    private static func list(_ names: [String]) -> String {
        names.isEmpty ? "none" : names.joined(separator: ", ")
    }
}
