/// A command's program and arguments, split as a shell splits them, without any of a shell's expansions.
enum CommandWords {
    /// The words of a text; nil when a quote does not end.
    ///
    /// White space separates words. Single quotes keep everything, double quotes keep everything but a backslash before
    /// `"` or `\`, and a backslash outside quotes keeps the next character.
    static func split(_ text: String) -> [String]? {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var rest = text[...]
        while let character = rest.popFirst() {
            if let open = quote {
                if character == open {
                    quote = nil
                } else if character == "\\", open == "\"", let next = rest.first, "\"\\".contains(next) {
                    word?.append(rest.removeFirst())
                } else {
                    word?.append(character)
                }
            } else if character == "'" || character == "\"" {
                quote = character
                word = word ?? ""
            } else if character == "\\", !rest.isEmpty {
                word = (word ?? "") + String(rest.removeFirst())
            } else if character.isWhitespace {
                if let ended = word { words.append(ended) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        guard quote == nil else { return nil }
        if let word { words.append(word) }
        return words
    }
}
