/// Names of columns that hold an agent's words, or what is known only after the decision, in the forms that sites give them.
enum AnswerNames {
    /// Whether the words of a name are such: `u_agent_notes`, `Custom field (Root cause)`, `Followups - Description`.
    static func matches(_ name: String) -> Bool {
        // A name of one word is in the list of known names or is none.
        guard name.utf8.contains(where: { !isLetter($0) }) || isMixed(name) else { return false }
        let words = Array(NameFolding.words(name).drop(while: prefixes.contains))
        guard words.count > 1 else { return words.first.map(outcomes.contains) ?? false }
        if outcomes.contains(words[0]), !labels.contains(words[words.count - 1]) { return true }
        if pairs.contains(where: { pair in zip(words, words.dropFirst()).contains { $0 == pair } }) {
            return true
        }
        if !messages.isDisjoint(with: words), !agents.isDisjoint(with: words) { return true }
        return !notes.isDisjoint(with: words)
            && (!agents.isDisjoint(with: words) || !others.isDisjoint(with: words))
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte | 0x20) || byte >= 0x80
    }

    private static func isMixed(_ name: String) -> Bool {
        name.utf8.dropFirst().contains { (0x41...0x5A).contains($0) }
    }

    /// Words that exports and sites put before the name of a field.
    private static let prefixes: Set<String> = [
        "u", "x", "cf", "custom", "field", "fields", "dynamicfield", "dynamic", "ticket", "issue", "case",
        "incident",
        "request", "customfield",
    ]
    /// What follows from the work on a ticket.
    private static let outcomes: Set<String> = [
        "solution", "solutions", "resolution", "resolutions", "followup", "followups", "workaround",
        "worknotes",
        "worklog", "losung", "loesung", "oplossing", "solucion", "soluzione", "solucao", "rozwiazanie",
        "reseni",
    ]
    /// Words at the end of names such as `Solution area`, which are labels.
    private static let labels: Set<String> = [
        "area", "group", "team", "family", "name", "type", "category", "domain", "line", "bereich",
    ]
    private static let pairs: [(String, String)] = [
        ("root", "cause"), ("close", "code"), ("close", "reason"), ("closure", "code"), ("closure", "reason"),
        ("work", "notes"), ("work", "note"), ("work", "log"), ("follow", "up"), ("follow", "ups"),
        ("article", "tree"), ("closing", "text"), ("corrective", "action"),
    ]
    private static let messages: Set<String> = ["message", "messages", "text", "email"]
    private static let notes: Set<String> = [
        "note", "notes", "comment", "comments", "reply", "replies", "response", "responses", "answer",
        "answers",
        "remark", "remarks", "notiz", "notizen", "kommentar", "kommentare", "antwort", "antworten",
    ]
    private static let agents: Set<String> = [
        "agent", "agents", "agentnotes", "technician", "technicians", "staff", "operator", "engineer",
        "resolver",
        "assignee", "analyst", "bearbeiter", "techniker",
    ]
    /// Words for notes that customers do not see, or that come last.
    private static let others: Set<String> = [
        "internal", "private", "last", "latest", "close", "closing", "closure", "closed", "resolved",
        "interne",
        "interner", "internes", "letzte", "letzter", "abschluss",
    ]
}

extension KnownColumns {
    /// Whether a column of this name holds text of agents, or what is known only after the decision.
    package static func isAnswer(_ name: String) -> Bool {
        if answers.rank(name) != nil || AnswerNames.matches(name) { return true }
        // GLPI names the columns of a list such as `Solution - Solution`.
        guard let dash = name.firstRange(of: " - ") else { return false }
        return answers.rank(String(name[..<dash.lowerBound])) != nil
    }
}
