internal import TriageData

extension ColumnChoice {
    /// Whether these are all the names that a ticket has in JSON, and training read the same parts.
    ///
    /// Where training read these names too, a ticket may come without a subject.
    func isContract(among names: [String], _ remembered: InputColumns?) -> Bool {
        let known = KnownColumns.contract
        if !forgotten.isEmpty, let remembered {
            let hadBody = !remembered.body.isEmpty || remembered.alternatives?.isEmpty == false
            let mayLackSubject = subject.isEmpty && remembered.text.allSatisfy(known.contains)
            guard remembered.subject.isEmpty == subject.isEmpty || mayLackSubject,
                hadBody == !(body + alternatives).isEmpty
            else { return false }
        }
        guard text.allSatisfy(known.contains), id == nil || id == "id" else { return false }
        return names.allSatisfy { !known.contains($0) || text.contains($0) }
    }

    /// The text columns in words.
    var readText: String {
        let main = subject.prefix(1) + (body.isEmpty ? Array(alternatives.prefix(1)) : body)
        let spare = subject.dropFirst() + alternatives.dropFirst(body.isEmpty ? 1 : 0)
        let list = ColumnNames.shown(Array(main), separator: " + ")
        return spare.isEmpty ? list : "\(list) (if empty: \(ColumnNames.shown(Array(spare), limit: 3)))"
    }

    /// Which columns of a file are read and which are not, and what differs from the training.
    func notes(_ file: String, among names: [String], beside columns: TicketColumns) -> [String] {
        let unread = names.filter { name in
            name != id && !text.contains(name) && !columns.others.contains { InputRow.isSame($0, name) }
        }
        // What may hold text comes first: it is the reason to look at this line.
        let sorted = unread.filter(KnownColumns.isText) + unread.filter { !KnownColumns.isText($0) }
        var parts = ["text: \(readText)", "id: \(id.map { ColumnNames.shown([$0]) } ?? "none")"]
        if !sorted.isEmpty { parts.append("not read: \(ColumnNames.shown(sorted, limit: 6))") }
        return ["\(file): \(parts.joined(separator: "; "))"] + difference(file, columns)
    }

    private func difference(_ file: String, _ columns: TicketColumns) -> [String] {
        guard !forgotten.isEmpty, let remembered = columns.remembered else { return [] }
        let instead = text.filter { KnownColumns.match($0, among: remembered.text) == nil }
        return [
            "warning: \(file): the model was trained on \(ColumnNames.shown(remembered.text, separator: " + ")); "
                + "not here: \(ColumnNames.shown(forgotten)); read instead: "
                + "\(instead.isEmpty ? "nothing" : ColumnNames.shown(instead)); levels may not hold: name the text "
                + "columns (--text), or train on such a file"
        ]
    }
}
