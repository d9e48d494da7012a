extension Inspection {
    /// The column that says when a ticket came in; nil when no name is known for it.
    package var timeColumn: String? { roles.time }

    /// The column that counts how often a ticket was sent on; nil when no name is known for it.
    package var reassignedColumn: String? {
        for name in ["reassignments", "group_hops"] {
            if let signal = roles.signals.first(where: { $0.name == name }) { return signal.column }
        }
        return nil
    }
}
