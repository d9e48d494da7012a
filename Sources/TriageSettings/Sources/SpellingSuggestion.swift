/// The name that somebody probably meant.
package enum SpellingSuggestion {
    /// The known name with the same words in another order, or with the fewest edits from `name`; nil when none is near.
    package static func of(_ name: String, among known: [String]) -> String? {
        if let same = known.first(where: { words($0) == words(name) }) { return same }
        let wanted = Array(name.lowercased().unicodeScalars)
        let ranked = known.map { (name: $0, edits: edits(wanted, Array($0.lowercased().unicodeScalars))) }
        guard let best = ranked.min(by: { $0.edits < $1.edits }) else { return nil }
        return best.edits <= max(2, wanted.count / 3) ? best.name : nil
    }

    /// What to say of a name that is not known.
    static func complaint(_ name: String, among known: [String]) -> String {
        let nearest = of(name, among: known)
        return nearest.map { "no such setting; did you mean \($0)?" }
            ?? "no such setting; `triage doctor --settings` lists them"
    }

    private static func words(_ name: String) -> [Substring] {
        name.lowercased().split { !$0.isLetter && !$0.isNumber }.sorted()
    }

    /// Levenshtein's distance.
    private static func edits(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var row = Array(0...right.count)
        for (index, scalar) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in right.indices {
                let above = row[column + 1]
                row[column + 1] = min(
                    above + 1, row[column] + 1, diagonal + (scalar == right[column] ? 0 : 1))
                diagonal = above
            }
        }
        return row[right.count]
    }
}
