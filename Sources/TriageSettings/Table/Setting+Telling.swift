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
}
