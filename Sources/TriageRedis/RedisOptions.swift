/// Timeouts, retries and trusted certificates of a client.
package struct RedisOptions: Sendable, Equatable {
    /// The time from a command to its reply; the client closes a connection that exceeds it.
    package var commandTime: Duration
    /// The time from the first packet to an authenticated connection.
    package var connectTime: Duration
    /// The pause before the second try; it doubles with each failure.
    package var firstPause: Duration
    package var maximumPause: Duration
    /// Commands that may wait for their replies.
    package var pendingLimit: Int
    /// A PEM file with the certificates to trust under TLS; nil for the system's.
    package var trustFile: String?

    package init(
        commandTime: Duration = .milliseconds(100), connectTime: Duration = .seconds(2),
        firstPause: Duration = .milliseconds(100), maximumPause: Duration = .seconds(5),
        pendingLimit: Int = 4096, trustFile: String? = nil
    ) {
        self.commandTime = commandTime
        self.connectTime = connectTime
        self.firstPause = firstPause
        self.maximumPause = maximumPause
        self.pendingLimit = pendingLimit
        self.trustFile = trustFile
    }

    /// The pause after so many failures in a row, with jitter so that many clients do not reconnect at once.
    func pause(afterFailures failures: Int, spread: Double = .random(in: 0.5...1)) -> Duration {
        let doublings = Double(1 << min(max(failures - 1, 0), 30))
        return min(firstPause * doublings, maximumPause) * spread
    }
}
