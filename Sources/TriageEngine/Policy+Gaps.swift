package import TriageModel

extension Policy {
    /// What of a playbook cannot apply to a bundle's labels; a sentence each.
    package func gaps(for model: ModelBundle) -> [String] {
        var gaps: [String] = []
        let labels = model.head(role: "severity")?.labels.names ?? []
        let strays = severities.strays(among: labels)
        if !strays.isEmpty {
            gaps.append(
                "the model's severities \(strays.joined(separator: ", ")) are not in the playbook's order ("
                    + "\(severities.names.joined(separator: ", "))), so floors cannot raise them: "
                    + "list the model's labels under severities:, mildest first")
        }
        if let head = model.head(role: "category") {
            let named = translations.values.reduce(into: Set(nextActions.keys)) {
                $0.formUnion($1.nextActions.keys)
            }
            let categories = named.filter { !head.has($0) }.sorted()
            if !categories.isEmpty {
                gaps.append(
                    "next_action names \(categories.joined(separator: ", ")), which the model does not predict"
                )
            }
        }
        return gaps
    }
}
