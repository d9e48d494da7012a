/// What an error may repeat of a settings file: a line in the wrong place may be part of a secret.
enum Quoting {
    /// Whether a word has the shape of a setting's name: short words in one case, with up to three digits at their end,
    /// joined by dots, dashes or underscores.
    static func isName(_ text: String) -> Bool {
        text.utf8.count <= 64
            && text.split(omittingEmptySubsequences: false, whereSeparator: { ".-_".contains($0) })
                .allSatisfy(isWord)
    }

    /// Whether a wrong value may be shown: one of less than eight bytes without a password's @.
    static func isHarmless(_ value: String) -> Bool {
        value.utf8.count < 8 && !value.contains("@") && !value.contains(where: \.isNewline)
    }

    /// Whether a value is what a file holds, such as a key in PEM.
    static func isFileContent(_ value: String) -> Bool {
        value.contains(where: \.isNewline) || value.contains("-----BEGIN")
    }

    /// Whether a value can be a file's path: a long one begins with a slash or a dot, which no Base64 does that a key
    /// begins with.
    static func isPath(_ value: String) -> Bool {
        !isFileContent(value) && (value.utf8.count <= 60 || value.hasPrefix("/") || value.hasPrefix("."))
    }

    private static func isWord(_ word: Substring) -> Bool {
        let letters = word.prefix { $0.isASCII && $0.isLetter }
        let digits = word.dropFirst(letters.count)
        return letters.count <= 16 && digits.count <= 3 && !word.isEmpty
            && digits.allSatisfy { $0.isASCII && $0.isNumber }
            && (letters.allSatisfy(\.isUppercase) || letters.allSatisfy(\.isLowercase))
    }
}
