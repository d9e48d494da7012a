/// How the service listens and what it allows.
public struct ServerOptions: Sendable {
    /// The address to bind.
    public var host: String
    /// The port; 0 takes a free one.
    public var port: Int
    /// The largest body of a request that is read whole, in bytes.
    public var largestBody: Int

    /// Loopback, port 8080, bodies up to 1 MB.
    public init(host: String = "127.0.0.1", port: Int = 8080, largestBody: Int = 1 << 20) {
        self.host = host
        self.port = port
        self.largestBody = largestBody
    }
}
