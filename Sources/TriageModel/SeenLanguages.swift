/// The languages that a bundle has learned enough of to answer in.
///
/// A language is seen enough with `minimumRows` training rows, or with `minimumShare` of the rows whose language is known,
/// so that a small site with two languages keeps both. The rule is the same for every bundle.
package struct SeenLanguages: Sendable, Equatable {
    /// So many rows of a language are enough.
    ///
    /// A chosen bound, not a measured one: with fewer, most words of a ticket are in no row.
    package static let minimumRows = 30
    /// This share of the rows is enough too.
    package static let minimumShare = 0.05

    /// Training rows by language, as ISO 639-1 codes.
    package let rows: [String: Int]
    private let known: Int

    /// Nil for a bundle that has not counted the languages of its rows, or found none.
    package init?(_ rows: [String: Int]?) {
        guard let rows, !rows.isEmpty else { return nil }
        self.rows = rows
        known = rows.values.reduce(0, +)
    }

    /// Whether the bundle has hardly seen the language.
    package func isHardlySeen(_ language: String) -> Bool {
        let count = rows[language] ?? 0
        return count < SeenLanguages.minimumRows
            && Double(count) < SeenLanguages.minimumShare * Double(known)
    }

    /// Languages that are seen enough, the commonest first, then by code.
    package var enough: [(language: String, rows: Int)] {
        rows.filter { !isHardlySeen($0.key) }.map { (language: $0.key, rows: $0.value) }
            .sorted { ($0.rows, $1.language) > ($1.rows, $0.language) }
    }

    /// Such as "en 4120, de 310; 12 in others"; of languages that are seen enough.
    package var summary: String {
        let enough = enough
        let rest = known - enough.reduce(0) { $0 + $1.rows }
        return enough.map { "\($0.language) \($0.rows)" }.joined(separator: ", ")
            + (rest > 0 ? "; \(rest) in others" : "")
    }
}
