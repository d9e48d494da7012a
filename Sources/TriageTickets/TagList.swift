internal import Foundation
package import TriageData

/// The reading of several labels in one value: a JSON list, or texts with a sign between them.
package enum TagList {
    /// Signs between tags in a text.
    private static let signs: Set<Character> = [";", "|", ",", "\n", "\r", "\r\n", "\t"]

    /// Tags as one text, which `parts(of:)` reads back: `a;b`, or a JSON list where a tag has a sign in it.
    package static func joined(_ tags: [String]) -> String {
        let isPlain = tags.allSatisfy { tag in
            !tag.contains { signs.contains($0) } && !(tag.first == "[" && tag.last == "]")
        }
        guard !isPlain else { return tags.joined(separator: ";") }
        var json = JSONWriter()
        json.array(tags) { $0.string($1) }
        return json.text
    }

    /// The tags of a column in a row, each once, in the order in which they come; nil for null and without the column.
    ///
    /// An empty list and an empty text are a ticket without tags.
    ///
    /// - Throws: `BadRow` when the value is an object, or a list that holds anything but scalars.
    package static func read(_ column: String, in row: InputRow, id: String?) throws(BadRow) -> [String]? {
        guard let value = row[column], value != .null else { return nil }
        guard let tags = texts(value) else {
            let message =
                "\"\(column)\" is an object, a list of lists or a list that does not end; give tags as [\"a\", \"b\"] or as "
                + "a;b"
            throw BadRow(line: row.line, id: id, code: .invalidField, message: message)
        }
        var seen: Set<String> = []
        return tags.map(LabelText.read).filter { !$0.isEmpty && seen.insert($0).inserted }
    }

    /// The tags of a text such as `a;b` or `["a", "b"]`.
    package static func parts(of text: String) -> [String] {
        let text = LabelText.read(text)
        guard !LabelText.isNullWord(text) else { return [] }
        if text.first == "[", text.last == "]" {
            if let list = JSONValue(parsing: text.utf8), let tags = texts(list) { return tags }
            let quotes = CharacterSet(charactersIn: "'\" ")
            return text.dropFirst().dropLast().split(separator: ",")
                .map { $0.trimmingCharacters(in: quotes) }
        }
        return text.split(whereSeparator: signs.contains).map(String.init)
    }

    private static func texts(_ value: JSONValue) -> [String]? {
        if let elements = value.elements {
            let texts = elements.filter { $0 != .null }.map(\.text)
            return texts.contains(nil) ? nil : texts.compactMap(\.self)
        }
        guard let text = value.text, !isDamaged(LabelText.read(text)) else { return nil }
        return parts(of: text)
    }

    /// Whether a text is meant as JSON and is no list of texts: an object, a list of lists, or one that does not end.
    private static func isDamaged(_ text: String) -> Bool {
        if text.first == "{" { return JSONValue(parsing: text.utf8) != nil || text.last == "}" }
        let inside = text.dropFirst().drop(while: \.isWhitespace)
        guard text.first == "[", let opening = inside.first, "\"'[{".contains(opening) else { return false }
        guard text.last == "]", opening != "[", opening != "{" else { return true }
        guard let list = JSONValue(parsing: text.utf8)?.elements else { return false }
        return list.contains { $0 != .null && $0.text == nil }
    }
}
