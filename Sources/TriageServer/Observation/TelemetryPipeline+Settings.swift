internal import Logging
internal import Metrics
package import TriageSettings
package import TriageTelemetry

extension TelemetryPipeline {
    /// Installs logs, metrics and spans for the whole process.
    ///
    /// - Throws: `TelemetryError` when a setting of the collector cannot be used.
    package static func start(
        _ settings: ServiceSettings.Telemetry, version: String
    ) throws(TelemetryError) -> TelemetryPipeline {
        var options = try TraceOptions(settings)
        options?.serviceVersion = version
        let telemetry = try start(
            level: Logger.Level(rawValue: settings.logLevel.rawValue) ?? .info,
            format: settings.logFormat == .text ? .text : .json, sending: options)
        Meter(label: "triage_build_info", dimensions: [("version", version)]).set(1)
        return telemetry
    }
}

extension TraceOptions {
    /// Nil without a collector.
    fileprivate init?(_ settings: ServiceSettings.Telemetry) throws(TelemetryError) {
        guard let endpoint = settings.otlpEndpoint, !settings.isDisabled else { return nil }
        let headers = settings.otlpHeaders
        try self.init(endpoint: endpoint) { headers?.current ?? "" }
        sampleRatio = settings.sampleRatio
        certificates = settings.otlpCA
        serviceName = settings.serviceName
    }
}
