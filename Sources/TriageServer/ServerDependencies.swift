public import Logging
public import TriageStore
public import TriageTelemetry

/// What the service works with; tests hand in the real parts too.
public struct ServerDependencies: Sendable {
    /// What decides.
    public var snapshots: SnapshotHolder
    /// Where decisions, feedback and waiting tickets are kept; nil for a stateless service.
    public var store: TicketStore?
    /// Where the log goes.
    public var logger: Logger
    /// What is counted and traced.
    public var telemetry = Telemetry()

    /// A stateless service, until it is given a store.
    public init(snapshots: SnapshotHolder, store: TicketStore? = nil, logger: Logger) {
        self.snapshots = snapshots
        self.store = store
        self.logger = logger
    }
}
