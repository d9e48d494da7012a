/// A value that is never shown: text, a file that is read again when it changes, or a command that is run again.
package struct Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private enum Origin: Sendable {
        case text(String)
        case file(SecretFile)
        case command(SecretCommand)
    }

    private let origin: Origin

    package init(_ text: String) { origin = .text(text) }

    /// The content of a file, whatever it is at the time of asking.
    package init(file: SecretFile) { origin = .file(file) }

    /// What a command prints.
    package init(command: SecretCommand) { origin = .command(command) }

    /// The value at this moment.
    package var current: String {
        switch origin {
        case .text(let text): text
        case .file(let file): file.current
        case .command(let command): command.current
        }
    }

    /// The command that prints it; nil for other secrets.
    package var command: SecretCommand? {
        if case .command(let command) = origin { command } else { nil }
    }

    /// Where it comes from, never what it is.
    package var description: String {
        switch origin {
        case .text: "(hidden)"
        case .file(let file): "(hidden, from \(file.path))"
        case .command(let command): "(hidden, from the command \(command.name))"
        }
    }

    package var debugDescription: String { description }

    /// Nothing that a dump could show.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
