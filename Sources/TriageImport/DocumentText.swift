internal import TriageData

/// Plain text out of Jira's two forms of rich text.
enum DocumentText {
    /// The text of a description: wiki markup, HTML or Atlassian's document format.
    static func plain(_ value: JSONValue?) -> String {
        switch value {
        case .object?:
            var text = ""
            append(value ?? .null, to: &text, depth: 0)
            return text.trimmed
        case let value?: return wiki(TicketMessage.plainText(value.text ?? ""))
        case nil: return ""
        }
    }

    /// Nodes that end a line.
    private static let blocks: Set<String> = [
        "paragraph", "heading", "listItem", "codeBlock", "blockquote", "panel", "rule", "tableRow",
        "taskItem",
        "decisionItem", "mediaSingle", "expand", "nestedExpand", "bulletList", "orderedList",
    ]

    private static func append(_ node: JSONValue, to text: inout String, depth: Int) {
        guard depth < JSONValueDepth.maximum else { return }
        let type = node["type"]?.text ?? ""
        switch type {
        case "text": text += node["text"]?.text ?? ""
        case "hardBreak": text += "\n"
        case "mention", "emoji", "status", "date":
            text += node["attrs"]?["text"]?.text ?? node["attrs"]?["shortName"]?.text ?? ""
        case "inlineCard", "blockCard": text += node["attrs"]?["url"]?.text ?? ""
        default: break
        }
        for part in node["content"]?.elements ?? [] { append(part, to: &text, depth: depth + 1) }
        if type == "tableCell" || type == "tableHeader" { text += " " }
        if blocks.contains(type), !text.isEmpty, !text.hasSuffix("\n") { text += "\n" }
    }

    private enum JSONValueDepth { static let maximum = 100 }

    // MARK: - Wiki markup

    /// Macros whose marks go and whose content stays.
    private static let macros = [
        "code", "noformat", "quote", "color", "panel", "info", "note", "warning", "tip",
    ]

    /// The text of wiki markup; text without it stays as it is.
    static func wiki(_ text: String) -> String {
        guard
            text.contains("{") || text.contains("[") || text.contains("h1.") || text.contains("h2.")
                || text.contains("h3.") || text.contains("!")
        else { return text }
        var lines: [String] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            var line = withoutMacros(String(line))
            line = withoutLinks(line)
            if line.count > 3, line.first == "h", line.dropFirst().first?.isNumber == true,
                line.dropFirst(2).first == "."
            {
                line = String(line.dropFirst(3)).trimmed
            }
            lines.append(line)
        }
        return lines.joined(separator: "\n").trimmed
    }

    /// `{code:java}`, `{quote}` and such removed.
    private static func withoutMacros(_ line: String) -> String {
        guard line.contains("{") else { return line }
        var result = ""
        var rest = line[...]
        while let open = rest.firstIndex(of: "{") {
            let inside = rest[rest.index(after: open)...]
            guard let close = inside.firstIndex(of: "}") else { break }
            let name = inside[..<close].prefix { $0.isLetter }
            let end = name.endIndex
            guard macros.contains(name.lowercased()), end == close || inside[end] == ":" else {
                result += rest[...open]
                rest = inside
                continue
            }
            result += rest[..<open]
            rest = inside[inside.index(after: close)...]
        }
        return result + rest
    }

    /// `[text|address]` as its text, `!picture.png|thumbnail!` as nothing.
    private static func withoutLinks(_ line: String) -> String {
        var result = ""
        var rest = line[...]
        while let open = rest.firstIndex(where: { $0 == "[" || $0 == "!" }) {
            let isLink = rest[open] == "["
            let inside = rest[rest.index(after: open)...]
            guard let close = inside.firstIndex(of: isLink ? "]" : "!") else { break }
            let content = inside[..<close]
            if isLink, let bar = content.firstIndex(of: "|") {
                result += rest[..<open] + content[..<bar]
                rest = inside[inside.index(after: close)...]
            } else if !isLink, isPicture(content) {
                result += rest[..<open]
                rest = inside[inside.index(after: close)...]
            } else {
                result += rest[...open]
                rest = inside
            }
        }
        return result + rest
    }

    private static func isPicture(_ name: Substring) -> Bool {
        let file = name.split(separator: "|").first ?? ""
        let end = file.split(separator: ".").last?.lowercased() ?? ""
        return !file.contains(" ") && ["png", "jpg", "jpeg", "gif", "bmp", "svg", "webp"].contains(end)
            || file.lowercased().hasPrefix("image-") || file.lowercased().hasPrefix("screenshot")
    }
}
