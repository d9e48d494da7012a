internal import TriageEngine

/// Labels in order of severity, and where a field's labels stand in it.
struct OrdinalScale: Sendable {
    /// The step of each of the field's labels, unknown ones too; nil for a label that has none.
    let steps: [Int?]
    /// The number of steps.
    let count: Int

    /// The policy's scale of severities, capitals ignored; nil when fewer than two labels stand in it.
    init?(_ labels: [String]) {
        let scale = Policy().severities.map { $0.lowercased() }
        steps = labels.map { scale.firstIndex(of: $0.lowercased()) }
        count = scale.count
        guard Set(steps.compactMap { $0 }).count >= 2 else { return nil }
    }
}
