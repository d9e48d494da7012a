internal import Foundation
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
        var options = try CollectorOptions(settings)
        options?.serviceVersion = version
        let telemetry = try start(
            level: Logger.Level(rawValue: settings.logLevel.rawValue) ?? .info,
            format: settings.lineFormat, sending: options)
        Meter(label: "triage_build_info", dimensions: [("version", version)]).set(1)
        return telemetry
    }
}

extension ServiceSettings.Telemetry {
    fileprivate var lineFormat: LineLogHandler.Format {
        switch logFormat {
        case .json: .json
        case .text: .text
        case .gcp: .googleCloud(project: googleCloudProject)
        case .ecs: .commonSchema(service: serviceName)
        }
    }
}

extension CollectorOptions {
    /// Nil where nothing is sent.
    fileprivate init?(_ settings: ServiceSettings.Telemetry) throws(TelemetryError) {
        let sent = settings.sent
        guard let endpoint = settings.otlpEndpoint, !sent.isEmpty else { return nil }
        let headers = settings.otlpHeaders
        try self.init(endpoint: endpoint) { headers?.current ?? "" }
        sampleRatio = settings.sampleRatio
        certificates = settings.otlpCA
        serviceName = settings.serviceName
        serviceInstance = UUID().uuidString.lowercased()
        metricInterval = settings.metricInterval
        let all: [ServiceSettings.Telemetry.Signal: CollectorSignal] = [
            .spans: .traces, .metrics: .metrics, .logs: .logs,
        ]
        signals = Set(sent.compactMap { all[$0] })
    }
}
