package import TriageData

/// Where a secret's bytes come from.
package enum SecretSource: Sendable, Equatable {
    /// A file, by its path.
    case file(String)
    /// A command, by its program's name.
    case command(String)

    /// The largest secret, in bytes.
    static let maximumBytes = 64 << 10

    /// The secret in bytes that were read: one line of text, without white space at its ends.
    func value(of bytes: [UInt8]) throws(SecretError) -> String {
        guard bytes.count <= SecretSource.maximumBytes else { throw .tooLarge(self) }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .notText(self) }
        // Editors and `echo` leave a line's end behind the secret.
        let value = text.trimmed
        guard !value.isEmpty else { throw .empty(self) }
        guard !value.contains(where: \.isNewline) else { throw .notText(self) }
        return value
    }
}

extension SecretSource: CustomStringConvertible {
    package var description: String {
        switch self {
        case .file(let path): path
        case .command(let name): "the command \(name)"
        }
    }
}

/// A file or a command that gives no secret.
package enum SecretError: Error, Equatable {
    case data(DataError)
    case empty(SecretSource)
    case notText(SecretSource)
    case tooLarge(SecretSource)
    /// A command's program is not there.
    case noProgram
    /// A quote in a command does not end.
    case openQuote
    /// A command ended without success.
    case failed(command: String, String)
}

extension SecretError: DescribedError {
    /// What was found and what to do; never what a file holds or a command printed.
    package var description: String {
        switch self {
        case .data(let error): error.description
        case .empty(.file(let path)): "\(path): is empty; write the secret into it"
        case .empty(let source): "\(source) printed nothing; it must print the secret to its standard output"
        case .notText(.file(let path)):
            "\(path): is not a single line of UTF-8 text; a secret's file holds the secret alone"
        case .notText(let source):
            "\(source) did not print a single line of UTF-8 text; it must print the secret alone"
        case .tooLarge(.file(let path)):
            "\(path): is over \(SecretSource.maximumBytes) bytes; a secret's file holds the secret alone"
        case .tooLarge(let source):
            "\(source) printed over \(SecretSource.maximumBytes) bytes; it must print the secret alone"
        case .noProgram:
            "names no program; give the name of one in PATH, or its path, and then its arguments"
        case .openQuote: "has a quote that does not end; close it, or put a backslash before it"
        case .failed(let name, let ending):
            "the command \(name) \(ending); run it in a shell as the service's user to see why. What it printed is not shown"
        }
    }
}
