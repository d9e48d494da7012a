internal import Hummingbird
internal import TriageData
internal import TriageStore

/// Whether the service lives, and whether it takes work.
struct HealthController {
    /// Must take what it is given for the service to be ready.
    let store: TicketStore?

    var operations: [Operation] {
        [
            Operation(
                method: .get, path: "/health", summary: "Whether the process lives.",
                answers: [.ok("Health", "It does.")]
            ) { _, _ in HealthController.answer("healthy") },
            Operation(
                method: .get, path: "/ready", summary: "Whether the service takes work.",
                answers: [.ok("Health", "It does."), .problem(.serviceUnavailable, "Not now.")]
            ) { _, _ in
                try await store?.checkReady()
                return HealthController.answer("ready")
            },
        ]
    }

    static let wire = WireType<String>.object("Health") { object in
        object.member("status", .init(oneOf: ["healthy", "ready"])) { $0 }
    }

    private static func answer(_ status: String) -> Response { Response(status, as: wire) }
}
