public import TriageSettings
public import TriageStore

extension ServerOptions {
    /// The options that settings ask for.
    public init(_ settings: ServiceSettings) {
        self.init()
        host = settings.listening.host
        port = settings.listening.port
        drain = settings.listening.drain
        let isOpen = settings.listening.keys == nil && ServiceAddress.isLoopback(settings.listening.host)
        names = isOpen ? Set(settings.listening.names.map { $0.lowercased() }) : nil
        largestBody = settings.limits.body.bytes
        queueWorkers = settings.queue.workers
        connection = ConnectionLimits(settings.limits)
        tls = TLSFiles(settings.listening)
        servesMetrics = settings.telemetry.servesMetrics
        headInterval = settings.store.ledgerInterval
    }
}

extension StoreOptions {
    /// The options that settings ask for.
    public init(_ settings: ServiceSettings) {
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
