internal import Configuration
internal import TriageData

/// One source's values by setting, each with its place, converted by swift-configuration.
struct SettingLayer {
    /// One value as it stands in its source.
    struct Entry {
        var origin: SettingOrigin
        var value: String
    }

    private let snapshot: any ConfigSnapshot
    private let prefix: [String]
    private let entries: [String: Entry]

    /// A source whose values are text: flags, environment variables, a `.env` file; by key of the setting.
    init(texts entries: [String: Entry]) {
        self.entries = entries
        prefix = ["triage"]
        let variables = Setting.all.compactMap { setting in
            entries[setting.key].map { (setting.variable, $0.value) }
        }
        snapshot = EnvironmentVariablesProvider(
            environmentVariables: Dictionary(uniqueKeysWithValues: variables)
        ).snapshot()
    }

    /// A YAML file, whose values have types of their own.
    init(yaml bytes: [UInt8], entries: [String: Entry]) throws {
        self.entries = entries
        prefix = []
        snapshot = try YAMLSnapshot(
            data: bytes.span.bytes, providerName: "YAML", parsingOptions: .default)
    }

    /// The place of a setting's value; nil when the source has none.
    func entry(_ setting: Setting) -> Entry? { entries[setting.key] }

    /// Puts a setting's value where it belongs.
    func apply(_ setting: Setting, to settings: inout ServiceSettings) throws(SettingError) {
        if setting.isShare, let share = entry(setting).flatMap({ Share(parsing: $0.value) }) {
            return try setting.apply(.double(share.value), &settings)
        }
        // A list of one part needs no brackets.
        if setting.isList, let value = entry(setting)?.value, !value.hasPrefix("[") {
            return try setting.apply(.stringArray(value.split(separator: ",").map(String.init)), &settings)
        }
        let key = AbsoluteConfigKey(prefix + setting.components)
        guard let found = try? snapshot.value(forKey: key, type: setting.configType),
            let content = found.value?.content
        else { throw SettingError(problem: "must be \(setting.expected)") }
        // A key's text in the place of its path would be shown wherever the path is.
        if case .string(let text) = content, Quoting.isFileContent(text) {
            throw SettingError(
                problem: "must be \(setting.expected) on one line; give a file's path, not its content")
        }
        try setting.apply(content, &settings)
    }
}
