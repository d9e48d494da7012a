/// Every setting of the service, typed, with its default.
///
/// `Setting.all` says how each is called and what it means.
public struct ServiceSettings: Sendable {
    /// What decides.
    public var deciding = Deciding()
    /// Where the service listens.
    public var listening = Listening()
    /// How it answers clients of the agent that it replaces.
    public var legacy = Legacy()
    /// What it keeps.
    public var store = Store()
    /// Tickets that wait to be decided.
    public var queue = Queue()
    /// What callers may ask of it.
    public var limits = Limits()
    /// What it tells of itself.
    public var telemetry = Telemetry()
    /// A language model.
    public var llm = LanguageModel()

    /// The defaults.
    public init() {}

    /// What decides: paths, each of which may be "none" where a part can be missing; nil looks in the usual places.
    public struct Deciding: Sendable {
        /// The bundle's folder.
        public var model: String?
        /// The KB's folder or file, or "none".
        public var kb: String?
        /// The playbook's file.
        public var playbook: String?
        /// The language identifier's folder, or "none".
        public var language: String?
        /// A second bundle that decides beside the first one, for comparison.
        public var shadow: String?
        /// An issue is known from this score on; nil leaves the cut to the KB's calibration.
        public var matchThreshold: Double?
        /// The folder of what is derived and can be made again; nil for the usual place.
        public var state: String?
    }

    /// Where the service listens and who may ask.
    public struct Listening: Sendable {
        /// The address to bind.
        public var host = "127.0.0.1"
        /// The port; 0 takes a free one.
        public var port = 8080
        /// Names by which browsers reach the service, beside those of loopback.
        public var names: [String] = []
        /// Origins of other sites whose pages may use the service.
        public var corsOrigins: [String] = []
        /// The file of API keys.
        public var keys: String?
        /// The certificate chain, a PEM file.
        public var certificate: String?
        /// Its private key, a PEM file.
        public var certificateKey: String?
        /// The oldest TLS version that is spoken.
        public var minimumTLS = TLSVersion.v12
        /// Serve an address that is not loopback although there are no keys.
        public var insecureNoKeys = false
        /// Serve an address that is not loopback although there is no TLS.
        public var insecureNoTLS = false
        /// Addresses whose word for a caller's address is believed.
        public var trustedProxies: [String] = []
        /// How long requests under way may take to end at a stop.
        public var drain = Duration.seconds(25)
    }

    /// The oldest TLS version that is spoken.
    public enum TLSVersion: String, SettingType, CaseIterable {
        case v12 = "1.2"
        case v13 = "1.3"
    }

    /// How the service answers clients of the agent that it replaces.
    public struct Legacy: Sendable {
        /// Names of sister services that `POST /triage` uses where a request gives none.
        public var names: LegacyNames = []
        /// The value of `status` in the answer of `GET /`; nil leaves `status` out.
        public var status: String?

        /// The original agent's answers.
        public init() {}
    }

    /// What the service keeps on disk.
    public struct Store: Sendable {
        /// Keep nothing.
        public var isStateless = false
        /// The store's folder.
        public var folder = "store"
        /// How long masked text is kept.
        public var textRetention = TextRetention.days(30)
        /// The time between two signed heads of the ledger in the log.
        public var ledgerInterval = Duration.seconds(300)
    }

    /// How long masked text is kept.
    public enum TextRetention: Sendable, Equatable {
        /// So many days; 0 keeps none at all.
        case days(Int)
        case forever
    }

    /// Tickets that wait to be decided.
    public struct Queue: Sendable {
        /// Tickets that may wait.
        public var capacity = 10_000
        /// The time a worker may take over one.
        public var lease = Duration.seconds(60)
        /// Tries before a ticket is a dead letter.
        public var attempts = 5
        /// Tickets decided at a time.
        public var workers = 32
    }

    /// What callers may ask of the service.
    public struct Limits: Sendable {
        /// Requests a second of one key; 0 for no limit.
        public var ratePerKey = 100.0
        /// Requests a second of one address without a key; 0 for no limit.
        public var ratePerAddress = 20.0
        /// Bytes of bodies a second of one key; 0 for no limit.
        public var bytesPerKey = ByteCount(32 << 20)
        /// Bytes of bodies a second of one address without a key; 0 for no limit.
        public var bytesPerAddress = ByteCount(8 << 20)
        /// What may come at once, as seconds of the rate.
        public var burst = Duration.seconds(2)
        /// The largest body that is read whole.
        public var body = ByteCount(1 << 20)
        /// The most that a request's head may take.
        public var header = ByteCount(16 << 10)
        /// The time in which a request's head must come in.
        public var headerTimeout = Duration.seconds(10)
        /// The time a connection may rest.
        public var idleTimeout = Duration.seconds(60)
        /// The time a request may take, batches aside.
        public var requestTimeout = Duration.seconds(30)
        /// Bytes a second below which a sender is cut off.
        public var minimumRate = ByteCount(1 << 10)
        /// Connections that may be open.
        public var connections = 4096
        /// Where limits of several processes are counted together.
        public var redis: Secret?
        /// What Redis's certificate is checked against, a PEM file.
        public var redisCA: String?
    }

    /// What the service tells of itself.
    public struct Telemetry: Sendable {
        /// From which level on the log is written.
        public var logLevel = LogLevel.info
        /// How log lines are written.
        public var logFormat = LogFormat.json
        /// Whether /metrics answers.
        public var servesMetrics = true
        /// Whether spans are never sent.
        public var isDisabled = false
        /// What spans call this service.
        public var serviceName = "ticket-triage"
        /// Where spans go, without /v1/traces; nil sends none.
        public var otlpEndpoint: String?
        /// Headers that go with them, as name=value,name=value.
        public var otlpHeaders: Secret?
        /// What the collector's certificate is checked against, a PEM file.
        public var otlpCA: String?
        /// The share of traces without a parent that are sampled, 0 … 1.
        public var sampleRatio = 1.0
    }

    /// From which level on the log is written.
    public enum LogLevel: String, SettingType, CaseIterable {
        case trace, debug, info, notice, warning, error, critical
    }

    /// How log lines are written.
    public enum LogFormat: String, SettingType, CaseIterable {
        case json, text
    }

    /// A language model that speaks the chat-completions protocol.
    public struct LanguageModel: Sendable {
        /// Where it is; without it nothing is ever dialled.
        public var url: String?
        /// The model asked for.
        public var model: String?
        /// The key sent there.
        public var key: Secret?
        /// Hosts that may be dialled; empty for loopback and private ones alone.
        public var hosts: [String] = []
        /// What its certificate is checked against, a PEM file.
        public var ca: String?
        /// The time one answer may take, retries and all.
        public var timeout = Duration.seconds(60)
        /// Tries after the first, on passing faults.
        public var retries = 2
        /// Calls under way at a time.
        public var concurrency = 2
        /// How long an answer is remembered; 0 for not at all.
        public var cache = Duration.seconds(300)
        /// The table of prices, a JSON file.
        public var prices: String?
        /// The most a day's calls may cost, in the price table's currency; nil for no limit.
        public var dailyBudget: Double?
        /// The most a month's calls may cost; nil for no limit.
        public var monthlyBudget: Double?
        /// The fields in which it chooses the label; empty for none: then it writes drafts alone.
        public var fields: [String] = []
        /// Only where the engine's probability is below this; nil for every ticket.
        public var below: Double?
        /// The time for one decision; then the engine's stands.
        public var decisionTimeout = Duration.seconds(10)
    }
}
