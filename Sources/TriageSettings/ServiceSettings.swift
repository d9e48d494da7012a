package import TriageLLM

/// Every setting of the service, typed, with its default.
///
/// `Setting.all` says how each is called and what it means.
package struct ServiceSettings: Sendable {
    /// What decides.
    package var deciding = Deciding()
    /// Where the service listens.
    package var listening = Listening()
    /// How it answers clients of the agent that it replaces.
    package var legacy = Legacy()
    /// What it keeps.
    package var store = Store()
    /// Tickets that wait to be decided.
    package var queue = Queue()
    /// What callers may ask of it.
    package var limits = Limits()
    /// What it tells of itself.
    package var telemetry = Telemetry()
    /// A language model.
    package var llm = LanguageModel()

    /// The defaults.
    package init() {}

    /// What decides: paths, each of which may be "none" where a part can be missing; nil looks in the usual places.
    package struct Deciding: Sendable {
        /// The bundle's folder.
        package var model: String?
        /// The KB's folder or file, or "none".
        package var kb: String?
        /// The playbook's file.
        package var playbook: String?
        /// The language identifier's folder, or "none".
        package var language: String?
        /// A second bundle that decides beside the first one, for comparison.
        package var shadow: String?
        /// An issue is known from this score on; nil leaves the cut to the KB's calibration.
        package var matchThreshold: Double?
        /// The folder of what is derived and can be made again; nil for the usual place.
        package var state: String?
    }

    /// Where the service listens and who may ask.
    package struct Listening: Sendable {
        /// The address to bind.
        package var host = "127.0.0.1"
        /// The port; 0 takes a free one.
        package var port = 8080
        /// Names by which browsers reach the service, beside those of loopback.
        package var names: [String] = []
        /// Origins of other sites whose pages may use the service.
        package var corsOrigins: [String] = []
        /// The file of API keys.
        package var keys: String?
        /// The certificate chain, a PEM file.
        package var certificate: String?
        /// Its private key, a PEM file.
        package var certificateKey: String?
        /// The oldest TLS version that is spoken.
        package var minimumTLS = TLSVersion.v12
        /// Serve an address that is not loopback although there are no keys.
        package var insecureNoKeys = false
        /// Serve an address that is not loopback although there is no TLS.
        package var insecureNoTLS = false
        /// Addresses whose word for a caller's address is believed.
        package var trustedProxies: [String] = []
        /// How long requests under way may take to end at a stop.
        package var drain = Duration.seconds(25)
    }

    /// The oldest TLS version that is spoken.
    package enum TLSVersion: String, SettingType, CaseIterable {
        case v12 = "1.2"
        case v13 = "1.3"
    }

    /// How the service answers clients of the agent that it replaces.
    package struct Legacy: Sendable {
        /// Names of sister services that `POST /triage` uses where a request gives none.
        package var names: LegacyNames = []
        /// The value of `status` in the answer of `GET /`; nil leaves `status` out.
        package var status: String?

        /// The original agent's answers.
        package init() {}
    }

    /// What the service keeps on disk.
    package struct Store: Sendable {
        /// Keep nothing.
        package var isStateless = false
        /// The store's folder.
        package var folder = "store"
        /// How long masked text is kept.
        package var textRetention = TextRetention.days(30)
        /// The time between two signed heads of the ledger in the log.
        package var ledgerInterval = Duration.seconds(300)
    }

    /// How long masked text is kept.
    package enum TextRetention: Sendable, Equatable {
        /// So many days; 0 keeps none at all.
        case days(Int)
        case forever
    }

    /// Tickets that wait to be decided.
    package struct Queue: Sendable {
        /// Tickets that may wait.
        package var capacity = 10_000
        /// The time a worker may take over one.
        package var lease = Duration.seconds(60)
        /// Tries before a ticket is a dead letter.
        package var attempts = 5
        /// Tickets decided at a time.
        package var workers = 32
    }

    /// What callers may ask of the service.
    package struct Limits: Sendable {
        /// Requests a second of one key; 0 for no limit.
        package var ratePerKey = 100.0
        /// Requests a second of one address without a key; 0 for no limit.
        package var ratePerAddress = 20.0
        /// Bytes of bodies a second of one key; 0 for no limit.
        package var bytesPerKey = ByteCount(32 << 20)
        /// Bytes of bodies a second of one address without a key; 0 for no limit.
        package var bytesPerAddress = ByteCount(8 << 20)
        /// What may come at once, as seconds of the rate.
        package var burst = Duration.seconds(2)
        /// The largest body that is read whole.
        package var body = ByteCount(1 << 20)
        /// The most that a request's head may take.
        package var header = ByteCount(16 << 10)
        /// The time in which a request's head must come in.
        package var headerTimeout = Duration.seconds(10)
        /// The time a connection may rest.
        package var idleTimeout = Duration.seconds(60)
        /// The time a request may take, batches aside.
        package var requestTimeout = Duration.seconds(30)
        /// Bytes a second below which a sender is cut off.
        package var minimumRate = ByteCount(1 << 10)
        /// Connections that may be open.
        package var connections = 4096
        /// Where limits of several processes are counted together.
        package var redis: Secret?
        /// What Redis's certificate is checked against, a PEM file.
        package var redisCA: String?
    }

    /// What the service tells of itself.
    package struct Telemetry: Sendable {
        /// From which level on the log is written.
        package var logLevel = LogLevel.info
        /// How log lines are written.
        package var logFormat = LogFormat.json
        /// Whether /metrics answers.
        package var servesMetrics = true
        /// Whether spans are never sent.
        package var isDisabled = false
        /// What spans call this service.
        package var serviceName = "ticket-triage"
        /// Where spans go, without /v1/traces; nil sends none.
        package var otlpEndpoint: String?
        /// Headers that go with them, as name=value,name=value.
        package var otlpHeaders: Secret?
        /// What the collector's certificate is checked against, a PEM file.
        package var otlpCA: String?
        /// The share of traces without a parent that are sampled, 0 … 1.
        package var sampleRatio = 1.0
    }

    /// From which level on the log is written.
    package enum LogLevel: String, SettingType, CaseIterable {
        case trace, debug, info, notice, warning, error, critical
    }

    /// How log lines are written.
    package enum LogFormat: String, SettingType, CaseIterable {
        case json, text
    }

    /// A language model's server, and what the model does; defaults are those of `LLMOptions` and `LLMDecider.Options`.
    package struct LanguageModel: Sendable {
        /// Without an address no connection is opened.
        package var url: String?
        package var model: String?
        package var key: Secret?
        /// Hosts that may be called besides loopback and private ones.
        package var hosts: [String] = []
        /// A PEM file of authorities to trust instead of the system's.
        package var ca: String?
        package var timeout = LanguageModel.defaults.deadline
        package var retries = LanguageModel.defaults.retries.maximumRetries
        package var concurrency = LanguageModel.defaults.gate.concurrency
        /// How long a reply is cached; 0 for not at all.
        package var cache = LanguageModel.defaults.cacheLifetime
        /// The price of this model's tokens, before the table's.
        package var price: PriceTable.Price?
        /// The table of prices, a JSON file.
        package var prices: String?
        /// The most that a day's calls may cost; nil for no limit.
        package var dailyBudget: Double?
        /// The most that a month's calls may cost; nil for no limit.
        package var monthlyBudget: Double?
        /// Where spending is kept over restarts; nil for the store's folder, or for memory without a store.
        package var budgetFile: String?
        /// The fields in which it chooses the label; empty for none: then it writes drafts alone.
        package var fields: [String] = []
        /// Only where the engine's probability is below this; nil for every ticket.
        package var below: Double?
        /// The time for one decision; then the engine's decision is returned.
        package var decisionTimeout = LLMDecider.Options().deadline ?? defaults.deadline

        private static let defaults = LLMOptions(url: "", model: "")

        package init() {}
    }
}
