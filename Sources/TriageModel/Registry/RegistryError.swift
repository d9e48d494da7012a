package import TriageData

/// A registry of bundles that cannot be used, or a version that it does not have.
package enum RegistryError: Error, Equatable {
    case notARegistry(path: String)
    /// The registry has no champion yet.
    case noChampion(path: String)
    case noVersion(name: String, path: String, known: [String])
    case badAlias(name: String, problem: String)
    /// No earlier champion is left to go back to.
    case nothingBefore(version: String, path: String)
    case isChampion(version: String, path: String)
    /// Another program promoted a version while this one compared with the champion before.
    case championChanged(champion: String, path: String)
    /// What a model was trained on was erased or changed before the model was ready.
    case sourceChanged(String)
    case damagedHistory(path: String, line: Int)
    case data(DataError)
}

extension RegistryError: DescribedError {
    package var description: String {
        switch self {
        case .notARegistry(let path):
            "\(path) is not a registry of models: it has no \(ModelRegistry.historyName); "
                + "name another folder, or make one with `triage train --registry \(path)`"
        case .noChampion(let path):
            "\(path) has no champion yet; promote a version (`triage models promote`)"
        case .noVersion(let name, let path, let known):
            "\(path) has no version or alias '\(name)'\(SpellingSuggestion.of(name, among: known).map { "; did you mean \($0)? It" } ?? "; it") "
                + "has \(known.isEmpty ? "none" : known.joined(separator: ", "))"
        case .badAlias(let name, let problem):
            "'\(name)' cannot be an alias: \(problem); use letters, digits, - and _"
        case .nothingBefore(let version, let path):
            "\(path): no champion before \(version) is left; name the version to go back to"
        case .isChampion(let version, let path):
            "\(path): \(version) is the champion already; nothing was changed"
        case .championChanged(let champion, let path):
            "\(path): \(champion) became the champion meanwhile, so the comparison is out of date; run the command again"
        case .sourceChanged(let what):
            "\(what) while a model was trained on it, so that model is dropped and none is promoted; run the command again"
        case .damagedHistory(let path, let line):
            "\(path), line \(line), is not an entry of a history; restore the file from a backup"
        case .data(let error): error.description
        }
    }
}
