/// Every metric of the service: its name, what it counts, its labels and its buckets.
///
/// Dashboards, alert rules and the code that measures meet here.
package enum MetricCatalog {
    /// Seconds, for what a client waits for: 50 µs to 10 s.
    static let requestSeconds = [
        0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5,
        10,
    ]
    /// Seconds, for what is computed in memory: 5 µs to 1 s.
    static let computeSeconds = [
        0.000005, 0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.01, 0.1, 1,
    ]
    /// Seconds, for an answer of a language model: 50 ms to 2 min.
    static let modelSeconds = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120]

    /// All of them.
    package static let all: [MetricDescription] = requests + decisions + store + limits + changes + llm + own

    private static let requests: [MetricDescription] = [
        MetricDescription(
            "triage_http_request_duration_seconds", .histogram,
            "Time from a request's head to its answer, by route template, method and status.",
            labels: ["route", "method", "status"], bounds: requestSeconds),
        MetricDescription(
            "triage_http_requests_in_flight", .gauge, "Requests that are being answered.", initial: [[]]),
    ]

    private static let decisions: [MetricDescription] = [
        MetricDescription(
            "triage_decisions_total", .counter, "Decided fields, by field, label and level.",
            labels: ["field", "label", "level"]),
        MetricDescription(
            "triage_known_issues_total", .counter, "Decided tickets, by whether an article answers them.",
            labels: ["known"], initial: [["true"], ["false"]]),
        MetricDescription(
            "triage_decision_duration_seconds", .histogram, "Time to decide one ticket.",
            bounds: computeSeconds,
            initial: [[]]),
    ]

    private static let store: [MetricDescription] = [
        MetricDescription(
            "triage_queue_depth", .gauge, "Tickets in the queue, by state; dead ones wait for a person.",
            labels: ["state"]),
        MetricDescription(
            "triage_queue_oldest_seconds", .gauge, "Age of the oldest ticket that waits to be decided.",
            initial: [[]]),
        MetricDescription(
            "triage_store_writes_total", .counter, "Transactions of the store, by outcome.",
            labels: ["outcome"], initial: [["ok"], ["error"]]),
        MetricDescription(
            "triage_store_write_duration_seconds", .histogram,
            "Time of one transaction of the store, to durable.",
            bounds: requestSeconds),
    ]

    private static let limits: [MetricDescription] = [
        MetricDescription(
            "triage_limiter_total", .counter,
            "Requests that the rate limiter judged, by outcome and by who judged: redis or local.",
            labels: ["outcome", "backend"],
            initial: [
                ["allowed", "local"], ["limited", "local"], ["allowed", "redis"], ["limited", "redis"],
            ]),
        MetricDescription(
            "triage_connections_refused_total", .counter,
            "Connections that were ended before a request could be answered, by the status they were told.",
            labels: ["status"], initial: [["400"], ["408"], ["431"], ["503"]]),
        MetricDescription(
            "triage_redis_up", .gauge, "1 while Redis answers, 0 while local limits stand in for it."),
        MetricDescription(
            "triage_auth_failures_total", .counter, "Requests refused for their key, by reason.",
            labels: ["reason"],
            initial: [["missing"], ["malformed"], ["unknown"], ["expired"], ["revoked"], ["scope"]]),
    ]

    private static let changes: [MetricDescription] = [
        MetricDescription(
            "triage_reloads_total", .counter, "Reloads of bundle, knowledge base and policy, by outcome.",
            labels: ["outcome"], initial: [["ok"], ["error"]]),
        MetricDescription(
            "triage_shadow_disagreements_total", .counter,
            "Tickets whose field the shadow bundle decides otherwise.", labels: ["field"]),
        MetricDescription(
            "triage_model_info", .gauge, "1 for the bundle in use, by name and checksum.",
            labels: ["name", "sha256"]),
        MetricDescription(
            "triage_build_info", .gauge, "1 for the program in use, by version.", labels: ["version"]),
    ]

    private static let llm: [MetricDescription] = [
        MetricDescription(
            "triage_llm_calls_total", .counter, "Calls of a language model, by model and outcome.",
            labels: ["model", "outcome"]),
        MetricDescription(
            "triage_llm_duration_seconds", .histogram,
            "Time of one call of a language model, retries within.",
            labels: ["model"], bounds: modelSeconds),
        MetricDescription(
            "triage_llm_tokens_total", .counter, "Tokens sent to and received from a language model.",
            labels: ["model", "kind"]),
        MetricDescription(
            "triage_llm_cost_total", .counter,
            "What calls of a language model cost, in the currency of its prices.",
            labels: ["model"]),
        MetricDescription(
            "triage_llm_budget_remaining", .gauge,
            "What may still be spent on language models in the window, in the currency of their prices.",
            labels: ["window"]),
        MetricDescription(
            "triage_llm_breaker_open", .gauge,
            "1 while calls of the language model are held back after failures.",
            labels: ["model"]),
        MetricDescription(
            "triage_llm_invalid_labels_total", .counter,
            "Answers of a language model that are no label of the bundle.", labels: ["model", "field"]),
        MetricDescription(
            "triage_llm_decisions_total", .counter,
            "Decisions where a language model may choose labels: what it did, or why nothing.",
            labels: ["model", "outcome"]),
        MetricDescription(
            "triage_llm_drafts_total", .counter, "Drafted answers, by where they came from and why.",
            labels: ["source", "reason"]),
    ]

    private static let own: [MetricDescription] = [
        MetricDescription(
            "triage_spans_total", .counter, "Finished trace spans, by what became of them.",
            labels: ["outcome"], initial: [["exported"], ["dropped"], ["failed"]]),
        refusals, droppedLines,
    ]

    /// What the log's sink counts.
    static let droppedLines = MetricDescription(
        "triage_log_lines_dropped_total", .counter,
        "Lines of the log that were dropped, since their reader did not take them.", initial: [[]])

    /// What the registry itself counts.
    static let refusals = MetricDescription(
        "triage_metrics_refused_total", .counter,
        "Handles of metrics that were refused: a metric has too many series (they count under other), or a name is used for two kinds.",
        labels: ["reason"], initial: [["series"], ["kind"]])
}
