extension Setting {
    /// Secrets that come from a secret store by a command.
    static let secrets: [Setting] = [
        Setting(
            "secrets.refresh", \.secrets.refresh, in: .seconds(1)...Duration.seconds(604_800),
            "How long a secret that a command printed counts as new; then the command is run again, beside the requests."
        )
    ]
}

extension ServiceSettings {
    /// Each secret in force, with the key of its setting.
    private var secretsInForce: [(key: String, secret: Secret)] {
        Setting.all.compactMap { setting in setting.secret(self).map { (setting.key, $0) } }
    }

    /// Gives each command its lifetime.
    func keepSecretsFresh() {
        for (_, secret) in secretsInForce { secret.command?.keepFresh(every: secrets.refresh) }
    }

    /// Reports the commands that fail while the service runs, by the setting's key; their last good value stays in force.
    package func reportFailingCommands(to report: @escaping @Sendable (_ key: String, SecretError) -> Void) {
        for (key, secret) in secretsInForce {
            secret.command?.keepFresh(every: secrets.refresh) { report(key, $0) }
        }
    }
}
