internal import TriageData

/// A `.env` file: `NAME=value` a line, `#` begins a comment, quotes hold white space.
struct EnvironmentFile {
    private(set) var variables: [String: SettingLayer.Entry] = [:]
    private(set) var problems: [SettingsProblem] = []

    /// The most bytes that are read.
    static let largest = 1 << 20

    init(_ text: String, path: String) {
        let text = text.hasPrefix("\u{FEFF}") ? text.dropFirst() : text[...]
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .enumerated()
        {
            read(line.trimmed, path: path, line: index + 1)
        }
    }

    private mutating func read(_ text: String, path: String, line: Int) {
        guard !text.isEmpty, !text.hasPrefix("#") else { return }
        let assignment = text.hasPrefix("export ") ? text.dropFirst(7).trimmed : text
        let parts = assignment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = parts[0].trimmed
        let origin = SettingOrigin.environmentFile(path: path, line: line, variable: name)
        guard parts.count == 2, Quoting.isName(name) else {
            // What stands there may be part of a secret.
            let place = SettingOrigin.environmentFile(path: path, line: line, variable: "this line")
            return problems.append(
                SettingsProblem(
                    origin: place, problem: "is not NAME=value with a setting's name, and no # comment"))
        }
        guard let value = EnvironmentFile.value(parts[1].trimmed) else {
            return problems.append(
                SettingsProblem(origin: origin, problem: "begins with a quote that does not end on its line"))
        }
        guard variables[name] == nil else {
            return problems.append(SettingsProblem(origin: origin, problem: "is there twice; keep one"))
        }
        variables[name] = .init(origin: origin, value: value)
    }

    /// A value without its quotes or its comment; nil when a quote stays open.
    private static func value(_ text: String) -> String? {
        guard let quote = text.first, quote == "\"" || quote == "'" else {
            guard let comment = text.indices.first(where: { isComment(text, $0) }) else { return text }
            return text[..<comment].trimmed
        }
        var value = ""
        var escaped = false
        for character in text.dropFirst() {
            if escaped {
                value.append(character == "n" ? "\n" : character)
                escaped = false
            } else if character == "\\", quote == "\"" {
                escaped = true
            } else if character == quote {
                return value
            } else {
                value.append(character)
            }
        }
        return nil
    }

    /// A comment begins with # after white space; elsewhere # is part of a value, such as a password.
    private static func isComment(_ text: String, _ place: String.Index) -> Bool {
        guard text[place] == "#" else { return false }
        return place == text.startIndex || text[text.index(before: place)].isWhitespace
    }
}

extension SettingLayer.Entry {
    /// The line of its file; 0 elsewhere.
    var line: Int {
        switch origin {
        case .environmentFile(_, let line, _), .file(_, let line, _): line
        default: 0
        }
    }
}
