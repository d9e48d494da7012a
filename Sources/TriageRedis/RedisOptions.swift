/// How long a client waits, how often it tries, and whom it trusts.
package struct RedisOptions: Sendable, Equatable {
    /// The time from a command to its reply; a connection that exceeds it is given up.
    package var commandTime: Duration
    /// The time from the first packet to a connection that is logged in.
    package var connectTime: Duration
    /// The pause before the second try; it doubles with each one that fails.
    package var firstPause: Duration
    /// The longest pause between two tries.
    package var longestPause: Duration
    /// Commands that may wait for their replies.
    package var pendingLimit: Int
    /// A PEM file with the certificates to trust under TLS; nil for the system's.
    package var trustFile: String?

    /// The usual values: 100 ms a command, 2 s to connect, pauses from 100 ms to 5 s, 4,096 commands under way.
    package init(
        commandTime: Duration = .milliseconds(100), connectTime: Duration = .seconds(2),
        firstPause: Duration = .milliseconds(100), longestPause: Duration = .seconds(5),
        pendingLimit: Int = 4096, trustFile: String? = nil
    ) {
        self.commandTime = commandTime
        self.connectTime = connectTime
        self.firstPause = firstPause
        self.longestPause = longestPause
        self.pendingLimit = pendingLimit
        self.trustFile = trustFile
    }

    /// The pause after so many tries that failed one after another, spread so that many clients do not come at once.
    func pause(afterFailures failures: Int, spread: Double = .random(in: 0.5...1)) -> Duration {
        let doublings = Double(1 << min(max(failures - 1, 0), 30))
        return min(firstPause * doublings, longestPause) * spread
    }
}
