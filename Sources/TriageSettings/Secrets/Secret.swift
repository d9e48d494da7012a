/// A value that is never shown: given in so many words, or by a file that is read again when it changes.
package struct Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private enum SettingOrigin: Sendable {
        case text(String)
        case file(SecretFile)
    }

    private let origin: SettingOrigin

    /// A value.
    package init(_ text: String) { origin = .text(text) }

    /// The content of a file, whatever it is at the time of asking.
    package init(file: SecretFile) { origin = .file(file) }

    /// The value at this moment.
    package var current: String {
        switch origin {
        case .text(let text): text
        case .file(let file): file.current
        }
    }

    /// Where it comes from, never what it is.
    package var description: String {
        switch origin {
        case .text: "(hidden)"
        case .file(let file): "(hidden, from \(file.path))"
        }
    }

    /// The same.
    package var debugDescription: String { description }

    /// Nothing that a dump could show.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
