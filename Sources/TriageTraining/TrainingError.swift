import TriageData

/// Training that cannot go on.
package enum TrainingError: Error, Equatable {
    /// No row has a value for a label field.
    case noLabels(field: String, files: [String], seen: [String])
    /// All rows have the same label: there is nothing to learn.
    case oneLabel(field: String, label: String)
    /// Training would need more memory than allowed.
    case tooLarge(neededMegabytes: Int, allowedMegabytes: Int)
    /// No n-gram is in two rows.
    case noText
    /// Thresholds for a field of which no rows were held out.
    case nothingHeldOut(field: String)
    /// A row's time is missing or no ISO 8601 date; times of several formats cannot be put in order.
    case badTime(origin: String, column: String)
    /// A table of costs that leaves something open.
    case badCosts(path: String, problem: String)
    /// A label mix that leaves something open.
    case badMix(path: String, problem: String)
    /// A bundle trained before the shares of its labels were kept.
    case noLabelShares(field: String)
    /// Thresholds of a table of costs, which the bundle does not keep, under another label mix.
    case costsNeeded(field: String)
    /// A bundle whose weights belong to other features than those asked for.
    case cannotWarmStart(bundle: String, difference: String)
}

extension TrainingError: DescribedError {
    /// What was found and what to do.
    package var description: String {
        switch self {
        case .noLabels(let field, let files, let seen):
            "no row of \(files.joined(separator: ", ")) has a value in column \"\(field)\"; columns there: "
                + "\(TrainingError.names(seen)): name one of them with --label"
        case .oneLabel(let field, let label):
            "every row has \(field) \"\(label)\"; a classifier needs at least two labels: add rows with another one"
        case .tooLarge(let needed, let allowed):
            "training needs about \(needed) MB and \(allowed) MB are allowed; use fewer rows or raise --memory"
        case .noText:
            "no row has a word that another row has too; name the text columns with --text, or give more rows"
        case .nothingHeldOut(let field):
            "no rows of \(field) were held out, so no target can be solved; train without --fixed, or with --calibrate"
        case .badTime(let origin, let column):
            "\(origin): column \"\(column)\" holds no date like 2024-05-31; write all dates in ISO 8601, year first, or "
                + "leave --time out"
        case .noLabelShares(let field):
            "the bundle does not say how frequent each \(field) was in training, so no mix can be set against that; "
                + "train it again"
        case .costsNeeded(let field):
            "\(field) is auto by a table of costs, which the bundle does not keep; give --costs or --target again, so that "
                + "it is solved for the new label mix"
        case .badCosts(let path, let problem), .badMix(let path, let problem):
            "\(path): \(problem)"
        case .cannotWarmStart(let bundle, let difference):
            "the bundle \(bundle) was trained with other options (\(difference)); give the same "
                + "--characters, --words, --bits and --embedding, or leave --warm-start out"
        }
    }

    /// Column names; the "names" of a CSV file without a header are its first ticket, which no message may show.
    private static func names(_ seen: [String]) -> String {
        let names = seen.filter { name in
            name.utf8.count <= 40 && name.split(separator: " ").count <= 3
                && !name.utf8.contains { $0 < 0x20 || $0 == 0x40 }
        }
        return names.isEmpty
            ? "none that looks like a name (is the header missing?)" : names.joined(separator: ", ")
    }
}
