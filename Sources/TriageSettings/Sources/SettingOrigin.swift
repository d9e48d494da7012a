package import TriageData

/// Where a value comes from; later cases give way to earlier ones.
package enum SettingOrigin: Sendable, Equatable {
    case flag(String)
    case environment(String)
    case environmentFile(path: String, line: Int, variable: String)
    case file(path: String, line: Int, key: String)
    case `default`
}

extension SettingOrigin: CustomStringConvertible {
    /// The place and the name by which the value is called there.
    package var description: String {
        switch self {
        case .flag(let name): name
        case .environment(let variable): "environment: \(variable)"
        case .environmentFile(let path, let line, let variable): "\(path) line \(line): \(variable)"
        case .file(let path, let line, let key): "\(path) line \(line): \(key)"
        case .default: "default"
        }
    }
}

extension SettingOrigin {
    /// The file that it is in; nil elsewhere.
    var path: String? {
        switch self {
        case .environmentFile(let path, _, _), .file(let path, _, _): path
        default: nil
        }
    }

    /// The setting that is called so there; nil for a name that is none.
    var setting: Setting? {
        switch self {
        case .flag(let name): Setting.all.first { $0.flags.contains(name) }
        case .environment(let name), .environmentFile(_, _, let name):
            Setting.all.first { $0.variables.contains(name) }
        case .file(_, _, let key): Setting.all.first { $0.key == key }
        case .default: nil
        }
    }
}

/// Something in the settings that is wrong.
package struct SettingsProblem: Sendable, Equatable, CustomStringConvertible {
    /// Where it is; nil when it is about several settings.
    package var origin: SettingOrigin?
    /// What is wrong and what to do.
    package var problem: String

    package var description: String { origin.map { "\($0): \(problem)" } ?? problem }
}

/// Settings that cannot be used.
package struct SettingsError: DescribedError, Equatable {
    package var problems: [SettingsProblem]

    package var description: String { problems.map(\.description).joined(separator: "\n") }
}
