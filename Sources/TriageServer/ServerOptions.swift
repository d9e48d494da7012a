package import TriageSettings
package import TriageStore

/// How the service listens, and its limits.
package struct ServerOptions: Sendable {
    package var host = "127.0.0.1"
    /// 0 for a free one.
    package var port = 8080
    package var pages = PageRules()
    /// How it answers clients of the agent that it replaces.
    package var legacy = ServiceSettings.Legacy()
    /// In bytes: the largest body read whole, and the largest line of a batch.
    package var maximumBody = 1 << 20
    package var connection = ConnectionLimits()
    /// Nil for plain HTTP.
    package var tls: TLSFiles?
    /// How long requests may take to finish after SIGTERM.
    package var drain = Duration.seconds(25)
    /// Queued tickets decided concurrently; 0 for none.
    package var queueWorkers = 32
    /// The time between two signed heads of the ledger in the log.
    package var headInterval = Duration.seconds(300)
    /// Corrected tickets that decisions remember at most; 0 for none.
    package var rememberedCorrections = 1_000
    /// The share of tickets with an automatic answer that people label unseen; 0 for none.
    package var blindSample = 0.0
    package var servesMetrics = true
    /// The program's, which the OpenAPI document names.
    package var version = ""
    /// Whether `/echo` is served, for measurements.
    package var hasEcho = false

    package init() {}
}

/// The memory and time that one connection may take, and the number of connections.
package struct ConnectionLimits: Sendable, Equatable {
    /// Bytes of a request's head, all fields together.
    package var headerBytes = 16 << 10
    package var headerCount = 100
    /// From the connection's start to its first request's head.
    package var headerTime = Duration.seconds(10)
    /// From an answer to the next request's head.
    package var idleTime = Duration.seconds(60)
    /// From a request's head to the end of its answer, except batches.
    package var requestTime = Duration.seconds(30)
    /// Bytes a second that senders and readers must reach; 0 for no minimum.
    package var minimumRate = 1 << 10
    /// The time before the minimum rate applies.
    package var patience = Duration.seconds(5)
    /// How long an idle connection may still send a request once the service ends; its answer closes the connection.
    package var endingGrace = Duration.milliseconds(500)
    /// Open connections; a further one gets 503.
    package var connections = 4096

    package init() {}
}

extension ServerOptions {
    package init(_ settings: ServiceSettings) {
        self.init()
        host = settings.listening.host
        port = settings.listening.port
        drain = settings.listening.drain
        pages = PageRules(settings.listening)
        legacy = settings.legacy
        maximumBody = settings.limits.body.bytes
        queueWorkers = settings.queue.workers
        connection = ConnectionLimits(settings.limits)
        tls = TLSFiles(settings.listening)
        servesMetrics = settings.telemetry.servesMetrics
        headInterval = settings.store.ledgerInterval
        rememberedCorrections = settings.store.rememberedCorrections
        blindSample = settings.store.blindSample
    }
}

extension PageRules {
    /// A service on loopback without keys requires a known name.
    package init(_ listening: ServiceSettings.Listening) {
        self.init()
        names = Set(listening.names.compactMap { ServiceAddress.hostName($0) })
        isNameRequired = listening.keys == nil && ServiceAddress.isLoopback(listening.host)
        origins = Set(listening.corsOrigins.compactMap { ServiceAddress.origin($0) })
    }
}

extension StoreOptions {
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

extension ConnectionLimits {
    package init(_ limits: ServiceSettings.Limits) {
        self.init()
        (headerBytes, headerTime) = (limits.header.bytes, limits.headerTimeout)
        (idleTime, requestTime) = (limits.idleTimeout, limits.requestTimeout)
        (minimumRate, connections) = (limits.minimumRate.bytes, limits.connections)
    }
}

extension TLSFiles {
    /// Nil for plain HTTP.
    package init?(_ listening: ServiceSettings.Listening) {
        guard let certificate = listening.certificate, let key = listening.certificateKey else { return nil }
        self.init(certificate: certificate, key: key, isOnlyTLS13: listening.minimumTLS == .v13)
    }
}
