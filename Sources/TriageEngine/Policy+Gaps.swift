package import TriageModel

extension Policy {
    /// What of a playbook cannot apply to a bundle's labels; a sentence each.
    package func gaps(for model: ModelBundle) -> [String] {
        var gaps: [String] = []
        let severities = model.head(role: "severity")?.labels.names.filter { rank(of: $0) == nil } ?? []
        if !severities.isEmpty {
            gaps.append(
                "the model's severities \(severities.joined(separator: ", ")) are not in the playbook's order ("
                    + "\(self.severities.joined(separator: ", "))), so floors cannot raise them: "
                    + "list the model's labels under severities:, mildest first")
        }
        if let head = model.head(role: "category") {
            let categories = nextActions.keys.filter { head.labels.index(of: $0) == nil }.sorted()
            if !categories.isEmpty {
                gaps.append(
                    "next_action names \(categories.joined(separator: ", ")), which the model does not predict"
                )
            }
        }
        return gaps
    }
}
