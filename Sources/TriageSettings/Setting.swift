internal import Configuration
internal import TriageData

/// One row of the settings' table: how a setting is called in each source, what it is, and what it means.
package struct Setting: Sendable {
    /// The name in the YAML file: parts are joined by dots, and each but the last is a mapping.
    package let key: String
    /// What it does, in one line.
    package let meaning: String
    package let expected: String
    /// The default as it may be written; nil when there is none.
    package let defaultValue: String?
    /// Other environment variables that mean the same, first one first.
    package let aliases: [String]
    /// Earlier names of the flag, which still work.
    package private(set) var flagAliases: [String] = []
    /// One or two words for a value in a command's help.
    package private(set) var valueName = "value"
    /// Whether its value is never shown.
    package let isSecret: Bool
    /// The key of the setting whose value this one gives: another one's when this names a file to read it from.
    package let slot: String
    package let isTruth: Bool
    /// Whether a value is a list, so that its flag may be repeated.
    var isList: Bool { configType == .stringArray }

    /// Settings without which more is allowed: an empty line may have lost its value.
    static let guards: Set<String> = ["keys", "signed-by"]
    let configType: ConfigType
    let apply: @Sendable (ConfigContent, inout ServiceSettings) throws(SettingError) -> Void
    let show: @Sendable (ServiceSettings) -> String?
    /// The secret that is in force in its slot; nil for other settings.
    private(set) var secret: @Sendable (ServiceSettings) -> Secret? = { _ in nil }
    /// What a secret's text must be; nil when it may be any.
    private(set) var accepts: (@Sendable (String) -> Bool)?
    /// Whether its value is a command that is run.
    private(set) var isCommand = false

    package var variable: String { (["triage"] + components).joined(separator: "_").asVariable }

    /// The flag of `triage serve`; none for a secret, since a command line is no secret.
    package var flag: String? { isSecret ? nil : key.asFlag }

    /// All its flags, the current one first.
    package var flags: [String] { flag.map { [$0] + flagAliases } ?? [] }

    var components: [String] { key.split(separator: ".").map(String.init) }

    /// All its environment variables, the one that counts most first.
    var variables: [String] { [variable] + aliases }
}

extension String {
    fileprivate var asVariable: String { uppercased().replacing("-", with: "_") }

    /// A key as a flag.
    var asFlag: String { "--" + replacing(".", with: "-") }
}

/// Where a setting's value lies.
typealias SettingPath<Value> = any WritableKeyPath<ServiceSettings, Value> & Sendable

/// Why a value cannot be taken; follows the setting's name.
struct SettingError: Error {
    var problem: String
}

extension Setting {
    /// A setting of a type, with what more must hold of it.
    init<Value: SettingType>(
        _ key: String, _ path: SettingPath<Value>, _ meaning: String,
        aliases: [String] = [], flagAliases: [String] = [], expected: String = Value.expected,
        accepts: @escaping @Sendable (Value) -> Bool = { _ in true }
    ) {
        self.key = key
        self.meaning = meaning
        self.aliases = aliases
        self.flagAliases = flagAliases
        self.expected = expected
        valueName = Value.valueName
        slot = key
        isSecret = false
        isTruth = Value.self == Bool.self || Value.self == ServiceSettings.ExportSwitch.self
        defaultValue = ServiceSettings()[keyPath: path].written
        configType = Value.configType
        apply = { (content, settings) throws(SettingError) in
            guard let value = Value(content: content), accepts(value) else {
                throw SettingError(problem: "must be \(expected)")
            }
            settings[keyPath: path] = value
        }
        show = { $0[keyPath: path].written }
    }

    /// A setting whose values lie in a range.
    init<Value: SettingType & Comparable & Sendable>(
        _ key: String, _ path: SettingPath<Value>,
        in range: ClosedRange<Value>, _ meaning: String, aliases: [String] = [], flagAliases: [String] = []
    ) {
        self.init(
            key, path, meaning, aliases: aliases, flagAliases: flagAliases, expected: Setting.expected(range),
            accepts: { range.contains($0) })
    }

    /// A setting that may be missing, whose values lie in a range.
    init<Value: SettingType & Comparable & Sendable>(
        _ key: String, _ path: SettingPath<Value?>,
        in range: ClosedRange<Value>, _ meaning: String, aliases: [String] = [], flagAliases: [String] = []
    ) {
        self.init(
            key, path, meaning, aliases: aliases, flagAliases: flagAliases, expected: Setting.expected(range),
            accepts: { $0.map { range.contains($0) } ?? true })
    }

    private static func expected<Value: SettingType>(_ range: ClosedRange<Value>) -> String {
        "\(Value.expected), from \(range.lowerBound.written ?? "") to \(range.upperBound.written ?? "")"
    }

    private static func expected(_ schemes: [String]) -> String {
        "an address that begins with \(schemes.map { "\($0)://" }.joined(separator: " or "))"
    }

    /// An address with one of the schemes, such as "https".
    init(
        _ key: String, _ path: SettingPath<String?>,
        schemes: [String], _ meaning: String, aliases: [String] = []
    ) {
        self.init(
            key, path, meaning, aliases: aliases,
            expected: Setting.expected(schemes) + ", without user, password and query",
            accepts: {
                guard let text = $0 else { return true }
                return ServiceAddress(text, schemes: schemes).map { !$0.hasUser && !$0.hasQuery } ?? false
            })
    }

    /// Three settings: a secret's value, and in its place a file that holds it or a command that prints it.
    static func secret(
        _ key: String, _ path: SettingPath<Secret?>, _ meaning: String,
        aliases: [String] = [], schemes: [String] = []
    ) -> [Setting] {
        let expected = schemes.isEmpty ? "text" : Setting.expected(schemes)
        let accepts: @Sendable (String) -> Bool = {
            schemes.isEmpty || ServiceAddress($0, schemes: schemes) != nil
        }
        @Sendable func check(_ secret: Secret) throws(SettingError) {
            guard accepts(secret.current) else {
                throw SettingError(problem: "must be \(expected)")
            }
        }
        let secret: @Sendable (ServiceSettings) -> Secret? = { $0[keyPath: path] }
        let show: @Sendable (ServiceSettings) -> String? = { secret($0).map { "\($0)" } }
        return [
            Setting(
                key: key, meaning: meaning, expected: expected, defaultValue: nil, aliases: aliases,
                isSecret: true,
                slot: key, isTruth: false, configType: .string,
                apply: { (content, settings) throws(SettingError) in
                    guard let text = String(content: content) else {
                        throw SettingError(problem: "must be \(String.expected)")
                    }
                    let secret = Secret(text)
                    try check(secret)
                    settings[keyPath: path] = secret
                }, show: show, secret: secret, accepts: accepts),
            Setting(
                key: "\(key)-file", meaning: "A file that holds \(key); read again when it changes.",
                expected: "a file", defaultValue: nil, aliases: aliases.map { "\($0)_FILE" }, isSecret: false,
                slot: key, isTruth: false, configType: .string,
                apply: { (content, settings) throws(SettingError) in
                    guard let name = String(content: content) else {
                        throw SettingError(problem: "must be a file")
                    }
                    let secret: Secret
                    do throws(SecretError) { secret = try Secret(file: SecretFile(path: name)) } catch {
                        // What names no file may be the secret itself.
                        if case .data(.notFound) = error {
                            throw SettingError(
                                problem: "names no file; give the path of a file that holds the secret")
                        }
                        throw SettingError(problem: "cannot be used: \(error.safeDescription)")
                    }
                    try check(secret)
                    settings[keyPath: path] = secret
                }, show: show),
            command(key, path, aliases: aliases, show: show),
        ]
    }

    /// The command that prints a secret.
    ///
    /// Reading the setting finds the program and runs nothing.
    private static func command(
        _ key: String, _ path: SettingPath<Secret?>, aliases: [String],
        show: @escaping @Sendable (ServiceSettings) -> String?
    ) -> Setting {
        Setting(
            key: "\(key)-command",
            meaning:
                "A program and its arguments that print \(key) to standard output, as vault kv get -field=value "
                + "secret/triage; run without a shell, at the start and again every secrets.refresh.",
            expected: "a command", defaultValue: nil, aliases: aliases.map { "\($0)_COMMAND" },
            isSecret: false,
            slot: key, isTruth: false, configType: .string,
            apply: { (content, settings) throws(SettingError) in
                guard let text = String(content: content) else {
                    throw SettingError(problem: "must be a command")
                }
                do throws(SecretError) {
                    settings[keyPath: path] = Secret(command: try SecretCommand(text))
                } catch {
                    throw SettingError(problem: error.safeDescription)
                }
            }, show: show, isCommand: true)
    }
}
