import ArgumentParser
import TriageData
import TriageImport
import TriageTickets
import TriageTraining

extension Train {
    /// The same training with the label columns that the first file suggests: one for the category, one for the severity.
    ///
    /// - Throws: `ValidationError` where no column is evident.
    func withSuggestedLabels() throws -> Train {
        guard let file = data.first, file != "-" else {
            throw ValidationError("Name the label columns with --label.")
        }
        var copy = self
        try reportingErrors {
            let inspection = try Inspection(file, text.columns(), maximumRows: Train.inspectedRows)
            let usable = inspection.labels.filter { !inspection.isList($0) }
            let severity = usable.first { KnownColumns.severity.rank($0) != nil }
            let category = usable.first { $0 != severity }
            copy.label = [category, severity].compactMap(\.self)
            // An export such as GitHub's has its labels as one list.
            if copy.label.isEmpty, let list = inspection.labels.first(where: inspection.isList) {
                copy.shape.tags = [list]
            }
        }
        guard copy.label.isEmpty, let tags = copy.shape.tags.first else {
            return try copy.withRoles(of: file)
        }
        Terminal.say(
            "triage: \(file): tags: \(ColumnNames.cut(tags)), the one column of labels, which holds lists; --label and "
                + "--tags name others"
        )
        try copy.validate()
        return copy
    }

    /// The same training with the roles of the label columns that were suggested.
    private func withRoles(of file: String) throws -> Train {
        var copy = self
        guard !copy.label.isEmpty else {
            throw ValidationError(
                "No column with one label a ticket is evident in \(file); name one with --label (triage import --inspect shows the columns)."
            )
        }
        let given = Set(role.compactMap { $0.split(separator: "=").first.map(String.init) })
        for (role, name) in zip(
            ["category", "severity"],
            [
                copy.label.first { KnownColumns.severity.rank($0) == nil },
                copy.label.first { KnownColumns.severity.rank($0) != nil },
            ])
        where !given.contains(role) {
            if let name { copy.role.append("\(role)=\(name)") }
        }
        Terminal.say(
            "triage: \(file): labels: \(ColumnNames.shown(copy.label)), chosen by their names and values; --label names others"
        )
        try copy.validate()
        return copy
    }

    private static let inspectedRows = 20_000
}
