internal import Configuration

extension Setting {
    static let store: [Setting] = [
        Setting(
            "stateless", \.store.isStateless,
            "Keep nothing: no store, no queue, no feedback; run as many of these as you like."),
        Setting(
            "store", \.store.folder,
            "The store's folder, on a local disk; one process writes it at a time."),
        Setting(
            "text-days", \.store.textRetention,
            "Days for which masked text is kept: 0 keeps none, forever keeps all."),
        Setting(
            "remember", \.store.rememberedCorrections, in: 0...10_000,
            "Corrected tickets that decisions remember until the next training; 0 for none."),
        Setting(
            "blind-sample", \.store.blindSample, in: 0...0.2,
            "Share of the tickets with an automatic answer that a person labels without seeing it, 0.02 to 0.05 to know how "
                + "often these answers are right; 0 for none."),
        Setting(
            "ledger-interval", \.store.ledgerInterval,
            in: .seconds(1)...Duration.seconds(86_400),
            "How often the ledger's signed head is written to the log."),
    ]

    static let queue: [Setting] = [
        Setting(
            "queue.capacity", \.queue.capacity, in: 1...10_000_000,
            "Tickets that may wait; further ones get 503 with Retry-After."),
        Setting(
            "queue.lease", \.queue.lease, in: .seconds(1)...Duration.seconds(86_400),
            "How long a worker may take over a ticket before another one gets it."),
        Setting(
            "queue.attempts", \.queue.attempts, in: 1...100, "Tries before a ticket is a dead letter."),
        Setting(
            "queue.workers", \.queue.workers, in: 0...256,
            "Tickets of the queue decided at a time; 0 only takes them in."),
    ]

    static let limits: [Setting] =
        [
            Setting(
                "limits.rate-per-key", \.limits.ratePerKey, in: 0...1e6,
                "Requests a second that each key may make; 0 for any number. A batch is one."),
            Setting(
                "limits.rate-per-address", \.limits.ratePerAddress, in: 0...1e6,
                "Requests a second that each address may make without a key; 0 for any number. A batch is one."
            ),
            Setting(
                "limits.bytes-per-key", \.limits.bytesPerKey, in: ByteCount(0)...ByteCount(1 << 40),
                "Bytes of bodies a second that each key may send; 0 for any number. A batch beyond it is read more slowly, "
                    + "another request gets 429, or 413 where its body is more than this × burst."),
            Setting(
                "limits.bytes-per-address", \.limits.bytesPerAddress, in: ByteCount(0)...ByteCount(1 << 40),
                "Bytes of bodies a second that each address may send without a key; 0 for any number."),
            Setting(
                "limits.burst", \.limits.burst, in: .milliseconds(1)...Duration.seconds(3600),
                "How much of its rate a caller may spend at once."),
            Setting(
                "limits.body", \.limits.body, in: ByteCount(1 << 10)...ByteCount(1 << 30),
                "The largest body that is read whole, and the largest line of a batch."),
            Setting(
                "limits.header", \.limits.header, in: ByteCount(1 << 10)...ByteCount(1 << 20),
                "The most that a request's head may take."),
            Setting(
                "limits.header-timeout", \.limits.headerTimeout,
                in: .milliseconds(1)...Duration.seconds(3600),
                "How long a request's head may take to come in."),
            Setting(
                "limits.idle-timeout", \.limits.idleTimeout, in: .milliseconds(1)...Duration.seconds(86_400),
                "How long a connection may rest."),
            Setting(
                "limits.request-timeout", \.limits.requestTimeout,
                in: .milliseconds(1)...Duration.seconds(86_400),
                "How long a request may take, batches aside."),
            Setting(
                "limits.minimum-rate", \.limits.minimumRate, in: ByteCount(0)...ByteCount(1 << 30),
                "Bytes a second below which a sender is cut off; 0 for any patience."),
            Setting(
                "limits.connections", \.limits.connections, in: 1...1_000_000,
                "Connections that may be open; further ones get 503."),
        ]
        + secret(
            "redis.url", \.limits.redis,
            "A Redis that several processes share, for limits and a language model's answers: redis://, or rediss:// for "
                + "TLS.",
            aliases: ["REDIS_URL"], schemes: ["redis", "rediss"])
        + [
            Setting(
                "redis.ca", \.limits.redisCA,
                "The certificates in PEM that Redis's is checked against; without it the system's.")
        ]
}

extension ServiceSettings.TextRetention: SettingType {
    static let expected = "a number of days from 0 to 36500, or forever"
    static let configType = String.configType

    init?(content: ConfigContent) {
        guard let text = String(content: content) else { return nil }
        if text == "forever" {
            self = .forever
        } else if let days = Int(text), (0...36_500).contains(days) {
            self = .days(days)
        } else {
            return nil
        }
    }

    var written: String? {
        switch self {
        case .days(let days): String(days)
        case .forever: "forever"
        }
    }
}
