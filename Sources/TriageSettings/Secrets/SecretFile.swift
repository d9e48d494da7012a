internal import Glibc
internal import Synchronization
internal import SystemPackage
package import TriageData

/// A secret in a file of its own, as container platforms mount them: read again when the file changes.
///
/// A file that has gone, is empty or cannot be read leaves the last good value standing, so that a rotation half done
/// locks nobody out.
package final class SecretFile: Sendable {
    package let path: String
    private let state: Mutex<State>

    private struct State {
        var value: String
        var version: FileVersion?
    }

    /// Reads the file.
    ///
    /// - Throws: `SecretError` when it holds no secret yet.
    package init(path: String) throws(SecretError) {
        self.path = path
        let version = FileVersion(path)
        state = Mutex(State(value: try SecretFile.read(path), version: version))
    }

    /// The value at this moment.
    ///
    /// Costs one look at the file's dates; its content is read only when they changed.
    package var current: String {
        state.withLock { state in
            let version = FileVersion(path)
            // The version is taken before the content, so that a change between the two is seen the next time.
            if let version, version != state.version, let value = try? SecretFile.read(path) {
                state = State(value: value, version: version)
            }
            return state.value
        }
    }

    /// The largest secret, in bytes.
    static let maximumBytes = 64 << 10

    private static func read(_ path: String) throws(SecretError) -> String {
        let bytes: [UInt8]
        do { bytes = try FileInput.bytes(of: path, limit: maximumBytes) } catch { throw .data(error) }
        guard bytes.count <= maximumBytes else { throw .tooLarge(path: path, limit: maximumBytes) }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .notText(path: path) }
        // Editors and `echo` leave a line's end behind the secret.
        let value = text.trimmed
        guard !value.isEmpty else { throw .empty(path: path) }
        guard !value.contains(where: \.isNewline) else { throw .notText(path: path) }
        return value
    }
}

/// What tells one state of a file from another without reading it.
package struct FileVersion: Sendable, Equatable {
    private let identity: FileIdentity
    private let size: Int
    private let seconds: Int
    private let nanoseconds: Int
    private let changeSeconds: Int
    private let changeNanoseconds: Int

    /// The version of a file, links followed; nil when it is unknown.
    package init?(_ path: String) {
        guard let status = try? Stat(path) else { return nil }
        identity = FileIdentity(status)
        size = Int(status.size)
        (seconds, nanoseconds) = (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
        (changeSeconds, changeNanoseconds) = (status.st_ctim.tv_sec, status.st_ctim.tv_nsec)
    }
}

/// A file that holds no secret.
package enum SecretError: Error, Equatable {
    case data(DataError)
    case empty(path: String)
    case notText(path: String)
    case tooLarge(path: String, limit: Int)
}

extension SecretError: DescribedError {
    /// What was found and what to do; never what stands in the file.
    package var description: String {
        switch self {
        case .data(let error): error.description
        case .empty(let path): "\(path): is empty; write the secret into it"
        case .notText(let path):
            "\(path): is not a single line of UTF-8 text; a secret's file holds the secret alone"
        case .tooLarge(let path, let limit):
            "\(path): is over \(limit) bytes; a secret's file holds the secret alone"
        }
    }
}
