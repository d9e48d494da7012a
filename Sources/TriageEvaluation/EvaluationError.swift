/// An evaluation that cannot go on.
public enum EvaluationError: Error, Equatable {
    /// A row's time is missing or no ISO 8601 date; times of several formats cannot be put in order.
    case badTime(origin: String, column: String)
    /// No labelled row has a value in the column to compare rows by.
    case noSource(column: String)
    /// Too few rows to split in time.
    case tooFewRows(rows: Int, needed: Int)
}

extension EvaluationError: CustomStringConvertible {
    /// What was found and what to do.
    public var description: String {
        switch self {
        case .badTime(let origin, let column):
            "\(origin): column \"\(column)\" holds no date like 2024-05-31; write all dates in ISO 8601, year first, or "
                + "leave --time out"
        case .noSource(let column):
            "no labelled row has a value in column \"\(column)\"; name another one with --source, or leave it out"
        case .tooFewRows(let rows, let needed):
            "\(rows) rows cannot be split in time; give at least \(needed) with --train, or leave --time out"
        }
    }
}
