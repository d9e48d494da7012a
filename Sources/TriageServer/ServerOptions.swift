package import TriageSettings

/// How the service listens and what it allows.
package struct ServerOptions: Sendable {
    /// The address to bind.
    package var host = "127.0.0.1"
    /// The port; 0 takes a free one.
    package var port = 8080
    /// The web pages that may use it.
    package var pages = PageRules()
    /// How it answers clients of the agent that it replaces.
    package var legacy = ServiceSettings.Legacy()
    /// The largest body of a request that is read whole, and the largest line of a batch, in bytes.
    package var largestBody = 1 << 20
    /// What one connection may take, and how many there may be.
    package var connection = ConnectionLimits()
    /// Certificate and key; nil for plain HTTP.
    package var tls: TLSFiles?
    /// How long requests under way may take to end after SIGTERM.
    package var drain = Duration.seconds(25)
    /// Tickets of the queue decided at a time; 0 only takes them in.
    package var queueWorkers = 32
    /// Between two signed heads of the ledger in the log.
    package var headInterval = Duration.seconds(300)
    /// Whether `/metrics` is served.
    package var servesMetrics = true
    /// Whether `/echo` is served, for measurements.
    package var hasEcho = false

    /// Loopback, port 8080, bodies up to 1 MB.
    package init() {}
}
