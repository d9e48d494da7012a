internal import TriageData

/// The flags of a command line as settings.
struct FlagReader {
    private(set) var entries: [String: SettingLayer.Entry] = [:]
    private(set) var problems: [SettingsProblem] = []

    /// `--name value` and `--name=value`; for what is true or false also `--name` and `--no-name`.
    init(_ arguments: [String]) {
        var rest = arguments[...]
        while let argument = rest.popFirst() { read(argument, &rest) }
    }

    private mutating func read(_ argument: String, _ rest: inout ArraySlice<String>) {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        guard name.hasPrefix("--") else {
            let shown = Quoting.isHarmless(argument) ? argument : "an argument"
            return complain(shown, "expected a flag; flags begin with -- and take one value each")
        }
        guard let setting = Setting.all.first(where: { $0.flags.contains(name) }) else {
            return readOther(name, hasValue: parts.count > 1, &rest)
        }
        if parts.count > 1 {
            add(setting, name, String(parts[1]))
        } else if setting.isTruth {
            add(setting, name, "true")
        } else if let value = rest.first, !value.hasPrefix("--") {
            rest.removeFirst()
            add(setting, name, value)
        } else {
            complain(name, "needs a value: it must be \(setting.expected)")
        }
    }

    /// A flag that belongs to no setting: the negation of one, a secret's, or unknown.
    private mutating func readOther(_ name: String, hasValue: Bool, _ rest: inout ArraySlice<String>) {
        let positive = name.hasPrefix("--no-") ? "--" + name.dropFirst(5) : name
        if !hasValue, let setting = Setting.all.first(where: { $0.flag == positive && $0.isTruth }) {
            return add(setting, name, "false")
        }
        if !hasValue, rest.first.map({ !$0.hasPrefix("--") }) ?? false { rest.removeFirst() }
        if let secret = Setting.all.first(where: { $0.isSecret && $0.key.asFlag == name }) {
            return complain(
                name,
                "a secret on a command line can be read by every user of the machine; use \(secret.variable) or "
                    + "\(name)-file")
        }
        let shown = Quoting.isName(String(name.dropFirst(2))) ? name : "a flag"
        complain(shown, SpellingSuggestion.complaint(name, among: Setting.all.compactMap(\.flag)))
    }

    private mutating func add(_ setting: Setting, _ name: String, _ value: String) {
        guard !value.isEmpty else { return complain(name, "must be \(setting.expected)") }
        if setting.isList, let earlier = entries[setting.key] {
            entries[setting.key]?.value = "\(earlier.value),\(value)"
        } else if entries[setting.key] == nil {
            entries[setting.key] = .init(origin: .flag(name), value: value)
        } else {
            complain(name, "is there twice; keep one")
        }
    }

    private mutating func complain(_ name: String, _ problem: String) {
        problems.append(SettingsProblem(origin: .flag(name), problem: problem))
    }
}
