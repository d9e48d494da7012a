import TriageData

/// An evaluation that cannot go on.
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
}

extension EvaluationError: DescribedError {
    /// What was found and what to do.
    package var description: String {
        switch self {
        case .noSource(let column):
            "no labelled row has a value in column \"\(column)\"; name another one with --source, or leave it out"
        case .noOutside(let label, let fields):
            "no row has the label \"\(label)\" in \(fields.joined(separator: ", ")); give --oos-label as the data "
                + "spells it, or leave it out"
        case .nothingShared(let fields, let others):
            "the two bundles share no field with labelled rows (\(EvaluationError.list(fields)); of --against "
                + "\(EvaluationError.list(others))); compare bundles of the same field"
        case .tooFewRows(let rows, let needed):
            "\(rows) rows cannot be split in time; give at least \(needed) with --train, or leave --time out"
        case .tooFewForFolds(let rows, let needed):
            "\(rows) rows make no \(needed) folds; give more, or measure a bundle without --cross-validate"
        }
    }

    private static func list(_ names: [String]) -> String {
        names.isEmpty ? "none" : names.joined(separator: ", ")
    }
}
