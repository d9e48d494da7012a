public import Logging

/// What the service works with; tests hand in the real parts too.
public struct ServerDependencies: Sendable {
    /// What decides.
    public var snapshots: SnapshotHolder
    /// Where the log goes.
    public var logger: Logger
    /// Who may do what, and how much of it.
    public var access = AccessControl()

    /// A stateless service.
    public init(snapshots: SnapshotHolder, logger: Logger) {
        self.snapshots = snapshots
        self.logger = logger
    }
}
