/// A part of the interface under one heading; in the OpenAPI document, a tag.
enum OperationGroup: String, CaseIterable {
    case original = "Original agent"
    case decisions = "Decisions"
    case queue = "Queue"
    case records = "Records and corrections"
    case knowledge = "Knowledge and models"
    case administration = "Administration"
    case health = "Health and metrics"
    case pages = "Pages and documents"

    /// One sentence about its operations.
    var summary: String {
        switch self {
        case .original: "The paths, fields and errors of the agent that this service replaces."
        case .decisions: "Decide tickets now: one, many, with the reasons, or with a drafted reply."
        case .queue: "Hand in tickets now and read their decisions later."
        case .records: "Stored decisions, and what people correct in them."
        case .knowledge: "Search the knowledge base; list the models with their fields and labels."
        case .administration: "Reload, compare and repair the running service."
        case .health: "Probes, and metrics for Prometheus."
        case .pages: "Pages for people, and this description."
        }
    }

    /// The group of a path.
    init(path: String) {
        self = Self.prefixes.first { path == $0.path || path.hasPrefix($0.path + "/") }?.group ?? .decisions
    }

    /// An administrator's paths come before those that they begin with.
    private static let prefixes: [(path: String, group: OperationGroup)] = [
        ("/v1/admin", .administration), ("/v1/tickets", .queue), ("/v1/decisions", .records),
        ("/v1/feedback", .records), ("/v1/search", .knowledge), ("/v1/models", .knowledge),
        ("/v1", .decisions),
        ("/health", .health), ("/ready", .health), ("/metrics", .health), ("/ui", .pages), ("/docs", .pages),
        ("/openapi.json", .pages), ("/triage", .original), ("/", .original),
    ]
}

extension Operation {
    /// The heading under which documents show it.
    var group: OperationGroup { OperationGroup(path: path) }
}
