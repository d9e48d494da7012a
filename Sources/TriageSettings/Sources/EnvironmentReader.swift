internal import TriageData

/// Environment variables as settings, those of the process or of a `.env` file.
struct EnvironmentReader {
    private(set) var entries: [String: SettingLayer.Entry] = [:]
    private(set) var problems: [SettingsProblem] = []

    /// Variables that begin like settings and are none: they belong to other parts of this project.
    private static let others: Set<String> = ["TRIAGE_HOME", "TRIAGE_RECORD", "TRIAGE_TEST_ROOT"]

    /// The process's variables, of which those that begin with `TRIAGE_` must be known.
    init(process variables: [String: String]) {
        take { name in variables[name].map { .init(origin: .environment(name), value: $0) } }
        let known = Set(Setting.all.flatMap(\.variables))
        for name in variables.keys.sorted()
        where name.hasPrefix("TRIAGE_") && !known.contains(name) && !EnvironmentReader.others.contains(name) {
            problems.append(
                SettingsProblem(
                    origin: .environment(name),
                    problem: EnvironmentReader.isServiceLink(name, variables[name] ?? "")
                        ? EnvironmentReader.serviceLink
                        : SpellingSuggestion.complaint(name, among: Setting.all.map(\.variable))))
        }
        for (key, entry) in entries where EnvironmentReader.isServiceLink("", entry.value) {
            problems.append(SettingsProblem(origin: entry.origin, problem: EnvironmentReader.serviceLink))
            entries[key] = nil
        }
    }

    /// The variables of a `.env` file, all of which must be known.
    init(file: EnvironmentFile) {
        problems = file.problems
        take { file.variables[$0] }
        let known = Setting.all.flatMap(\.variables)
        for (name, entry) in file.variables.sorted(by: { $0.value.line < $1.value.line })
        where !known.contains(name) && !EnvironmentReader.others.contains(name) {
            problems.append(
                SettingsProblem(
                    origin: entry.origin, problem: SpellingSuggestion.complaint(name, among: known)))
        }
    }

    /// Fills the settings from the first of their variables that has a value; an empty one is none.
    private mutating func take(_ find: (String) -> SettingLayer.Entry?) {
        for setting in Setting.all {
            entries[setting.key] = setting.variables.lazy.compactMap(find).first { !$0.value.isEmpty }
        }
    }

    /// Kubernetes sets such variables for each Service; those of one called triage look like settings.
    private static func isServiceLink(_ name: String, _ value: String) -> Bool {
        value.hasPrefix("tcp://") || value.hasPrefix("udp://") || name.contains("_SERVICE_HOST")
            || name.contains("_SERVICE_PORT") || name.contains("_TCP") || name.contains("_UDP")
    }

    private static let serviceLink =
        "is set by Kubernetes for a Service of that name and is not a setting; set enableServiceLinks: false in the pod"
}
