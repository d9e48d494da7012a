extension Setting {
    static let deciding: [Setting] = [
        Setting(
            "model", \.deciding.model,
            "The model's folder, or a registry, whose champion is followed; without it the starter model, in TRIAGE_HOME, here, or beside the program."
        ),
        Setting(
            "kb", \.deciding.kb,
            "The knowledge base's folder or file, or none; without it kb/ in the same places.",
            aliases: ["KB_PATH"]),
        Setting(
            "playbook", \.deciding.playbook,
            "The playbook; without it the knowledge base's playbook.yaml, or the shipped one where the knowledge base has none."
        ),
        Setting(
            "language", \.deciding.language,
            "The language identifier's folder, or none; without it models/language in the same places."),
        Setting(
            "shadow", \.deciding.shadow,
            "A second model that decides too, without effect on answers; only its disagreements are reported."
        ),
        Setting(
            "match-threshold", \.deciding.matchThreshold, in: 0...1,
            "An issue is known when its best article's score reaches this; without it the knowledge base's own cut. "
                + "Scores are probabilities here: the original's 0.6 was a cosine.",
            aliases: ["MATCH_THRESHOLD"]),
        Setting(
            "state", \.deciding.state,
            "The folder for what is derived and can be made again, such as a fit of the knowledge base; without it the "
                + "store's folder, and when stateless triage in the user's cache folder."),
        Setting(
            "signed-by", \.deciding.signedBy,
            "Files of public keys. Model, knowledge base, playbook and language identifier must be signed with one of them, at the "
                + "start and at each reload; without it unsigned ones are read too.",
            expected:
                "a list of files that triage sign keygen wrote, or of keys of 56 characters"),
    ]

    static let listening: [Setting] = [
        Setting("host", \.listening.host, "The address to bind.", accepts: { !$0.contains(" ") }),
        Setting(
            "port", \.listening.port, in: 0...65535, "The port; 0 takes a free one.", aliases: ["PORT"]),
        Setting(
            "names", \.listening.names,
            "Host names by which browsers reach the service, as helpdesk.example: list the name of a proxy in front. Pages "
                + "of these names, on any port, may use it. A service that listens on loopback without keys refuses requests by "
                + "other names than these and localhost, so that web pages cannot use the service by one.",
            expected: "a list of host names as helpdesk.example, without a scheme and without a port",
            accepts: { $0.allSatisfy { ServiceAddress.hostName($0) != nil } }
        ),
        Setting(
            "cors.origins", \.listening.corsOrigins,
            "Other sites whose pages may use the service and read its answers (CORS). Pages send a key in a header, if "
                + "one is needed; cookies and passwords that the browser keeps are not accepted.",
            expected:
                "a list of origins as https://desk.example or http://desk.example:8000, without a path and without *",
            accepts: { $0.allSatisfy { ServiceAddress.origin($0) != nil } }),
        Setting(
            "keys", \.listening.keys,
            "The file of API keys that triage keys writes; read again when it changes."),
        Setting(
            "tls.certificate", \.listening.certificate,
            "The certificate chain in PEM; read again when it changes. Without it plain HTTP."),
        Setting("tls.key", \.listening.certificateKey, "The certificate's private key in PEM."),
        Setting("tls.minimum", \.listening.minimumTLS, "The oldest TLS version that is accepted."),
        Setting(
            "insecure.no-keys", \.listening.insecureNoKeys,
            "Listen on an address that is not loopback although callers need no key."),
        Setting(
            "insecure.no-tls", \.listening.insecureNoTLS,
            "Listen on an address that is not loopback although keys and tickets cross the network in the clear; "
                + "for a service behind a proxy with TLS."),
        Setting(
            "trusted-proxies", \.listening.trustedProxies,
            "Addresses and networks whose X-Forwarded-For is believed, as 10.0.0.0/8."),
        Setting(
            "drain", \.listening.drain, in: .zero...Duration.seconds(3600),
            "How long requests under way may take to end after SIGTERM."),
    ]

    static let legacy: [Setting] = [
        Setting(
            "legacy.names", \.legacy.names,
            "Field names of a sister service for POST /triage, where the request has no parameter names; without it the "
                + "original's."),
        Setting(
            "legacy.status", \.legacy.status,
            "The value of status that GET / adds to its answer, such as ok; without it the answer has no status."
        ),
    ]
}
