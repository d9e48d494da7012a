internal import CoreMetrics
internal import Logging
public import TriageSettings
public import TriageTelemetry

extension Telemetry {
    /// Makes log, metrics and tracer that settings ask for the process's own; see `start(level:isText:sending:)`.
    ///
    /// - Parameters:
    ///   - settings: what the service tells of itself.
    ///   - version: this program's, for `triage_build_info` and spans.
    /// - Returns: what `ServerDependencies` take.
    /// - Throws: `TelemetryError` when the collector's address, headers or certificates cannot be used.
    public static func start(
        _ settings: ServiceSettings.Telemetry, version: String
    ) throws(TelemetryError) -> Telemetry {
        var options = try TraceOptions(settings)
        options?.serviceVersion = version
        let telemetry = try start(
            level: Logger.Level(rawValue: settings.logLevel.rawValue) ?? .info,
            isText: settings.logFormat == .text, sending: options)
        telemetry.metrics.makeMeter(label: "triage_build_info", dimensions: [("version", version)]).set(
            Int64(1))
        return telemetry
    }
}

extension TraceOptions {
    /// Where settings send spans; nil when they send none.
    fileprivate init?(_ settings: ServiceSettings.Telemetry) throws(TelemetryError) {
        guard let endpoint = settings.otlpEndpoint, !settings.isDisabled else { return nil }
        let headers = settings.otlpHeaders
        try self.init(endpoint: endpoint) { headers?.current ?? "" }
        sampleRatio = settings.sampleRatio
        certificates = settings.otlpCA
        serviceName = settings.serviceName
    }
}
