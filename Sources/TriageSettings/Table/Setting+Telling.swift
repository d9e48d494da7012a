extension Setting {
    static let telemetry: [Setting] =
        [
            Setting("log.level", \.telemetry.logLevel, "From which level on the log is written."),
            Setting(
                "log.format", \.telemetry.logFormat,
                "How its lines are written, to standard error: gcp has the fields of Google Cloud's structured logging, ecs "
                    + "those of the Elastic Common Schema."),
            Setting(
                "log.gcp-project", \.telemetry.googleCloudProject,
                "The Google Cloud project that keeps the traces, for the lines of log.format gcp.",
                expected: "a project's id, such as desk-123",
                accepts: { $0?.utf8.allSatisfy { $0 != 0x2F && $0 > 0x20 && $0 < 0x7F } ?? true }),
            Setting("metrics", \.telemetry.servesMetrics, "Answer /metrics for Prometheus."),
            Setting(
                "otlp.endpoint", \.telemetry.otlpEndpoint, schemes: ["http", "https"],
                "Where spans, and with otlp.metrics and otlp.logs metrics and log lines, go by OTLP over HTTP, without "
                    + "/v1/traces; without it nothing is sent.",
                aliases: ["OTEL_EXPORTER_OTLP_ENDPOINT"]),
        ]
        + secret(
            "otlp.headers", \.telemetry.otlpHeaders,
            "Headers of each request to otlp.endpoint, as name=value,name=value with percent-encoded values.",
            aliases: ["OTEL_EXPORTER_OTLP_HEADERS"])
        + [
            Setting(
                "otlp.ca", \.telemetry.otlpCA,
                "The certificates in PEM that the collector's is checked against; without it the system's.",
                aliases: ["OTEL_EXPORTER_OTLP_CERTIFICATE"]),
            Setting(
                "otlp.traces", \.telemetry.sendsSpans, "Send spans to otlp.endpoint.",
                aliases: ["OTEL_TRACES_EXPORTER"]),
            Setting(
                "otlp.metrics", \.telemetry.sendsMetrics,
                "Push the metrics of /metrics to otlp.endpoint too.", aliases: ["OTEL_METRICS_EXPORTER"]),
            Setting(
                "otlp.metric-interval", \.telemetry.metricInterval,
                in: .seconds(1)...Duration.seconds(86_400), "The time between two pushes of metrics."),
            Setting(
                "otlp.logs", \.telemetry.sendsLogs,
                "Send the log to otlp.endpoint too; standard error has it as before.",
                aliases: ["OTEL_LOGS_EXPORTER"]),
            Setting(
                "otlp.sample-ratio", \.telemetry.sampleRatio, in: 0...1,
                "The share of traces that are sent where the caller sets none.",
                aliases: ["OTEL_TRACES_SAMPLER_ARG"]),
            Setting(
                "otlp.service-name", \.telemetry.serviceName,
                "The service's name in spans, metrics and log lines that are sent, and in those of log.format ecs.",
                aliases: ["OTEL_SERVICE_NAME"]),
            Setting(
                "otlp.disabled", \.telemetry.isDisabled,
                "Send nothing to otlp.endpoint, whatever else is set.",
                aliases: ["OTEL_SDK_DISABLED"]),
        ]
}
