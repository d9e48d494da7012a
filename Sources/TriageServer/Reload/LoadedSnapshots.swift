package import TriageEngine

/// What a reload reads from disk: all of it, or nothing.
package struct LoadedSnapshots: Sendable {
    /// What decides.
    package var deciding: Snapshot
    /// What decides beside it, for comparison; nil for nothing.
    package var shadow: Snapshot?

    /// One that decides, and perhaps one in its shadow.
    package init(deciding: Snapshot, shadow: Snapshot? = nil) {
        self.deciding = deciding
        self.shadow = shadow
    }
}
