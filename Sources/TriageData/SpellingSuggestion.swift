/// Suggests a known name for a misspelt one.
package enum SpellingSuggestion {
    /// The known name with the same words in another order, or with the fewest edits from `name`, or that has all its words
    /// and the fewest others; nil when none is near.
    package static func of(_ name: String, among known: [String]) -> String? {
        if let same = known.first(where: { words($0) == words(name) }) { return same }
        let wanted = Array(name.lowercased().unicodeScalars)
        let ranked = known.map { (name: $0, edits: edits(wanted, Array($0.lowercased().unicodeScalars))) }
        guard let best = ranked.min(by: { $0.edits < $1.edits }) else { return nil }
        return best.edits <= max(2, wanted.count / 3) ? best.name : longer(name, among: known)
    }

    /// The known name that has all words of `name` and the fewest others, as request_refund for refund.
    private static func longer(_ name: String, among known: [String]) -> String? {
        let wanted = Set(words(name))
        guard !wanted.isEmpty else { return nil }
        return known.filter { wanted.isSubset(of: words($0)) }.min { words($0).count < words($1).count }
    }

    /// What should be there instead of names of which some are not known, as "version instead of versoin".
    ///
    /// A name that is not near a known one is not repeated: it may be anything, such as a ticket's text.
    package static func expectation(
        of kind: String, _ names: some Sequence<String>, among known: [String]
    ) -> String {
        for name in names.filter({ !known.contains($0) }).sorted() {
            if let nearest = of(name, among: known) { return "\(nearest) instead of \(name.shown)" }
        }
        return known.isEmpty
            ? "no \(kind)" : "no other \(kind) than \(known.sorted().joined(separator: ", "))"
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
