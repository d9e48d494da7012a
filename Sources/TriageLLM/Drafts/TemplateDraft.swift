internal import TriageEngine
internal import TriageSearch

/// A draft made of article and playbook alone: the same for the same ticket, and offline.
enum TemplateDraft {
    /// Writes it; `reason` says why no model did.
    static func write(_ decision: Decision, _ article: Article?, reason: String) -> Draft {
        let phrases = DraftPhrases.of(decision.language)
        var parts = [phrases.greeting, "\(phrases.understood)\n\(quoted(decision.summary))"]
        if let article {
            let steps = Steps.of(article)
            if !steps.isEmpty {
                parts.append("\(phrases.steps)\n\(steps)")
            } else if let action = article.recommendedAction {
                parts.append("\(phrases.action)\n\(action)")
            }
        } else {
            parts.append(phrases.noArticle)
        }
        parts.append("\(phrases.next)\n\(decision.nextAction)")
        parts.append(phrases.closing)
        if let article { parts.append("(\(phrases.basedOn): \(article.id), \(article.title))") }
        return Draft(
            text: parts.joined(separator: "\n\n"), source: .template, reason: reason,
            language: phrases.language, basedOn: article.map { [$0.id] } ?? [])
    }

    private static func quoted(_ summary: String) -> String { summary.isEmpty ? "–" : "“\(summary)”" }
}

/// The steps that an article gives, as plain text.
enum Steps {
    private static let titles = [
        "step", "schritt", "vorgehen", "lösung", "solution", "étape", "pasos", "passi", "passos", "stappen",
        "kroki",
        "fix", "resolution",
    ]

    /// The section that is called steps, or else the first list with numbers; empty when there is neither.
    static func of(_ article: Article) -> String {
        let lines = article.body.split(separator: "\n", omittingEmptySubsequences: false)
        let start = lines.firstIndex { line in
            line.hasPrefix("#") && titles.contains { line.lowercased().contains($0) }
        }
        let section =
            start.map { lines[($0 + 1)...].prefix { !$0.hasPrefix("#") } }
            ?? lines.drop { !isNumbered($0) }.prefix { isNumbered($0) || $0.first == " " }
        return section.map(plain).joined(separator: "\n").trimmed
    }

    private static func isNumbered(_ line: Substring) -> Bool {
        let digits = line.prefix { $0.isASCII && $0.isNumber }
        return !digits.isEmpty && line.dropFirst(digits.count).hasPrefix(". ")
    }

    /// A line without Markdown's marks of emphasis and code.
    private static func plain(_ line: Substring) -> String {
        var text = String(line)
        for mark in ["**", "__", "`"] {
            text = text.split(separator: mark, omittingEmptySubsequences: false).joined()
        }
        return withoutEmphasis(text)
    }

    /// Without `*` around words; one that begins a list's line stays.
    private static func withoutEmphasis(_ text: String) -> String {
        let characters = Array(text)
        var output = ""
        for (place, character) in characters.enumerated() {
            let opens = place + 1 < characters.count && characters[place + 1] != " "
            let closes = place > 0 && characters[place - 1] != " "
            if character == "*", opens || closes { continue }
            output.append(character)
        }
        return output
    }
}
