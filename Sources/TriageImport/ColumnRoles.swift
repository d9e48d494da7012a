internal import TriageData
internal import TriageTickets

/// What the columns beside text and id are: from whom and when, signals, answers that give labels away, and the rest.
struct ColumnRoles {
    var requester: String?
    var time: String?
    /// Counts of what happened to the ticket, by their name in the output.
    var signals: [(name: String, column: String)] = []
    /// Text of agents, which is left out.
    var answers: [String] = []
    /// All others, in the file's order.
    var values: [String] = []

    init() {}

    init(_ names: [String], _ choice: ColumnChoice, map: ImportMap?, labels wanted: [String]? = nil) {
        var taken = Set(choice.text + [choice.id].compactMap(\.self))
        let names = names.filter { !LabelStudioColumns.isOne($0, among: names) || choice.id == $0 }
        func first(_ known: KnownColumns, _ named: String?) -> String? {
            let free = names.filter { !taken.contains($0) }
            let found =
                named.flatMap { KnownColumns.match($0, among: free) }
                ?? known.found(among: free).first
            if let found { taken.insert(found) }
            return found
        }
        let wanted = wanted ?? map?.labels ?? []
        let labels = Set(wanted.compactMap { KnownColumns.match($0, among: names) })
        taken.formUnion(labels)
        requester = first(.requester, map?.input.requester)
        time = first(.time, map?.input.time)
        for (name, known) in [
            ("reopens", KnownColumns.reopens), ("reassignments", .reassignments), ("group_hops", .groupHops),
        ] {
            if let column = first(known, nil) { signals.append((name, column)) }
        }
        let rest = names.filter { !taken.contains($0) }
        answers = rest.filter { KnownColumns.isAnswer($0) }
        if !wanted.isEmpty {
            values = names.filter(labels.contains)
        } else {
            let left = Set(answers)
            values = rest.filter { !left.contains($0) }
        }
    }
}

/// Columns that Label Studio's short export adds to each row: who annotated it, when and how long, nothing of the ticket.
enum LabelStudioColumns {
    private static let names: Set<String> = [
        "annotation_id", "annotator", "lead_time", "created_at", "updated_at",
    ]

    static func isOne(_ name: String, among all: [String]) -> Bool {
        names.contains(name) && all.contains("annotation_id")
            && (all.contains("annotator") || all.contains("lead_time"))
    }
}
