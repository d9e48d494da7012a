internal import TriageDrafts
internal import CoreMetrics
internal import Metrics

/// The client's metrics, through swift-metrics; without text, host and key.
struct LLMMetrics: Sendable {
    let model: String

    /// A call's end: "ok", "cached", or an error's code.
    func call(_ outcome: String, seconds: Double) {
        Counter(label: "triage_llm_calls_total", dimensions: [("model", model), ("outcome", outcome)])
            .increment()
        Timer(label: "triage_llm_duration_seconds", dimensions: [("model", model)])
            .recordSeconds(seconds)
    }

    func used(_ usage: TokenUsage, cost: Double?) {
        for (kind, count) in [("input", usage.input), ("output", usage.output)] {
            Counter(label: "triage_llm_tokens_total", dimensions: [("model", model), ("kind", kind)])
                .increment(by: count)
        }
        if let cost {
            FloatingPointCounter(label: "triage_llm_cost_total", dimensions: [("model", model)])
                .increment(by: cost)
        }
    }

    /// What is left of a budget.
    func budget(_ remaining: [BudgetWindow: Double]) {
        for (window, left) in remaining {
            Meter(label: "triage_llm_budget_remaining", dimensions: [("window", window.rawValue)]).set(left)
        }
    }

    func breaker(isOpen: Bool) {
        Meter(label: "triage_llm_breaker_open", dimensions: [("model", model)]).set(isOpen ? 1 : 0)
    }

    /// Answers in a field that were no label of the bundle.
    func invalidLabel(field: String) {
        Counter(
            label: "triage_llm_invalid_labels_total", dimensions: [("model", model), ("field", field)]
        ).increment()
    }

    /// What the model did to a decision, or why nothing.
    func decision(_ outcome: String) {
        Counter(label: "triage_llm_decisions_total", dimensions: [("model", model), ("outcome", outcome)])
            .increment()
    }

    func draft(source: String, reason: String) {
        Counter(
            label: "triage_llm_drafts_total", dimensions: [("source", source), ("reason", reason)]
        ).increment()
    }
}
