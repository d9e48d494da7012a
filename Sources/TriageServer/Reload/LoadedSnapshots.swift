public import TriageEngine

/// What a reload reads from disk: all of it, or nothing.
public struct LoadedSnapshots: Sendable {
    /// What decides.
    public var deciding: Snapshot
    /// What decides beside it, for comparison; nil for nothing.
    public var shadow: Snapshot?

    /// One that decides, and perhaps one in its shadow.
    public init(deciding: Snapshot, shadow: Snapshot? = nil) {
        self.deciding = deciding
        self.shadow = shadow
    }
}
