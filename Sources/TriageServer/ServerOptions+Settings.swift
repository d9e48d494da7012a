package import TriageSettings
package import TriageStore

extension ServerOptions {
    /// The options that settings ask for.
    package init(_ settings: ServiceSettings) {
        self.init()
        host = settings.listening.host
        port = settings.listening.port
        drain = settings.listening.drain
        pages = PageRules(settings.listening)
        legacy = settings.legacy
        largestBody = settings.limits.body.bytes
        queueWorkers = settings.queue.workers
        connection = ConnectionLimits(settings.limits)
        tls = TLSFiles(settings.listening)
        servesMetrics = settings.telemetry.servesMetrics
        headInterval = settings.store.ledgerInterval
    }
}

extension PageRules {
    /// The rules that settings ask for: a service on loopback without keys requires a known name.
    package init(_ listening: ServiceSettings.Listening) {
        self.init()
        names = Set(listening.names.compactMap { ServiceAddress.hostName($0) })
        isNameRequired = listening.keys == nil && ServiceAddress.isLoopback(listening.host)
        origins = Set(listening.corsOrigins.compactMap { ServiceAddress.origin($0) })
    }
}

extension StoreOptions {
    /// The options that settings ask for.
    package init(_ settings: ServiceSettings) {
        self.init()
        retentionDays =
            switch settings.store.textRetention {
            case .days(let days): days
            case .forever: nil
            }
        queue.capacity = settings.queue.capacity
        queue.lease = settings.queue.lease / .seconds(1)
        queue.attempts = settings.queue.attempts
    }
}
