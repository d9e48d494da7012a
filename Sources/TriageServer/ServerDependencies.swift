public import Logging
public import TriageLLM
public import TriageStore

/// What the service works with; tests hand in the real parts too.
public struct ServerDependencies: Sendable {
    /// What decides.
    public var snapshots: SnapshotHolder
    /// Where decisions, feedback and waiting tickets are kept; nil for a stateless service.
    public var store: TicketStore?
    /// The language model that writes drafts; disabled, the template writes them.
    public var llm = LLMClient.disabled
    /// Where the log goes.
    public var logger: Logger
    /// Who may do what, and how much of it.
    public var access = AccessControl()

    /// A stateless service, until it is given a store.
    public init(snapshots: SnapshotHolder, store: TicketStore? = nil, logger: Logger) {
        self.snapshots = snapshots
        self.store = store
        self.logger = logger
    }
}
