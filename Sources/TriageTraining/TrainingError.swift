/// Training that cannot go on.
public enum TrainingError: Error, Equatable {
    /// No row has a value for a label field.
    case noLabels(field: String, files: [String], seen: [String])
    /// All rows have the same label: there is nothing to learn.
    case oneLabel(field: String, label: String)
    /// Training would need more memory than allowed.
    case tooLarge(neededMegabytes: Int, allowedMegabytes: Int)
    /// No text at all in any row.
    case noText
}

extension TrainingError: CustomStringConvertible {
    /// What was found and what to do.
    public var description: String {
        switch self {
        case .noLabels(let field, let files, let seen):
            "no row of \(files.joined(separator: ", ")) has a value in column \"\(field)\"; columns there: "
                + "\(seen.joined(separator: ", ")): name one of them with --label"
        case .oneLabel(let field, let label):
            "every row has \(field) \"\(label)\"; a classifier needs at least two labels: add rows with another one"
        case .tooLarge(let needed, let allowed):
            "training needs about \(needed) MB and \(allowed) MB are allowed; use fewer rows or raise --memory"
        case .noText:
            "no row has any text; name the text columns with --text"
        }
    }
}
