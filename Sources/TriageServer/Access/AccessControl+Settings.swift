package import Logging
package import TriageSettings

extension AccessControl {
    /// Keys, limits and proxies as the settings say.
    ///
    /// - Parameters:
    ///   - settings: The service's settings.
    ///   - redis: Where limits are shared; nil keeps them in this process.
    ///   - logger: Where keys that are read again are logged.
    /// - Throws: `AccessError` when a file or an address cannot be used.
    package init(_ settings: ServiceSettings, redis: SharedRedis?, logger: Logger) throws(AccessError) {
        let limits = settings.limits
        let key = RateLimit(perSecond: limits.ratePerKey, burst: limits.burst)
        let address = RateLimit(perSecond: limits.ratePerAddress, burst: limits.burst)
        let keyBytes = RateLimit(bytesPerSecond: limits.bytesPerKey, burst: limits.burst)
        let addressBytes = RateLimit(bytesPerSecond: limits.bytesPerAddress, burst: limits.burst)
        let shared = redis.map { SharedBuckets($0.client) }
        var proxies: [AddressBlock] = []
        for text in settings.listening.trustedProxies {
            guard let block = AddressBlock(text) else { throw .badProxy(text) }
            proxies.append(block)
        }
        self.init(
            keys: try settings.listening.keys.map { path throws(AccessError) in
                try KeyHolder(path: path, logger: logger)
            },
            limiter: RequestLimiter(
                keyLimit: key, addressLimit: address, keyBytes: keyBytes, addressBytes: addressBytes,
                shared: shared),
            proxies: proxies)
    }
}

extension RateLimit {
    /// So many requests a second, and at once as many as come up in `burst`; nil where the rate is 0.
    init?(perSecond rate: Double, burst: Duration) {
        guard rate > 0 else { return nil }
        let quota = max(1, (rate * Double(burst.microseconds) / 1e6).rounded())
        self.init(quota: Int(quota), window: .microseconds(Int64((quota / rate * 1e6).rounded(.up))))
    }

    /// The same for bytes, in tokens of a kilobyte.
    init?(bytesPerSecond rate: ByteCount, burst: Duration) {
        self.init(perSecond: Double(rate.bytes) / 1024, burst: burst)
    }
}

extension ConnectionLimits {
    /// The limits of a connection as the settings say.
    package init(_ limits: ServiceSettings.Limits) {
        self.init()
        (headerBytes, headerTime) = (limits.header.bytes, limits.headerTimeout)
        (idleTime, requestTime) = (limits.idleTimeout, limits.requestTimeout)
        (minimumRate, connections) = (limits.minimumRate.bytes, limits.connections)
    }
}

extension TLSFiles {
    /// Certificate and key as the settings say; nil for plain HTTP.
    package init?(_ listening: ServiceSettings.Listening) {
        guard let certificate = listening.certificate, let key = listening.certificateKey else { return nil }
        self.init(certificate: certificate, key: key, isOnlyTLS13: listening.minimumTLS == .v13)
    }
}
