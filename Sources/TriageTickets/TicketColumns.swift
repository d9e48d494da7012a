package import TriageData

/// Which columns of a file are a ticket's text and id: those that were named, else those that a bundle remembers, else
/// known names.
package struct TicketColumns: Sendable, Equatable {
    /// The text columns that were named: of several, the first is the subject and the others, a line each, the body.
    ///
    /// One entry may hold several names with commas between them.
    package var named: [String]
    /// The id's column that was named.
    package var id: String?
    /// The columns that the bundle was trained on.
    package var remembered: InputColumns?
    /// Columns that are read for other ends, such as labels: they are neither text nor id unless they are named so.
    package var others: [String]
    /// The model's fields: columns of these names hold labels and are not worth a word.
    package var fields: [String]
    /// Whether the other columns are kept too, as an import does.
    package var keepsOthers = false

    package init(
        _ named: [String] = [], id: String? = nil, remembered: InputColumns? = nil, others: [String] = [],
        fields: [String] = []
    ) {
        (self.named, self.id, self.remembered, self.others) = (named, id, remembered, others)
        self.fields = fields
    }

    /// The ticket in a row, whatever the other rows of its file hold; `TicketReader` reads files.
    ///
    /// - Throws: `BadRow` as `TicketReader.ticket` does.
    package func ticket(in row: InputRow, needsID: Bool = true) throws(BadRow) -> Ticket {
        try choice(among: row.fields.keys.sorted()).ticket(in: row, needsID: needsID)
    }

    /// The columns to read among those that a file or a row has.
    package func choice(among names: [String]) -> ColumnChoice {
        var choice = textChoice(among: names)
        if let id {
            choice.id = KnownColumns.match(id, among: names)
            choice.missingID = choice.id == nil
        } else {
            let free = names.filter { !choice.text.contains($0) }
            choice.id =
                remembered?.id.flatMap { KnownColumns.match($0, among: free) }
                ?? KnownColumns.id.found(among: free.filter { !isOther($0) }).first
            choice.idMayBeText = remembered?.id == nil && choice.id.map(KnownColumns.isBareID) ?? false
        }
        return choice
    }

    private func textChoice(among names: [String]) -> ColumnChoice {
        guard named.isEmpty else { return namedChoice(among: names) }
        let known = knownChoice(among: names)
        guard let remembered else { return known }
        func found(_ wanted: [String]?) -> [String] {
            (wanted ?? []).compactMap { KnownColumns.match($0, among: names) }
        }
        var choice = ColumnChoice(
            subject: found(remembered.subject), body: found(remembered.body),
            alternatives: found(remembered.alternatives))
        guard !choice.text.isEmpty else {
            choice = known
            choice.forgotten = remembered.text
            return choice
        }
        // Rows of the product's own names, as the starter's, have no other columns: these are found by their names.
        if !choice.body.isEmpty, choice.body.allSatisfy({ KnownColumns.contract.contains($0.lowercased()) }) {
            choice.alternatives += (known.body + known.alternatives).filter { !choice.text.contains($0) }
        }
        if choice.subject.isEmpty, !remembered.subject.isEmpty {
            choice.forgotten += remembered.subject
            choice.subject = known.subject.filter { !choice.text.contains($0) }
        }
        if choice.body.isEmpty, choice.alternatives.isEmpty, !remembered.body.isEmpty {
            choice.forgotten += remembered.body
            choice.body = known.body.filter { !choice.text.contains($0) }
            choice.alternatives = known.alternatives.filter { !choice.text.contains($0) }
        }
        return choice
    }

    private func knownChoice(among names: [String]) -> ColumnChoice {
        let free = names.filter { !isOther($0) }
        var body = KnownColumns.body.found(among: free)
        if body.isEmpty { body = KnownColumns.comment.found(among: free) }
        var subject = KnownColumns.subject.found(among: free)
        // KACE has a title, and its summary is the text.
        let summaries = subject.filter { KnownColumns.summary.rank($0) != nil }
        if body.isEmpty, let summary = summaries.first, summaries.count < subject.count {
            (body, subject) = ([summary], subject.filter { !summaries.contains($0) })
        }
        return ColumnChoice(
            subject: subject, body: Array(body.prefix(1)), alternatives: Array(body.dropFirst()))
    }

    private func namedChoice(among names: [String]) -> ColumnChoice {
        let wanted = TicketColumns.names(in: named, among: names)
        let found = wanted.map { KnownColumns.match($0, among: names) }
        var choice = ColumnChoice()
        if wanted.count > 1 { choice.subject = [found[0]].compactMap(\.self) }
        choice.body = found.dropFirst(wanted.count > 1 ? 1 : 0).compactMap(\.self)
        choice.missing = zip(wanted, found).filter { $0.1 == nil }.map(\.0)
        return choice
    }

    /// Whether a column holds labels or is read for other ends.
    func isOther(_ name: String, orField mayBeField: Bool = false) -> Bool {
        (mayBeField ? others + fields : others).contains { $0 == name || InputRow.isSame($0, name) }
    }

    /// The single names in entries that may hold several: what matches a whole column is one name, commas included.
    package static func names(in entries: [String], among columns: [String]) -> [String] {
        var names: [String] = []
        for entry in entries {
            let parts = entry.split(separator: ",").map(String.init)
            var first = 0
            while first < parts.count {
                let ends = (first + 1...parts.count).reversed()
                let end = ends.first { end in
                    let name = parts[first..<end].joined(separator: ",").trimmed
                    return end - first > 1 && KnownColumns.match(name, among: columns) != nil
                }
                let name = parts[first..<(end ?? first + 1)].joined(separator: ",").trimmed
                if !name.isEmpty, !names.contains(name) { names.append(name) }
                first = end ?? first + 1
            }
        }
        return names
    }
}
