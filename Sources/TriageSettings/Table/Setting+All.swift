extension Setting {
    /// A part of the table under one heading.
    package struct Group: Sendable {
        package let title: String
        package let settings: [Setting]
    }

    /// The table, in the order in which documents show it.
    package static let groups: [Group] = [
        Group(title: "What decides", settings: deciding),
        Group(title: "Where it listens, and who may use it", settings: listening),
        Group(title: "Signing in to the pages with OpenID Connect", settings: signingIn),
        Group(title: "Clients of the agent it replaces", settings: legacy),
        Group(title: "A vector database with the knowledge base", settings: search),
        Group(title: "What it stores", settings: store),
        Group(title: "The queue", settings: queue),
        Group(title: "Limits", settings: limits),
        Group(title: "Logs, metrics and traces", settings: telemetry),
        Group(title: "A language model", settings: llmConnection + llmDecisions),
        Group(title: "Secrets that commands print", settings: secrets),
    ]

    package static let all: [Setting] = groups.flatMap(\.settings)

    /// The setting with a key, which the table must have.
    package static func named(_ key: String) -> Setting {
        guard let setting = all.first(where: { $0.key == key }) else {
            preconditionFailure("no setting has the key \(key)")
        }
        return setting
    }

    /// The keys of the settings that make the address by which the service is called.
    static let address: Set<String> = ["host", "port", "tls.certificate"]

    /// Whether its value is a share, which may be written as 60% too.
    var isShare: Bool { ["match-threshold", "otlp.sample-ratio", "llm.below"].contains(key) }

    /// The settings that give one value, together.
    static let slots: [[Setting]] = {
        var order: [String] = []
        var slots: [String: [Setting]] = [:]
        for setting in all {
            if slots[setting.slot] == nil { order.append(setting.slot) }
            slots[setting.slot, default: []].append(setting)
        }
        return order.compactMap { slots[$0] }
    }()
}
