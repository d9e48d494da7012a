package import Logging
package import TriageLLM
package import TriageStore
package import TriageTelemetry

/// What the service works with; tests hand in the real parts too.
package struct ServerDependencies: Sendable {
    /// What decides.
    package var snapshots: SnapshotHolder
    /// Where decisions, feedback and waiting tickets are kept; nil for a stateless service.
    package var store: TicketStore?
    /// The language model that writes drafts; disabled, the template writes them.
    package var llm = LLMClient.disabled
    /// Lets that model choose labels; nil where decisions are the engine's alone.
    package var modelDecider: LLMDecider?
    /// What is shared with other processes; closed at the end.
    package var redis: SharedRedis?
    /// Where the log goes.
    package var logger: Logger
    /// Who may do what, and how much of it.
    package var access = AccessControl()
    /// What is counted and traced.
    package var telemetry = Telemetry()
    /// A second snapshot that decides beside the first one.
    package var shadow: Shadow
    /// Reads snapshots from disk again; nil where there is nothing to read.
    package var reloader: SnapshotReloader?

    /// A stateless service, until it is given a store.
    package init(snapshots: SnapshotHolder, store: TicketStore? = nil, logger: Logger) {
        self.snapshots = snapshots
        self.store = store
        self.logger = logger
        shadow = Shadow()
    }
}
