/// Labels in order of severity, and where a field's labels stand in it.
struct OrdinalScale: Sendable {
    /// The step of each of the field's labels, unknown ones too; nil for a label that has none.
    let steps: [Int?]
    /// The number of steps.
    let count: Int

    /// The harshest step that a label has.
    var harshest: Int? { steps.compactMap(\.self).max() }

    /// Labels on a scale, mildest first, capitals ignored; nil when fewer than two of them stand in it.
    init?(_ labels: [String], severities: [String]) {
        let scale = severities.map { $0.lowercased() }
        steps = labels.map { scale.firstIndex(of: $0.lowercased()) }
        count = scale.count
        guard Set(steps.compactMap { $0 }).count >= 2 else { return nil }
    }
}
