/// A word of a command that a person copies into a shell.
package enum ShellWord {
    /// The word, in single quotes where a shell would read it as something else.
    package static func quoted(_ word: String) -> String {
        isPlain(word) ? word : "'" + word.replacing("'", with: "'\\''") + "'"
    }

    /// Whether a shell reads the word as it is.
    package static func isPlain(_ word: String) -> Bool {
        !word.isEmpty
            && word.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || "/-_.:@+,=".utf8.contains(byte) || byte >= 0x80
            }
    }
}
