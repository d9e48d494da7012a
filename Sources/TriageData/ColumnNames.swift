/// Column names in messages.
package enum ColumnNames {
    /// A list of names, cut after `limit`.
    ///
    /// The "names" of a CSV file without a header are its first ticket, which no message may show: what does not look
    /// like a name is left out.
    package static func shown(_ names: [String], limit: Int = 40, separator: String = ", ") -> String {
        let names = names.filter(isName)
        guard !names.isEmpty else { return "none that looks like a name (is the header missing?)" }
        let rest = names.count - limit
        return names.prefix(limit).joined(separator: separator) + (rest > 0 ? " and \(rest) more" : "")
    }

    /// A question for the name that was probably meant; empty when none is near.
    package static func suggestion(_ name: String, _ names: [String]) -> String {
        SpellingSuggestion.of(name, among: names.filter(isName)).map { " (did you mean \"\($0)\"?)" } ?? ""
    }

    private static func isName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 40 && name.split(separator: " ").count <= 3
            && !name.utf8.contains { $0 < 0x20 || $0 == 0x40 }
    }
}
