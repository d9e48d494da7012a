internal import TriageData
internal import TriageModel
internal import TriageVectors

/// What is wrong between settings that are each well formed.
package struct SettingsCheck: Sendable {
    /// What is wrong; the service does not start with it.
    package private(set) var problems: [SettingsProblem] = []
    /// What is odd, and allowed.
    package private(set) var notes: [String] = []

    /// Looks at all of them.
    package init(_ settings: ServiceSettings) {
        checkListening(settings.listening)
        checkFiles(settings)
        checkSigningIn(settings)
        checkKeys(settings.deciding.signedBy)
        checkModel(settings.llm)
        checkDeciding(settings)
        checkSearch(settings.search)
        if let conflict = settings.legacy.names.conflict {
            complain("legacy.names: \(conflict)")
        }
        if settings.limits.redis == nil, settings.limits.redisCA != nil {
            notes.append("redis.ca is set and redis.url is not: limits are counted in this process alone")
        }
        if settings.store.isStateless, settings.store.folder != ServiceSettings.Store().folder {
            notes.append(
                "store is set and stateless is too: nothing is kept, and that store is neither read nor written"
            )
        }
        noteUnsent(settings.telemetry)
    }

    private mutating func noteUnsent(_ telemetry: ServiceSettings.Telemetry) {
        if telemetry.otlpEndpoint == nil {
            let set = [
                ("otlp.headers", "spans", telemetry.otlpHeaders != nil),
                ("otlp.metrics", "metrics", telemetry.sendsMetrics.isOn),
                ("otlp.logs", "log lines", telemetry.sendsLogs.isOn),
            ]
            for (key, what, isSet) in set where isSet {
                notes.append("\(key) is set and otlp.endpoint is not: no \(what) are sent")
            }
        }
        if telemetry.googleCloudProject != nil, telemetry.logFormat != .gcp {
            notes.append("log.gcp-project is set and log.format is not gcp: the project is in no line")
        }
    }

    private mutating func checkListening(_ listening: ServiceSettings.Listening) {
        if (listening.certificate == nil) != (listening.certificateKey == nil) {
            complain("tls.certificate and tls.key go together; set both or neither")
        }
        guard !ServiceAddress.isLoopback(listening.host) else { return }
        if listening.keys == nil, !listening.insecureNoKeys {
            complain(
                "host \(listening.host) is not loopback and there are no keys: every caller who reaches it could use it. Make a "
                    + "key (triage keys create) and set keys, or set insecure.no-keys")
        }
        if listening.certificate == nil, !listening.insecureNoTLS {
            complain(
                "host \(listening.host) is not loopback and there is no TLS: keys and tickets would cross the network in "
                    + "the clear. Set tls.certificate and tls.key, or set insecure.no-tls behind a proxy with TLS"
            )
        }
    }

    private mutating func checkFiles(_ settings: ServiceSettings) {
        let files = [
            ("keys", settings.listening.keys), ("tls.certificate", settings.listening.certificate),
            ("tls.key", settings.listening.certificateKey), ("redis.ca", settings.limits.redisCA),
            ("otlp.ca", settings.telemetry.otlpCA), ("llm.ca", settings.llm.ca),
            ("search.ca", settings.search.ca),
            ("oidc.ca", settings.signingIn.certificateAuthorities),
            ("llm.prices", settings.llm.prices),
        ]
        for (key, path) in files {
            guard let path else { continue }
            guard Quoting.isPath(path) else {
                complain("\(key): is the content of a file; give the file's path")
                continue
            }
            do throws(DataError) { _ = try FileInput.bytes(of: path, limit: 0) } catch {
                complain("\(key): \(error.safeDescription)")
            }
        }
    }

    private mutating func checkSigningIn(_ settings: ServiceSettings) {
        let signingIn = settings.signingIn
        guard let issuer = signingIn.issuer else {
            if signingIn.clientID != nil || signingIn.clientSecret != nil || !signingIn.roles.isEmpty {
                notes.append("settings of oidc are there and oidc.issuer is not: people sign in with keys")
            }
            return
        }
        if signingIn.clientID == nil {
            complain("oidc.issuer is set and oidc.client-id is not: name the client that the provider knows")
        }
        if settings.listening.keys == nil {
            complain(
                "oidc.issuer is set and keys is not: programs could use the service without a key. Make a key (triage keys "
                    + "create) and set keys")
        }
        let address = ServiceAddress(issuer, schemes: ["http", "https"])
        if let address, address.scheme == "http", !ServiceAddress.isLoopback(address.host) {
            complain("oidc.issuer is not https: whoever is on the way could sign in as anybody. Use https")
        }
    }

    private mutating func checkKeys(_ names: [String]) {
        do throws(SignatureError) { _ = try TrustedKeys(names) } catch {
            complain("signed-by: \(error.safeDescription)")
        }
    }

    private mutating func checkModel(_ llm: ServiceSettings.LanguageModel) {
        guard llm.url != nil else {
            if llm.key != nil {
                notes.append("llm.key is set and llm.url is not: no language model is used")
            }
            return
        }
        if llm.model == nil { complain("llm.url is set and llm.model is not: name the model") }
        if llm.dailyBudget != nil || llm.monthlyBudget != nil, llm.prices == nil, llm.price == nil {
            complain("a budget needs prices: set llm.price or llm.prices, or remove the budget")
        }
    }

    private mutating func checkSearch(_ search: ServiceSettings.Search) {
        guard let url = search.url else {
            if search.password != nil {
                notes.append("search.password is set and search.url is not: articles are searched on this machine")
            }
            return
        }
        guard let address = ServiceAddress(url, schemes: SearchDatabaseOptions.schemes),
            !ServiceAddress.isLoopback(address.host)
        else { return }
        if search.tls == .off && address.scheme.hasPrefix("postgres") || address.scheme.hasSuffix("+http") {
            notes.append(
                "search.url is another machine and is used without TLS: articles, and vectors of tickets, cross the network "
                    + "in the clear")
        }
    }

    private mutating func checkDeciding(_ settings: ServiceSettings) {
        let llm = settings.llm
        guard !llm.fields.isEmpty else {
            if llm.below != nil {
                complain(
                    "llm.below is set and llm.fields is not: name the fields in which the model may choose, as "
                        + "category,severity, or take llm.below away")
            }
            return
        }
        if llm.url == nil {
            complain(
                "llm.fields is set and llm.url is not: name the server (llm.url) and the model (llm.model), or take "
                    + "llm.fields away")
        }
        if llm.decisionTimeout >= settings.limits.requestTimeout {
            complain(
                "llm.decision-timeout is not below limits.request-timeout: a request would end before the engine's "
                    + "decision; lower the former or raise the latter")
        }
    }

    private mutating func complain(_ problem: String) {
        problems.append(SettingsProblem(origin: nil, problem: problem))
    }
}
