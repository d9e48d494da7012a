internal import HTTPTypes
internal import Hummingbird
internal import TriageData
internal import TriageStore
internal import TriageTelemetry

/// Probes for liveness and readiness.
struct HealthController {
    /// Must be writable for the service to be ready.
    let store: TicketStore?

    var operations: [Operation] {
        [
            Operation(
                method: .get, path: "/health", summary: "Liveness: the process runs.",
                answers: [.ok("Health", "It runs.")]
            ) { _, _ in HealthController.answer("healthy") },
            Operation(
                method: .get, path: "/ready", summary: "Readiness: the service accepts requests.",
                answers: [
                    .ok("Health", "It is ready."), .problem(.serviceUnavailable, "The store cannot write."),
                ]
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

/// Metrics for Prometheus.
struct MetricsController {
    let registry: PrometheusRegistry

    var operations: [Operation] {
        let text = JSONSchema(type: "string")
        return [
            Operation(
                method: .get, path: "/metrics",
                summary:
                    "Metrics in Prometheus's text format, or OpenMetrics if the Accept header asks for it.",
                scope: .metrics,
                answers: [
                    .init(
                        status: .ok, summary: "The metrics.",
                        content: .init(type: "text/plain", schema: text),
                        otherwise: .init(type: "application/openmetrics-text", schema: text))
                ],
                handler: { request, _ in
                    let format = ExpositionFormat(accept: request.headers[.accept])
                    let exposition = await registry.exposition(format)
                    return Response(bytes: exposition.utf8, type: format.contentType)
                })
        ]
    }
}
