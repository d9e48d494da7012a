extension Setting {
    static let telemetry: [Setting] =
        [
            Setting("log.level", \.telemetry.logLevel, "From which level on the log is written."),
            Setting("log.format", \.telemetry.logFormat, "How its lines are written, to standard error."),
            Setting("metrics", \.telemetry.servesMetrics, "Answer /metrics for Prometheus."),
            Setting(
                "otlp.endpoint", \.telemetry.otlpEndpoint, schemes: ["http", "https"],
                "Where spans go by OTLP over HTTP, without /v1/traces; without it none are sent.",
                aliases: ["OTEL_EXPORTER_OTLP_ENDPOINT"]),
        ]
        + secret(
            "otlp.headers", \.telemetry.otlpHeaders,
            "Headers that go with them, as name=value,name=value.",
            aliases: ["OTEL_EXPORTER_OTLP_HEADERS"])
        + [
            Setting(
                "otlp.ca", \.telemetry.otlpCA,
                "The certificates in PEM that the collector's is checked against; without it the system's.",
                aliases: ["OTEL_EXPORTER_OTLP_CERTIFICATE"]),
            Setting(
                "otlp.sample-ratio", \.telemetry.sampleRatio, in: 0...1,
                "The share of traces that are sent where the caller does not say.",
                aliases: ["OTEL_TRACES_SAMPLER_ARG"]),
            Setting(
                "otlp.service-name", \.telemetry.serviceName, "What spans call this service.",
                aliases: ["OTEL_SERVICE_NAME"]),
            Setting(
                "otlp.disabled", \.telemetry.isDisabled, "Send no spans, whatever else is set.",
                aliases: ["OTEL_SDK_DISABLED"]),
        ]

    static let llm: [Setting] =
        [
            Setting(
                "llm.url", \.llm.url, schemes: ["http", "https"],
                "An OpenAI-compatible server, as http://127.0.0.1:8000/v1; without it none is ever dialled, key or not."
            ),
            Setting(
                "llm.model", \.llm.model, "The model asked for.", aliases: ["OPENAI_MODEL"]),
        ]
        + secret(
            "llm.key", \.llm.key, "The key sent there. A key alone opens no connection: that takes llm.url.",
            aliases: ["OPENAI_API_KEY"])
        + [
            Setting(
                "llm.hosts", \.llm.hosts,
                "Hosts that may be dialled; without it loopback and private ones alone."),
            Setting(
                "llm.ca", \.llm.ca,
                "The certificates in PEM that its is checked against; without it the system's."),
            Setting(
                "llm.timeout", \.llm.timeout, in: .milliseconds(1)...Duration.seconds(3600),
                "How long one answer may take, retries and all."),
            Setting(
                "llm.retries", \.llm.retries, in: 0...10, "Tries after the first, on passing faults only."),
            Setting("llm.concurrency", \.llm.concurrency, in: 1...256, "Calls under way at a time."),
            Setting(
                "llm.cache", \.llm.cache, in: .zero...Duration.seconds(86_400),
                "How long an answer is remembered; 0 for not at all. With redis.url answers lie in Redis for that long, "
                    + "with identifiers masked and otherwise readable."),
            Setting("llm.prices", \.llm.prices, "The table of prices by model (JSON)."),
            Setting(
                "llm.daily-budget", \.llm.dailyBudget, in: 0...1e9,
                "The most that a day's calls may cost, in the table's currency; then they stop."),
            Setting(
                "llm.monthly-budget", \.llm.monthlyBudget, in: 0...1e9,
                "The most that a month's calls may cost."),
            Setting(
                "llm.fields", \.llm.fields,
                "The bundle's fields in which the model chooses the label; without it the model decides nothing and only "
                    + "writes drafts."),
            Setting(
                "llm.below", \.llm.below,
                "Ask it only where the engine's probability is below this, as 0.6; without it for every ticket.",
                expected: "a number above 0, up to 1",
                accepts: { $0.map { $0 > 0 && $0 <= 1 } ?? true }),
            Setting(
                "llm.decision-timeout", \.llm.decisionTimeout,
                in: .milliseconds(1)...Duration.seconds(3600),
                "How long it may take over one decision; then the engine's stands."),
        ]
}
