public import Logging
public import TriageLLM
public import TriageStore
public import TriageTelemetry

/// What the service works with; tests hand in the real parts too.
public struct ServerDependencies: Sendable {
    /// What decides.
    public var snapshots: SnapshotHolder
    /// Where decisions, feedback and waiting tickets are kept; nil for a stateless service.
    public var store: TicketStore?
    /// The language model that writes drafts; disabled, the template writes them.
    public var llm = LLMClient.disabled
    /// Lets that model choose labels; nil where decisions are the engine's alone.
    public var modelDecider: LLMDecider?
    /// What is shared with other processes; closed at the end.
    public var redis: SharedRedis?
    /// Where the log goes.
    public var logger: Logger
    /// Who may do what, and how much of it.
    public var access = AccessControl()
    /// What is counted and traced.
    public var telemetry = Telemetry()
    /// A second snapshot that decides beside the first one.
    public var shadow: Shadow
    /// Reads snapshots from disk again; nil where there is nothing to read.
    public var reloader: SnapshotReloader?

    /// A stateless service, until it is given a store.
    public init(snapshots: SnapshotHolder, store: TicketStore? = nil, logger: Logger) {
        self.snapshots = snapshots
        self.store = store
        self.logger = logger
        shadow = Shadow()
    }
}
