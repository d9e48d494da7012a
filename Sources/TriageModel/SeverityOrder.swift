/// Severities from the mildest to the harshest: the one place where two severities are compared.
///
/// Capitals do not matter, so that a bundle's `high` has the place of a playbook's `High`.
package struct SeverityOrder: Sendable, Equatable {
    /// The severities, mildest first, as the order spells them; no two differ in capitals alone.
    package let names: [String]
    private let folded: [String]

    /// The order of a site without a playbook.
    package static let standard = SeverityOrder(["Low", "Medium", "High", "Critical"])

    /// An order of severities, mildest first; of names that differ in capitals alone the first counts.
    package init(_ names: [String]) {
        var kept: [String] = []
        var folded: [String] = []
        for name in names where !folded.contains(name.lowercased()) {
            kept.append(name)
            folded.append(name.lowercased())
        }
        (self.names, self.folded) = (kept, folded)
    }

    /// The place of a severity, 0 for the mildest; nil for a name that the order does not hold.
    package func rank(of name: String) -> Int? {
        if let exact = names.firstIndex(of: name) { return exact }
        let name = name.lowercased()
        return folded.firstIndex(of: name)
    }

    /// Each label's place.
    package func ranks(of labels: [String]) -> [Int?] { labels.map { rank(of: $0) } }

    /// The labels that the order does not hold.
    package func strays(among labels: [String]) -> [String] { labels.filter { rank(of: $0) == nil } }

    /// Whether two names mean one severity; names outside the order are compared as they are.
    package func areEqual(_ first: String, _ second: String) -> Bool {
        guard let rank = rank(of: first) else { return first == second }
        return rank == self.rank(of: second)
    }

    /// Whether a severity is as harsh as a minimum or harsher; false when the order does not hold both.
    package func isAtLeast(_ minimum: String, _ severity: String) -> Bool {
        guard let minimum = rank(of: minimum), let rank = rank(of: severity) else { return false }
        return rank >= minimum
    }

    /// The mildest label at `rank` or above, else the harshest label; nil when the order holds none of them.
    package func mildest(of labels: [String], from rank: Int) -> String? {
        let ranked = labels.compactMap { label in self.rank(of: label).map { (label: label, rank: $0) } }
        return
            (ranked.filter { $0.rank >= rank }.min { $0.rank < $1.rank } ?? ranked.max { $0.rank < $1.rank })?
            .label
    }
}
