internal import TriageData

extension SpellingSuggestion {
    /// The advice for an unknown name of a setting.
    static func complaint(_ name: String, among known: [String]) -> String {
        let nearest = of(name, among: known)
        return nearest.map { "no such setting; did you mean \($0)?" }
            ?? "no such setting; `triage doctor --settings` lists them"
    }
}
