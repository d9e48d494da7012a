package import TriageData
internal import TriageEvaluation

/// What a comparison lacks, found before any model is called.
package enum ComparisonError: Error, Equatable {
    /// No ticket has a label of a requested field that the bundle knows; `seen` are some values that it does not know.
    case noLabels(field: String, known: [String], seen: [String])
    /// Too few tickets have a label of a field that the bundle knows.
    case tooFewTickets(field: String, tickets: Int, needed: Int)
    /// More fields than exported prompts can have.
    case tooManyFields([String], maximum: Int)
}

extension ComparisonError: DescribedError {
    package var description: String {
        switch self {
        case .noLabels(let field, _, let seen) where seen.isEmpty:
            "no ticket has a value in column \"\(field)\"; name the column of the file after the model's field, or "
                + "compare other fields"
        case .noLabels(let field, let known, let seen):
            "no ticket has a label of \"\(field)\" that the bundle knows: the file has \(ComparisonError.list(seen)), the "
                + "bundle \(ComparisonError.list(known)); write the labels as the bundle does, or name another column"
        case .tooFewTickets(let field, let tickets, let needed):
            "\(tickets.counted("ticket")) with a label of \"\(field)\" that the bundle knows "
                + "\(tickets == 1 ? "is" : "are") too few to compare; give \(needed) or more that the bundle was not trained on"
        case .tooManyFields(let fields, let maximum):
            "prompts for another machine take \(maximum) fields at most, and these are \(fields.count): "
                + "\(ComparisonError.list(fields)); name those to compare with --field"
        }
    }

    private static let listed = 5

    private static func list(_ names: [String]) -> String {
        names.prefix(listed).map { "\"\($0)\"" }.joined(separator: ", ") + (names.count > listed ? ", …" : "")
    }
}

extension LabelledTickets {
    /// Fewer tickets of a field are not compared: a single one would be worth ten points.
    package static let minimumRows = 10

    /// Makes sure that each of the fields that were requested has a label, or one field at least.
    ///
    /// - Throws: `ComparisonError.noLabels` for the first field without.
    package func checkFields(requested: [String]) throws(ComparisonError) {
        guard !requested.isEmpty || fields.isEmpty, let field = fieldsWithoutLabels.first else { return }
        throw .noLabels(field: field, known: labels[field] ?? [], seen: unknownLabels[field] ?? [])
    }

    /// Makes sure that there is enough to call a model for, in each of the fields that were requested, or in one field
    /// at least.
    ///
    /// - Throws: `ComparisonError.tooFewTickets` for the first field that has too few.
    package func checkRows(requested: [String]) throws(ComparisonError) {
        let counts = fields.indices.map { place in rows.count { $0.gold[place] ?? -1 >= 0 } }
        let few = fields.indices.filter { counts[$0] < LabelledTickets.minimumRows }
        guard let first = few.first, !requested.isEmpty || few.count == fields.count else { return }
        throw .tooFewTickets(
            field: fields[first], tickets: counts[first], needed: LabelledTickets.minimumRows)
    }

    /// What to know before a run of so many tickets begins, one sentence each.
    package func remarks(limit: Int?) -> [String] {
        let wanted = min(rows.count, limit ?? .max)
        var remarks = [seenRows.sentence].compactMap(\.self)
        remarks += fieldsWithoutLabels.map {
            "\($0) is not compared: no ticket has a label of it that the bundle knows"
        }
        if let limit, limit > rows.count {
            remarks.append("only \(rows.count.counted("ticket")) can be compared, \(limit) were requested")
        }
        if wanted < DeferralVerdict.minimumRows {
            remarks.append(
                "\(wanted.counted("ticket")) show only large differences; whether it pays to send some to the model takes "
                    + "\(DeferralVerdict.minimumRows) or more")
        }
        return remarks
    }
}
