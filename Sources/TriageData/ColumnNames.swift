/// Column names in messages.
package enum ColumnNames {
    /// A list of names, cut after `limit`; `hidden` more are counted.
    ///
    /// The names of a CSV file are those of `RowReader.shownColumns`: the "names" of one without a header are its first
    /// ticket, which no message may show.
    package static func shown(
        _ names: [String], limit: Int = 40, separator: String = ", ", hidden: Int = 0
    ) -> String {
        let names = names.filter { !$0.isEmpty }
        guard !names.isEmpty else {
            return hidden > 0
                ? hidden.counted("column") : "none that looks like a name (is the header missing?)"
        }
        let rest = max(0, names.count - limit) + hidden
        return names.prefix(limit).map(cut).joined(separator: separator)
            + (rest > 0 ? " and \(rest) more" : "")
    }

    /// A question for the name that was probably meant; empty when none is near.
    package static func suggestion(_ name: String, _ names: [String]) -> String {
        SpellingSuggestion.of(name, among: names).map { " (did you mean \"\(cut($0))\"?)" } ?? ""
    }

    private static let maximumCharacters = 80

    /// A name on one line, cut with … where it is long.
    package static func cut(_ name: String) -> String {
        guard name.utf8.count > maximumCharacters, name.count > maximumCharacters else { return name.shown }
        return String(name.prefix(maximumCharacters)).shown + "…"
    }
}
