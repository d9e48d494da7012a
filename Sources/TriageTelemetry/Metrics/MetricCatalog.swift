/// Every metric of the service, for the code that measures, dashboards and alert rules.
package enum MetricCatalog {
    /// Buckets of what a client waits for, 50 µs to 10 s.
    static let requestSeconds = [
        0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5,
        10,
    ]
    /// Buckets of computations in memory, 5 µs to 1 s.
    static let computeSeconds = [
        0.000005, 0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.01, 0.1, 1,
    ]
    /// Buckets of a language model's answers, 50 ms to 2 min.
    static let modelSeconds = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120]

    package static let all: [MetricDescription] =
        requests + decisions + monitoring + store + limits + changes + search + llm + own

    private static let requests: [MetricDescription] = [
        MetricDescription(
            "triage_http_request_duration_seconds", .histogram,
            "Time from a request's head to the end of its answer, by route template, method and status.",
            labels: ["route", "method", "status"], bounds: requestSeconds),
        MetricDescription(
            "triage_http_requests_in_flight", .gauge, "Requests being answered.", initial: [[]]),
    ]

    private static let decisions: [MetricDescription] = [
        MetricDescription(
            "triage_decisions_total", .counter, "Predicted fields, by field, label and level.",
            labels: ["field", "label", "level"]),
        MetricDescription(
            "triage_known_issues_total", .counter, "Decisions, by whether they match a known issue.",
            labels: ["known"], initial: [["true"], ["false"]]),
        MetricDescription(
            "triage_decision_duration_seconds", .histogram, "Time to decide one ticket.",
            bounds: computeSeconds,
            initial: [[]]),
    ]

    private static let monitoring: [MetricDescription] = [
        MetricDescription(
            "triage_blind_sample_judged", .gauge,
            "Answers of the current model that people labelled in the blind sample, by field.",
            labels: ["field"]
        ),
        MetricDescription(
            "triage_blind_sample_right", .gauge, "Of those, the answers that were right.", labels: ["field"]),
        MetricDescription(
            "triage_auto_demoted", .gauge,
            "1 while answers are suggest in place of auto because they miss their target; label is empty for a whole field.",
            labels: ["field", "label"]),
    ]

    private static let store: [MetricDescription] = [
        MetricDescription(
            "triage_queue_depth", .gauge, "Tickets in the queue, by state; dead ones need a person.",
            labels: ["state"]),
        MetricDescription(
            "triage_queue_oldest_seconds", .gauge, "Age of the oldest ticket waiting in the queue.",
            initial: [[]]),
        MetricDescription(
            "triage_store_writes_total", .counter, "Store transactions, by outcome.",
            labels: ["outcome"], initial: [["ok"], ["error"]]),
        MetricDescription(
            "triage_store_write_duration_seconds", .histogram,
            "Time of one store transaction until it is durable.",
            bounds: requestSeconds),
    ]

    private static let limits: [MetricDescription] = [
        MetricDescription(
            "triage_limiter_total", .counter,
            "Requests checked by the rate limiter, by outcome and backend (redis or local).",
            labels: ["outcome", "backend"],
            initial: [
                ["allowed", "local"], ["limited", "local"], ["allowed", "redis"], ["limited", "redis"],
            ]),
        MetricDescription(
            "triage_connections_refused_total", .counter,
            "Connections closed before a request could be answered, by the status sent.",
            labels: ["status"], initial: [["400"], ["408"], ["431"], ["503"]]),
        MetricDescription(
            "triage_redis_up", .gauge,
            "1 while Redis is connected, 0 while each process counts limits on its own."),
        MetricDescription(
            "triage_auth_failures_total", .counter, "Requests rejected because of their key, by reason.",
            labels: ["reason"],
            initial: [["missing"], ["malformed"], ["unknown"], ["expired"], ["revoked"], ["scope"]]),
    ]

    private static let changes: [MetricDescription] = [
        MetricDescription(
            "triage_reloads_total", .counter, "Reloads of bundle, knowledge base and policy, by outcome.",
            labels: ["outcome"], initial: [["ok"], ["error"]]),
        MetricDescription(
            "triage_shadow_disagreements_total", .counter,
            "Fields for which the shadow bundle predicts another label.", labels: ["field"]),
        MetricDescription(
            "triage_model_info", .gauge, "1 for the bundle in use, by name and checksum.",
            labels: ["name", "sha256"]),
        MetricDescription(
            "triage_build_info", .gauge, "1 for the program in use, by version.", labels: ["version"]),
    ]

    private static let search: [MetricDescription] = [
        MetricDescription(
            "triage_search_requests_total", .counter,
            "Requests to the vector database, by outcome: ok, or why there was no answer.", labels: ["outcome"]),
        MetricDescription(
            "triage_search_duration_seconds", .histogram,
            "Time of one request to the vector database, all its parts included.", bounds: requestSeconds),
        MetricDescription(
            "triage_search_up", .gauge, "1 while the vector database answers, 0 while decisions go on without it."),
        MetricDescription(
            "triage_search_breaker_open", .gauge,
            "1 while the vector database gets no requests because it failed several times in a row."),
    ]

    private static let llm: [MetricDescription] = [
        MetricDescription(
            "triage_llm_calls_total", .counter, "Calls to a language model, by model and outcome.",
            labels: ["model", "outcome"]),
        MetricDescription(
            "triage_llm_duration_seconds", .histogram,
            "Time of one call to a language model, including retries.",
            labels: ["model"], bounds: modelSeconds),
        MetricDescription(
            "triage_llm_tokens_total", .counter, "Tokens sent to and received from a language model.",
            labels: ["model", "kind"]),
        MetricDescription(
            "triage_llm_cost_total", .counter,
            "Cost of calls to a language model, in the currency of its prices.",
            labels: ["model"]),
        MetricDescription(
            "triage_llm_budget_remaining", .gauge,
            "Budget left for language models in the window, in the currency of their prices.",
            labels: ["window"]),
        MetricDescription(
            "triage_llm_breaker_open", .gauge,
            "1 while calls to the language model are suspended after failures.",
            labels: ["model"]),
        MetricDescription(
            "triage_llm_invalid_labels_total", .counter,
            "Labels from a language model that the bundle does not have.", labels: ["model", "field"]),
        MetricDescription(
            "triage_llm_decisions_total", .counter,
            "Decisions for which a language model may choose labels, by what it did or why it did nothing.",
            labels: ["model", "outcome"]),
        MetricDescription(
            "triage_llm_drafts_total", .counter, "Drafted replies, by source and reason.",
            labels: ["source", "reason"]),
    ]

    private static let own: [MetricDescription] = [
        spans, logRecords, metricPushes, refusals, droppedLines,
    ]

    static let spans = MetricDescription(
        "triage_spans_total", .counter, "Finished trace spans, by outcome.",
        labels: ["outcome"], initial: [["exported"], ["dropped"], ["failed"]])

    static let logRecords = MetricDescription(
        "triage_log_records_total", .counter, "Log events for the collector, by outcome.",
        labels: ["outcome"], initial: [["exported"], ["dropped"], ["failed"]])

    static let metricPushes = MetricDescription(
        "triage_metric_pushes_total", .counter, "Requests with metrics to the collector, by outcome.",
        labels: ["outcome"], initial: [["ok"], ["failed"]])

    static let droppedLines = MetricDescription(
        "triage_log_lines_dropped_total", .counter,
        "Log lines dropped because their reader was too slow.", initial: [[]])

    static let refusals = MetricDescription(
        "triage_metrics_refused_total", .counter,
        "Metric handles that were refused: the metric has too many series (they count as other), or the name is used for two kinds.",
        labels: ["reason"], initial: [["series"], ["kind"]])
}

/// A metric's name, kind, help, labels and buckets.
package struct MetricDescription: Sendable, Equatable {
    package enum Kind: String, Sendable {
        case counter
        case gauge
        case histogram
    }

    /// In snake case; ends with the base unit, and a counter's name with `_total`.
    package let name: String
    package let kind: Kind
    package let help: String
    package let labels: [String]
    /// Ascending upper bounds of a histogram's buckets, in the metric's unit; empty for other kinds.
    package let bounds: [Double]
    /// Values of `labels` whose series exist from the start, at zero, so that `rate` counts the first event.
    package let initial: [[String]]

    init(
        _ name: String, _ kind: Kind, _ help: String, labels: [String] = [], bounds: [Double] = [],
        initial: [[String]] = []
    ) {
        self.name = name
        self.kind = kind
        self.help = help
        self.labels = labels
        self.bounds = bounds
        self.initial = initial
    }
}
