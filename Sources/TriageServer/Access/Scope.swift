/// What a key allows.
package enum Scope: String, Sendable, CaseIterable {
    /// Decide, explain, search, and read decisions.
    case triage
    /// Correct decisions.
    case feedback
    /// Reload, requeue, and everything else that changes the service.
    case admin
    /// Read metrics.
    case metrics
}

/// Who calls: the key's id, never the key.
struct Caller: Sendable, Equatable {
    var keyID: String
    /// Whose key it is: the same for the key that takes its place.
    var name: String
    var scopes: Set<Scope>
}
