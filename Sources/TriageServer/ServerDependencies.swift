public import Logging

/// What the service works with; tests hand in the real parts too.
public struct ServerDependencies: Sendable {
    /// What decides.
    public var snapshots: SnapshotHolder
    /// Where the log goes.
    public var logger: Logger

    /// A stateless service.
    public init(snapshots: SnapshotHolder, logger: Logger) {
        self.snapshots = snapshots
        self.logger = logger
    }
}
