public import TriageSettings

extension ServerOptions {
    /// The options that settings ask for.
    public init(_ settings: ServiceSettings) {
        self.init(
            host: settings.listening.host, port: settings.listening.port,
            largestBody: settings.limits.body.bytes)
        drain = settings.listening.drain
    }
}
