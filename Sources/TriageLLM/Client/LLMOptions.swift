internal import TriageData

/// How a language model is reached; the defaults here are those of every command and of the service.
package struct LLMOptions: Sendable {
    /// The server, such as `http://127.0.0.1:8080/v1`.
    package var url: String
    /// The model's name, as the server knows it.
    package var model: String
    /// Hosts that may be called besides loopback and private ones, in lower case.
    package var allowedHosts: Set<String> = []
    /// The API key, read at each call so that a rotated key takes effect; nil for none.
    package var key: @Sendable () throws(LLMError) -> String? = { () throws(LLMError) in nil }
    /// A PEM file of authorities to trust instead of the system's.
    package var authorities: String?
    /// The time for one call, retries and waiting included.
    package var deadline: Duration = .seconds(60)
    /// The time for opening a connection.
    package var connectTimeout: Duration = .seconds(3)
    package var maximumAnswerBytes = 1 << 20
    /// When a call is tried again.
    package var retries = RetryPolicy()
    /// The calls under way, and when the server gets none.
    package var gate = GateOptions()
    /// What tokens cost.
    package var prices = PriceTable()
    /// What may be spent.
    package var budget = BudgetOptions()
    /// Where answers are kept; nil for no cache.
    package var cache: (any ReplyCache)? = MemoryReplyCache(capacity: 1000)
    /// How long an answer is kept.
    package var cacheLifetime: Duration = .seconds(300)

    package init(url: String, model: String) {
        self.url = url
        self.model = model
    }
}

/// When a call is tried again.
package struct RetryPolicy: Sendable, Equatable {
    package var maximumRetries = 2
    /// The upper end of the first pause; each further one doubles it.
    ///
    /// The pause is drawn from 0 up to that end.
    package var basePause: Duration = .milliseconds(200)
    /// A call fails when the server asks for a longer pause.
    package var maximumPause: Duration = .seconds(10)
    /// Retry tokens that each call adds for the client as a whole; 0.1 keeps a struggling server from getting many
    /// more requests than before.
    package var retryBudgetRatio = 0.1
    /// Retry tokens that a client begins with, and the most that it collects.
    package var initialRetryTokens = 10.0

    package init() {}
}

/// The calls under way, and when the server gets none.
package struct GateOptions: Sendable, Equatable {
    /// Calls under way at once.
    package var concurrency = 4
    /// Calls that may wait for their turn; more are refused.
    package var queue = 16
    /// Failures in a row after which the breaker opens.
    package var failures = 5
    /// How long the breaker stays open before one call probes the server.
    package var probeInterval: Duration = .seconds(10)

    package init() {}
}

extension String {
    /// Without white space at its ends.
    var trimmed: String {
        String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}

/// The bytes of a small file of the settings.
func contents(of path: String, limit: Int = 1 << 16) throws(LLMError) -> [UInt8] {
    do throws(DataError) { return try FileInput.bytes(of: path, limit: limit) } catch { throw .data(error) }
}
