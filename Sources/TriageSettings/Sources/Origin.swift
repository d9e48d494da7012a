public import TriageData

/// Where a value comes from; later cases give way to earlier ones.
public enum Origin: Sendable, Equatable {
    case flag(String)
    case environment(String)
    case environmentFile(path: String, line: Int, variable: String)
    case file(path: String, line: Int, key: String)
    case `default`
}

extension Origin: CustomStringConvertible {
    /// The place and the name by which the value is called there.
    public var description: String {
        switch self {
        case .flag(let name): name
        case .environment(let variable): "environment: \(variable)"
        case .environmentFile(let path, let line, let variable): "\(path) line \(line): \(variable)"
        case .file(let path, let line, let key): "\(path) line \(line): \(key)"
        case .default: "default"
        }
    }
}

/// Something in the settings that is wrong.
public struct SettingsProblem: Sendable, Equatable, CustomStringConvertible {
    /// Where it is; nil when it is about several settings.
    public var origin: Origin?
    /// What is wrong and what to do.
    public var problem: String

    /// Both as one line.
    public var description: String { origin.map { "\($0): \(problem)" } ?? problem }
}

/// Settings that cannot be used.
public struct SettingsError: DescribedError, Equatable {
    /// All that is wrong with them.
    public var problems: [SettingsProblem]

    /// A line each.
    public var description: String { problems.map(\.description).joined(separator: "\n") }
}
