internal import Configuration
internal import TriageData
package import TriageLLM
internal import TriageVectors

/// Every setting of the service, typed, with its default.
///
/// `Setting.all` has the names and the meaning of each.
package struct ServiceSettings: Sendable {
    package var deciding = Deciding()
    package var listening = Listening()
    package var signingIn = SigningIn()
    package var legacy = Legacy()
    package var store = Store()
    package var queue = Queue()
    package var limits = Limits()
    package var telemetry = Telemetry()
    package var llm = LanguageModel()
    package var secrets = Secrets()
    package var search = Search()

    package init() {}

    /// Secrets that commands print.
    package struct Secrets: Sendable {
        /// How long a value counts as new.
        package var refresh = SecretCommand.Limits().refresh
    }

    /// A vector database with the knowledge base.
    package struct Search: Sendable {
        package var url: String?
        /// The password of PostgreSQL's user, or another server's key.
        package var password: Secret?
        package var tls: TLS?
        /// A PEM file of authorities to trust instead of the system's.
        package var ca: String?
        package var timeout = Search.defaults.timeout
        package var connections = Search.defaults.connections

        private static let defaults = SearchDatabaseOptions(url: "")

        package init() {}
    }

    /// Whether PostgreSQL must prove with a certificate who it is.
    package enum TLS: String, SettingType, CaseIterable {
        case verify, off
    }

    /// What decides: paths, each of which may be "none" where a part can be missing; nil looks in the usual places.
    package struct Deciding: Sendable {
        package var model: String?
        package var kb: String?
        package var playbook: String?
        package var language: String?
        package var shadow: String?
        /// An issue is known from this score on; nil leaves the cut to the KB's calibration.
        package var matchThreshold: Double?
        /// The folder of what is derived and can be made again; nil for the usual place.
        package var state: String?
        /// The public keys with which everything that decides must be signed; none requires no signature.
        package var signedBy: [String] = []
    }

    /// Where the service listens and who may ask.
    package struct Listening: Sendable {
        package var host = "127.0.0.1"
        package var port = 8080
        package var names: [String] = []
        package var corsOrigins: [String] = []
        package var keys: String?
        /// The certificate chain, a PEM file.
        package var certificate: String?
        /// Its private key, a PEM file.
        package var certificateKey: String?
        package var minimumTLS = TLSVersion.v12
        package var insecureNoKeys = false
        package var insecureNoTLS = false
        package var trustedProxies: [String] = []
        package var drain = Duration.seconds(25)
    }

    /// Where people sign in to the pages with OpenID Connect.
    package struct SigningIn: Sendable {
        package var issuer: String?
        package var clientID: String?
        package var clientSecret: Secret?
        package var scopes = ["openid", "profile"]
        /// The claim with a person's roles or groups.
        package var roleClaim = "roles"
        /// Which of its values give which role, as VALUE=ROLE.
        package var roles: [String] = []
        /// Where browsers reach the service.
        package var address: String?
        /// Hosts beside the issuer's that may be called.
        package var hosts: [String] = []
        /// What the provider's certificate is checked against, a PEM file.
        package var certificateAuthorities: String?
    }

    /// The oldest TLS version that is accepted.
    package enum TLSVersion: String, SettingType, CaseIterable {
        case v12 = "1.2"
        case v13 = "1.3"
    }

    /// How the service answers clients of the agent that it replaces.
    package struct Legacy: Sendable {
        package var names: LegacyNames = []
        /// The value of `status` in the answer of `GET /`; nil leaves `status` out.
        package var status: String?

        package init() {}
    }

    /// What the service keeps on disk.
    package struct Store: Sendable {
        package var isStateless = false
        package var folder = "store"
        package var textRetention = TextRetention.days(30)
        package var rememberedCorrections = 1_000
        /// The share of tickets that people label without seeing the model's answer.
        package var blindSample = 0.0
        package var ledgerInterval = Duration.seconds(300)
    }

    /// How long masked text is kept.
    package enum TextRetention: Sendable, Equatable {
        case days(Int)
        case forever
    }

    /// Tickets that wait to be decided.
    package struct Queue: Sendable {
        package var capacity = 10_000
        package var lease = Duration.seconds(60)
        package var attempts = 5
        package var workers = 32
    }

    /// What callers may ask of the service.
    package struct Limits: Sendable {
        package var ratePerKey = 100.0
        package var ratePerAddress = 20.0
        package var bytesPerKey = ByteCount(32 << 20)
        package var bytesPerAddress = ByteCount(8 << 20)
        package var burst = Duration.seconds(2)
        package var body = ByteCount(1 << 20)
        package var header = ByteCount(16 << 10)
        package var headerTimeout = Duration.seconds(10)
        package var idleTimeout = Duration.seconds(60)
        package var requestTimeout = Duration.seconds(30)
        package var minimumRate = ByteCount(1 << 10)
        package var connections = 4096
        package var redis: Secret?
        /// What Redis's certificate is checked against, a PEM file.
        package var redisCA: String?
    }

    /// What the service tells of itself.
    package struct Telemetry: Sendable {
        package var logLevel = LogLevel.info
        package var logFormat = LogFormat.json
        package var servesMetrics = true
        package var isDisabled = false
        package var serviceName = "ticket-triage"
        /// The Google Cloud project that keeps the traces of log lines; nil where it is not known.
        package var googleCloudProject: String?
        /// Where spans, metrics and log events go, without /v1/traces; nil sends none.
        package var otlpEndpoint: String?
        package var sendsSpans = ExportSwitch(isOn: true)
        package var sendsMetrics = ExportSwitch(isOn: false)
        package var sendsLogs = ExportSwitch(isOn: false)
        package var metricInterval = Duration.seconds(60)
        package var otlpHeaders: Secret?
        /// What the collector's certificate is checked against, a PEM file.
        package var otlpCA: String?
        package var sampleRatio = 1.0

        /// What may be sent to a collector.
        package enum Signal: String, CaseIterable, Sendable {
            case spans
            case metrics
            case logs = "log lines"
        }

        /// What these settings send to the collector, if there is one.
        package var sent: [Signal] {
            guard !isDisabled else { return [] }
            let switches = [Signal.spans: sendsSpans, .metrics: sendsMetrics, .logs: sendsLogs]
            return Signal.allCases.filter { switches[$0]?.isOn == true }
        }
    }

    /// Whether a signal is sent to the collector.
    ///
    /// OpenTelemetry's variables name exporters instead: `otlp` sends, and those that this service does not have, as
    /// `prometheus`, do not.
    package struct ExportSwitch: SettingType, Equatable {
        package var isOn: Bool
        static let expected = "true or false, or as OpenTelemetry's variables have it otlp or none"
        static let configType = String.configType
        private static let others: Set = ["none", "console", "logging", "prometheus", "zipkin", "jaeger"]

        package init(isOn: Bool) { self.isOn = isOn }

        init?(content: ConfigContent) {
            let words = (String(content: content) ?? "").lowercased().split(separator: ",").map(\.trimmed)
            guard !words.isEmpty else { return nil }
            if words.contains("otlp") || words == ["true"] {
                isOn = true
            } else if words == ["false"] || words.allSatisfy(Self.others.contains) {
                isOn = false
            } else {
                return nil
            }
        }

        var written: String? { isOn.written }
    }

    /// From which level on the log is written.
    package enum LogLevel: String, SettingType, CaseIterable {
        case trace, debug, info, notice, warning, error, critical
    }

    /// How log lines are written.
    package enum LogFormat: String, SettingType, CaseIterable {
        case json, text, gcp, ecs
    }

    /// A language model's server, and what the model does; defaults are those of `LLMOptions` and `LLMDecider.Options`.
    package struct LanguageModel: Sendable {
        package var url: String?
        package var model: String?
        package var key: Secret?
        package var hosts: [String] = []
        /// A PEM file of authorities to trust instead of the system's.
        package var ca: String?
        package var timeout = LanguageModel.defaults.deadline
        package var retries = LanguageModel.defaults.retries.maximumRetries
        package var concurrency = LanguageModel.defaults.gate.concurrency
        package var cache = LanguageModel.defaults.cacheLifetime
        package var price: PriceTable.Price?
        package var prices: String?
        /// The most that a day's calls may cost; nil for no limit.
        package var dailyBudget: Double?
        /// The most that a month's calls may cost; nil for no limit.
        package var monthlyBudget: Double?
        /// Where spending is kept over restarts; nil for the store's folder, or for memory without a store.
        package var budgetFile: String?
        package var fields: [String] = []
        /// Only where the engine's probability is below this; nil for every ticket.
        package var below: Double?
        package var decisionTimeout = LLMDecider.Options().deadline ?? LanguageModel.defaults.deadline

        private static let defaults = LLMOptions(url: "", model: "")

        package init() {}
    }
}
