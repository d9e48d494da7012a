internal import HTTPTypes
internal import Hummingbird
internal import TriageData
internal import TriageTelemetry

/// What Prometheus reads.
struct MetricsController {
    let registry: PrometheusRegistry

    var operations: [Operation] {
        let text = JSONSchema(type: "string")
        return [
            Operation(
                method: .get, path: "/metrics",
                summary: "Metrics for Prometheus, in its own text format or, where asked for, OpenMetrics.",
                scope: .metrics,
                answers: [
                    .init(
                        status: .ok, summary: "The metrics.", content: .init(type: "text/plain", schema: text)
                    )
                ],
                handler: { request, _ in
                    let format = ExpositionFormat(accept: request.headers[.accept])
                    let exposition = await registry.exposition(format)
                    return Response(bytes: exposition.utf8, type: format.contentType)
                })
        ]
    }
}
