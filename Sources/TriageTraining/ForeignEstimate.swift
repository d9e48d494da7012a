internal import TriageData
internal import TriageImport
package import TriageModel
internal import TriageNumerics
internal import TriageText
package import TriageTickets

/// The shares of foreign tickets among tickets without labels, by field.
package struct ForeignEstimate: Sendable {
    package private(set) var shares: [String: ForeignShare] = [:]
    /// What was found, a line for each field.
    package private(set) var lines: [String] = []
    package let badRows: Int
    /// Which columns were read.
    package let columnNotes: [String]

    /// Counts the tickets of a file that are out of scope for some fields of a bundle.
    ///
    /// - Throws: `DataError` when the file cannot be read or has no ticket with text.
    package init(path: String, columns: TicketColumns, _ bundle: ModelBundle, _ fields: [String]) throws {
        let heads = bundle.heads.filter { fields.contains($0.manifest.field) && !$0.hasTags }
        var (outside, count) = ([Int](repeating: 0, count: heads.count), 0)
        (badRows, columnNotes) = try bundle.scoreTickets(of: TicketFile.rows(path), columns) {
            features, logits in
            count += 1
            for (place, head) in heads.enumerated() {
                let best = TopK.offsets(of: logits[head.columns], count: 1)[0]
                let scope = head.outOfScope(features, logits: logits, head.partition(logits), best: best)
                if scope?.isOutside ?? false { outside[place] += 1 }
            }
        }
        guard count > 0 else { throw DataError.empty(path: path) }
        for (head, outside) in zip(heads, outside) { add(head, outside, of: count) }
    }

    private mutating func add(_ head: ModelBundle.Head, _ outside: Int, of count: Int) {
        let name = head.manifest.field
        guard let limit = head.manifest.scope?.threshold, let heldOut = head.heldOut,
            let share = ForeignShare(outOfScope: outside, of: count, heldOut, limit: limit)
        else {
            lines.append(
                "\(name): the share of foreign tickets cannot be estimated: \(ForeignShare.whyNone(head.manifest))"
            )
            return
        }
        shares[name] = share
        let percent = (1000 * share.share).rounded() / 10
        lines.append(
            "\(name): about \(percent) % of \(count.counted("ticket")) are foreign (\(outside) are out of scope)"
        )
    }
}

extension ForeignShare {
    /// Why a field's rule takes no foreign tickets into account.
    static func whyNone(_ head: ModelManifest.Head) -> String {
        head.scope == nil
            ? "it takes four labels at least, or 20 rows labelled as foreign"
            : "the model has no rows of labels that were kept away; train it again"
    }

    /// A line about a share that a field's rule could not be solved with; nil where it was.
    package static func note(_ head: ModelManifest.Head, _ share: ForeignShare?) -> String? {
        guard let share, share.share > 0, head.tags == nil, let rule = head.auto,
            rule.foreign?.share ?? 0 == 0
        else {
            return nil
        }
        guard case .precision? = AutoTarget(parsing: rule.target) else {
            return "\(head.field): foreign tickets count for a precision alone, not for \(rule.target)"
        }
        return "\(head.field): foreign tickets are not counted: \(whyNone(head))"
    }
}
