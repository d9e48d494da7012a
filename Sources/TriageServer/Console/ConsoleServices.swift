internal import Synchronization
internal import TriageData
internal import TriageEngine
internal import TriageLLM
internal import TriageStore
internal import TriageTelemetry

/// What the pages of the console read and change.
struct ConsoleServices: Sendable {
    let service: TriageService
    let store: TicketStore?
    let access: AccessControl
    let drafter: Drafter
    let llm: LLMClient
    let registry: PrometheusRegistry
    /// Bytes of a form.
    let maximumBody: Int
    /// Whether the service ends TLS itself.
    let servesTLS: Bool
    /// Whether browsers use TLS, so that cookies can be for TLS alone.
    let isSecure: Bool
    /// Nil for a service whose model is not in a file.
    let desk: ModelDesk?
    let reloader: SnapshotReloader?
    /// Whether articles are in files that the console may change.
    let editsArticles: Bool
    /// What has changed in tickets, and which stored labels are in doubt.
    let drift: BackgroundResults<DriftReport>
    let audits: BackgroundResults<ModelDesk.LabelAudit>
    let presence = Presence()
    let people = SignedInPeople()

    init(_ dependencies: ServerDependencies, _ options: ServerOptions, _ service: TriageService) {
        (self.service, store, access) = (service, dependencies.store, dependencies.access)
        (desk, reloader) = (dependencies.desk, dependencies.reloader)
        editsArticles = dependencies.articles != nil
        drafter = Drafter(dependencies.llm)
        (llm, registry) = (dependencies.llm, dependencies.telemetry.metrics)
        drift = BackgroundResults(maximumAge: Self.maximumAge, logger: dependencies.logger)
        audits = BackgroundResults(maximumAge: Self.maximumAge, logger: dependencies.logger)
        let address = dependencies.access.provider?.options.address
        maximumBody = options.maximumBody
        (servesTLS, isSecure) = (
            options.tls != nil, options.tls != nil || address?.hasPrefix("https:") == true
        )
    }

    /// How old figures may be that take seconds to compute.
    private static var maximumAge: Duration { .seconds(300) }

    var requiresKey: Bool { access.keys != nil }
    var snapshot: Snapshot { service.snapshots.current }

    /// The names of people by the ids with which they change things.
    var names: [String: String] {
        (access.keys?.names ?? [:]).merging(people.names(in: store)) { key, _ in key }
    }

    /// The store.
    ///
    /// - Throws: `Problem` for a service without one.
    func requiredStore() throws(Problem) -> TicketStore {
        guard let store else {
            throw .missing("This service keeps no tickets. Start triage serve without --stateless.")
        }
        return store
    }

    /// A decision as pages show it; the text is explained where it is kept.
    func view(_ listed: ListedDecision, counterfactual: Bool) throws -> TicketView {
        let snapshot = snapshot
        let text = try store?.text(ofDecision: listed.decision)
        let again = text.map { text in
            var scratch = DecisionScratch(Explanation.Request(counterfactual: counterfactual))
            return snapshot.decide(text, &scratch)
        }
        return TicketView(listed, with: snapshot, again: again)
    }

    /// A stored decision by its id or the ticket's.
    func decision(_ id: String) throws -> ListedDecision {
        let store = try requiredStore()
        guard let found = try store.decision(id) ?? store.decision(ofTicket: id) else {
            throw Problem.missing("The store has no such decision.")
        }
        let state = try store.state(ofDecision: found.sequence)
        return ListedDecision(decision: found, state: state ?? (found.isErased ? .erased : .expired))
    }
}

/// Who looked at which ticket within the last minute.
final class Presence: Sendable {
    private struct Mark {
        var name: String
        var time: ContinuousClock.Instant
    }

    private let marks = Mutex<[String: [String: Mark]]>([:])
    static let time = Duration.seconds(60)
    /// Tickets at most; the marks of all are dropped beyond it.
    private static let capacity = 10_000

    /// Notes that a person looks at a decision; returns the names of the others who do.
    ///
    /// The session tells people with one key apart; the name is what others see.
    func look(at decision: String, session: String, name: String, now: ContinuousClock.Instant = .now)
        -> [String]
    {
        marks.withLock { marks in
            if marks.count >= Self.capacity { marks = [:] }
            var looking = (marks[decision] ?? [:]).filter { now - $0.value.time < Self.time }
            looking[session] = Mark(name: name, time: now)
            marks[decision] = looking
            return looking.filter { $0.key != session }.values.map(\.name).sorted()
        }
    }
}
