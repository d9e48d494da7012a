public import Logging

/// What the service works with; tests hand in the real parts too.
public struct ServerDependencies: Sendable {
    /// What decides.
    public var snapshots: SnapshotHolder
    /// Where the log goes.
    public var logger: Logger
    /// A second snapshot that decides beside the first one.
    public var shadow: Shadow
    /// Reads snapshots from disk again; nil where there is nothing to read.
    public var reloader: SnapshotReloader?

    /// A stateless service.
    public init(snapshots: SnapshotHolder, logger: Logger) {
        self.snapshots = snapshots
        self.logger = logger
        shadow = Shadow()
    }
}
