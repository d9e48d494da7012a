internal import TriageData

/// Everything that a site can say about its language model; plain values.
package struct LLMOptions: Sendable {
    /// The server, such as `http://127.0.0.1:8080/v1`.
    package var url: String
    /// The model's name, as the server knows it.
    package var model: String
    /// Hosts that may be called besides loopback and private ones, in lower case.
    package var allowedHosts: Set<String> = []
    /// The API key, asked for at each call so that a rotated one counts; nil for none.
    package var key: @Sendable () throws(LLMError) -> String? = { () throws(LLMError) in nil }
    /// A PEM file of authorities to trust instead of the system's.
    package var authorities: String?
    /// The time for one call, with its retries and its waiting.
    package var deadline: Duration = .seconds(30)
    /// The time for opening a connection.
    package var connectTimeout: Duration = .seconds(3)
    /// The most bytes of an answer.
    package var largestAnswer = 1 << 20
    /// When a call is tried again.
    package var retries = RetryPolicy()
    /// How many calls at once, and when the server is left alone.
    package var gate = GateOptions()
    /// What tokens cost.
    package var prices = PriceTable()
    /// What may be spent.
    package var budget = BudgetOptions()
    /// Where answers are kept; nil for no cache.
    package var cache: (any ReplyCache)? = MemoryReplyCache(capacity: 1000)
    /// How long an answer is kept.
    package var cacheLifetime: Duration = .seconds(300)

    /// A server and a model with the usual settings.
    package init(url: String, model: String) {
        self.url = url
        self.model = model
    }

    /// A key read from a file at each call; white space around it is left out.
    package static func key(file path: String) -> @Sendable () throws(LLMError) -> String? {
        { () throws(LLMError) in
            let bytes = try contents(of: path)
            let key = String(decoding: bytes, as: UTF8.self).trimmed
            guard !key.isEmpty else {
                throw .badSetting(name: path, problem: "the file of the API key is empty; put the key in it")
            }
            return key
        }
    }
}

/// When a call is tried again.
package struct RetryPolicy: Sendable, Equatable {
    /// The most times that one call is tried again.
    package var most = 2
    /// The upper end of the first pause; each further one doubles it.
    ///
    /// The pause is drawn from 0 up to that end.
    package var base: Duration = .milliseconds(200)
    /// The longest pause, also when the server asks for a longer one: then the call fails.
    package var longest: Duration = .seconds(10)
    /// How many retries a call earns for the client as a whole; a tenth keeps a struggling server from being asked
    /// much more often than before.
    package var earned = 0.1
    /// The retries a client begins with, and may save up.
    package var saved = 10.0

    /// The usual ones.
    package init() {}
}

/// How many calls at once, and when the server is left alone.
package struct GateOptions: Sendable, Equatable {
    /// Calls under way at once.
    package var concurrency = 4
    /// Calls that may wait for their turn; more are refused.
    package var queue = 16
    /// Failures in a row after which the breaker opens.
    package var failures = 5
    /// How long the breaker stays open before one call probes the server.
    package var probeInterval: Duration = .seconds(10)

    /// The usual ones.
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
