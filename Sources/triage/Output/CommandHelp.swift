import ArgumentParser
import Glibc
import TriageData

/// How the program ends with an error of the parser, or with help.
enum CommandHelp {
    private static let columns = 80

    /// Prints help on standard output, any other error's message on standard error, and ends with its exit code.
    static func exit(with error: any Error) -> Never {
        let code = Triage.exitCode(for: error)
        let message = wrappingUsage(Triage.fullMessage(for: error))
        if code.isSuccess {
            print(message)
        } else if !message.isEmpty {
            Terminal.sayLines(message)
        }
        Glibc.exit(code.rawValue)
    }

    /// The message with lines of usage, and of help on a missing option, that fit a narrow screen: the parser wraps
    /// everything else.
    static func wrappingUsage(_ message: String) -> String {
        message.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            guard line.count > columns, let start = starts.first(where: line.hasPrefix) else {
                return String(line)
            }
            return wrapped(line, indent: start.count)
        }.joined(separator: "\n")
    }

    /// The lines that are wrapped, and what the lines below them stand under.
    private static let starts = ["USAGE: triage ", "Usage: triage ", "Help:  "]

    /// The line cut between options, never inside brackets; what follows is indented.
    private static func wrapped(_ line: Substring, indent count: Int) -> String {
        let indent = String(repeating: " ", count: count)
        var lines: [String] = []
        var current = ""
        for part in parts(of: line) {
            if !current.isEmpty, current.count + 1 + part.count > columns {
                lines.append(current)
                current = indent + part
            } else {
                current += current.isEmpty ? part : " " + part
            }
        }
        return (lines + [current]).joined(separator: "\n")
    }

    /// The words of a usage line; what stands in brackets, and an option with its value, is one.
    private static func parts(of line: Substring) -> [String] {
        var parts: [String] = []
        var depth = 0
        for word in line.split(separator: " ") {
            let isValue = word.hasPrefix("<") && parts.last?.hasPrefix("-") ?? false
            if depth > 0 || isValue {
                parts[parts.count - 1] += " " + word
            } else {
                parts.append(String(word))
            }
            depth += word.count { $0 == "[" } - word.count { $0 == "]" }
        }
        return parts
    }
}
