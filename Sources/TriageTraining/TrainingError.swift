import TriageData

package enum TrainingError: Error, Equatable {
    /// No row has a value for a label field.
    case noLabels(field: String, files: [String], seen: [String])
    case oneLabel(field: String, label: String)
    case tooLarge(neededMegabytes: Int, allowedMegabytes: Int)
    /// No n-gram is in two rows.
    case noText
    case nothingHeldOut(field: String)
    /// A row's time is missing or cannot be read as a date.
    case badTime(origin: String, column: String)
    /// No row of the files has an id and a label.
    case noCorrections(files: [String], fields: [String])
    case badCosts(path: String, problem: String)
    case badMix(path: String, problem: String)
    /// A bundle trained before bundles kept the shares of their labels.
    case noLabelShares(field: String)
    case costsNeeded(field: String)
    /// A bundle whose weights belong to other features than those of this training.
    case cannotWarmStart(bundle: String, difference: String)
}

extension TrainingError: DescribedError {
    package var description: String {
        switch self {
        case .noLabels(let field, let files, let seen):
            "no row of \(files.joined(separator: ", ")) has a value in column "
                + "\"\(field)\"\(seen.contains(field) ? "" : ColumnNames.suggestion(field, seen)); its columns: "
                + "\(ColumnNames.shown(seen)); name the label's column"
        case .oneLabel(let field, let label):
            "every row has \(field) \"\(label)\"; training requires two labels: add rows with another one"
        case .tooLarge(let needed, let allowed):
            "training needs about \(needed) MB and \(allowed) MB are allowed; use fewer rows, or raise the memory limit"
        case .noText:
            "no two rows share a word; check the names of the text columns, or give more rows"
        case .nothingHeldOut(let field):
            "no rows of \(field) were held out, so no target can be solved; train with calibration"
        case .badTime(let origin, let column):
            "\(origin): column \"\(column)\" holds no date like 2024-05-31 or 31.5.2024, or one in which day and month can be "
                + "read two ways; write all dates in ISO 8601, year first, or "
                + "train without a time column"
        case .noCorrections(let files, let fields):
            "\(files.joined(separator: ", ")): no row has a label in \(fields.joined(separator: ", ")); give the tickets' "
                + "ids in a column such as \"id\" and their right labels in the columns of the data"
        case .noLabelShares(let field):
            "the bundle has no label shares of \(field) from training, so it cannot be fitted to another mix; "
                + "train it again"
        case .costsNeeded(let field):
            "\(field) has a threshold from a table of costs, which the bundle does not keep; give the costs or a target "
                + "again, to solve it for the new label mix"
        case .badCosts(let path, let problem), .badMix(let path, let problem):
            "\(path): \(problem)"
        case .cannotWarmStart(let bundle, let difference):
            "the bundle \(bundle) was trained with other options (\(difference)); give the same n-grams, "
                + "buckets and embedding, or start without it"
        }
    }
}
