internal import TriageData

extension ColumnChoice {
    /// Whether a file has the names alone that a ticket has in JSON, beside labels, and training read the same parts.
    ///
    /// Where training read these names too, a ticket may come without a subject.
    func isContract(among names: [String], beside columns: TicketColumns) -> Bool {
        let known = KnownColumns.contract
        if !forgotten.isEmpty, let remembered = columns.remembered {
            let hadBody = !remembered.body.isEmpty || remembered.alternatives?.isEmpty == false
            let mayLackSubject = subject.isEmpty && remembered.text.allSatisfy(known.contains)
            guard remembered.subject.isEmpty == subject.isEmpty || mayLackSubject,
                hadBody == !(body + alternatives).isEmpty
            else { return false }
        }
        guard text.allSatisfy(known.contains), id == nil || id == "id" else { return false }
        return names.allSatisfy { name in
            known.contains(name)
                ? text.contains(name) : name == "id" || columns.isOther(name, orField: true)
        }
    }

    /// The text columns in words.
    var readText: String {
        let main = subject.prefix(1) + (body.isEmpty ? Array(alternatives.prefix(1)) : body)
        let spare = subject.dropFirst() + alternatives.dropFirst(body.isEmpty ? 1 : 0)
        let list = ColumnNames.shown(Array(main), separator: " + ")
        return spare.isEmpty ? list : "\(list) (if empty: \(ColumnNames.shown(Array(spare), limit: 3)))"
    }

    /// Which columns of a file are read and which are not, and what differs from the training.
    ///
    /// `read` are the columns of all rows, which may have different ones; `shown` those that may be named.
    func notes(
        _ file: String, among names: [String], shown: [String], read: ColumnsRead = ColumnsRead(),
        beside columns: TicketColumns
    ) -> [String] {
        let others = read.text.filter { !text.contains($0) }
        let ids = read.ids.isEmpty ? [id].compactMap(\.self) : read.ids
        let unread = names.filter { name in
            !(text + others + ids).contains(name) && !columns.isOther(name)
        }
        let visible = unread.filter(shown.contains)
        // What may hold text comes first: it is the reason to look at this line.
        let sorted = visible.filter(KnownColumns.isText) + visible.filter { !KnownColumns.isText($0) }
        var parts = ["text: \(readText)", "id: \(ids.isEmpty ? "none" : ColumnNames.shown(ids, limit: 3))"]
        if !others.isEmpty { parts[0] += " (in other rows: \(ColumnNames.shown(others, limit: 6)))" }
        if !unread.isEmpty, !columns.keepsOthers {
            let hidden = unread.count - visible.count
            parts.append("not read: \(ColumnNames.shown(sorted, limit: 6, hidden: hidden))")
        }
        return ["\(file): \(parts.joined(separator: "; "))"] + difference(file, columns)
    }

    /// Columns of sentences that are not read, although the body has none, is empty or the same in most rows, or has far
    /// fewer words.
    func unreadText(
        _ file: String, among names: [String], _ profiles: ColumnProfiles, beside columns: TicketColumns
    ) -> [String] {
        guard columns.named.isEmpty else { return [] }
        let isTrained = forgotten.isEmpty && columns.remembered.map { !$0.isContract } ?? false
        let own = body + alternatives
        let main = ColumnNames.shown(Array(own.prefix(1)))
        let candidates = names.filter { name in
            name != subject.first && !body.contains(name) && (name != id || idMayBeText)
                && !columns.isOther(name, orField: true)
        }
        let words = own.isEmpty ? ColumnProfiles.fewestWordsAlone : ColumnProfiles.fewestWords
        return profiles.prose(among: candidates, words: words).compactMap { name in
            var keepsBody = false
            let reason: String
            if own.isEmpty {
                guard !isTrained else { return nil }
                reason = ""
            } else if profiles.body.values * 2 <= profiles.rows {
                reason = ", while \(main) is empty in most rows"
            } else if profiles.body.isConstant {
                reason = ", while \(main) is the same in most rows"
            } else {
                let isLonger = profiles.averageWords(name) >= 3 * max(1, profiles.body.averageWords)
                guard isLonger, !isTrained, !KnownColumns.isAnswer(name) else { return nil }
                (reason, keepsBody) = (", although it has far more words than \(main)", true)
            }
            let texts = subject.prefix(1) + (keepsBody ? Array(own.prefix(1)) : []) + [name]
            return
                "\(file): column \"\(ColumnNames.cut(name))\" looks like text and is not read\(reason); to read it, name "
                + "the text columns: \(texts.map(ColumnNames.cut).joined(separator: ","))"
        }
    }

    /// That a file has no column of ids, and which one could be it.
    func missingID(
        _ file: String, among names: [String], _ profiles: ColumnProfiles, needsID: Bool,
        beside columns: TicketColumns
    ) -> [String] {
        let others = names.filter { !text.contains($0) && !columns.isOther($0, orField: true) }
        let likely = profiles.likelyID(among: others)
        guard id == nil, !others.isEmpty, needsID || likely != nil else { return [] }
        let advice = likely.map { ", perhaps \"\(ColumnNames.cut($0))\"" } ?? ""
        return ["\(file): no id column found; name it with --id-column\(advice)"]
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

/// The columns that were read of any row of a file.
struct ColumnsRead: Sendable {
    private(set) var text: [String] = []
    private(set) var ids: [String] = []

    mutating func add(_ choice: ColumnChoice) {
        text += choice.text.filter { !text.contains($0) }
        if let id = choice.id, !ids.contains(id) { ids.append(id) }
    }
}

extension InputColumns {
    /// Whether training read the product's own names alone, as the starter's did.
    var isContract: Bool { text.allSatisfy { KnownColumns.contract.contains($0.lowercased()) } }
}
