internal import Foundation

/// Labels that are paths in a tree, such as `Network::VPN`: their parts, and the sign between these.
package struct LabelPath: Sendable, Equatable {
    /// What joins the parts of a path, such as "::" or " > ".
    package let separator: String

    /// Signs that export files write between the parts of a path; each is read with and without spaces around it.
    package static let signs = ["::", "->", "→", "»", "›", ">", #"\"#, "/"]

    /// Paths with a separator; spaces around its sign do not count.
    package init(separator: String) { self.separator = separator }

    private var sign: String { separator.trimmingCharacters(in: .whitespaces) }

    /// The parts of a label, the root first; one for a label that is no path.
    package func parts(of label: String) -> [String] {
        guard !sign.isEmpty, label.contains(sign) else { return [LabelText.read(label)] }
        let parts = label.components(separatedBy: sign).map(LabelText.read).filter { !$0.isEmpty }
        return parts.isEmpty ? [LabelText.read(label)] : parts
    }

    /// The one spelling of a path.
    package func joined(_ parts: some Sequence<String>) -> String { parts.joined(separator: separator) }

    /// A label with this separator between its parts.
    package func spelling(of label: String) -> String { joined(parts(of: label)) }
}

// MARK: - Which labels are paths

extension LabelPath {
    /// The paths that a column of labels evidently holds; nil when it does not.
    ///
    /// `rows` are the rows of each label. A sign counts if half of the labels have it (of `/`, which is common within one
    /// label, three quarters), if they begin with two different parts at least, and if half of them share all parts but the
    /// last with another label. So "TCP/IP" or "Yes / No" among other labels is one label.
    package static func find(in rows: [(label: String, rows: Int)]) -> LabelPath? {
        signs.lazy.filter { isEvident($0, in: rows.map(\.label)) }.map { commonest($0, in: rows) }.first
    }

    /// The paths of a column that is known to be a tree; nil when no label has a sign.
    package static func forced(in rows: [(label: String, rows: Int)]) -> LabelPath? {
        if let evident = find(in: rows) { return evident }
        let counts = signs.map { sign in
            rows.count { LabelPath(separator: sign).parts(of: $0.label).count > 1 }
        }
        guard let most = counts.max(), most > 0, let place = counts.firstIndex(of: most) else { return nil }
        return commonest(signs[place], in: rows)
    }

    private static func isEvident(_ sign: String, in labels: [String]) -> Bool {
        let all = labels.map { LabelPath(separator: sign).parts(of: $0) }
        let paths = all.filter { $0.count > 1 }
        let needed = sign == "/" ? 0.75 : 0.5
        guard paths.count >= 2, Double(paths.count) >= needed * Double(labels.count) else { return false }
        guard Set(all.map { $0[0] }).count > 1 else { return false }
        let children = Dictionary(grouping: Set(paths)) { Array($0.dropLast()) }
        let sharing = children.values.filter { $0.count > 1 }.reduce(0) { $0 + $1.count }
        return 2 * sharing >= paths.count
    }

    /// The sign with the spaces that most rows write around it.
    private static func commonest(_ sign: String, in rows: [(label: String, rows: Int)]) -> LabelPath {
        let spaced = " \(sign) "
        let count = rows.reduce(0) { $0 + ($1.label.contains(spaced) ? $1.rows : 0) }
        let all = rows.reduce(0) { $0 + ($1.label.contains(sign) ? $1.rows : 0) }
        return LabelPath(separator: 2 * count > all ? spaced : sign)
    }

    /// A separator that occurs in none of some parts: " > ", or with more signs.
    package static func joining(_ parts: some Collection<String>) -> LabelPath {
        var sign = ">"
        while parts.contains(where: { $0.contains(sign) }) { sign += ">" }
        return LabelPath(separator: " \(sign) ")
    }
}
