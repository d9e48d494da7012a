internal import Glibc
internal import Synchronization
internal import SystemPackage
internal import TriageData

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

    private static func read(_ path: String) throws(SecretError) -> String {
        let bytes: [UInt8]
        do { bytes = try FileInput.bytes(of: path, limit: SecretSource.maximumBytes) } catch {
            throw .data(error)
        }
        return try SecretSource.file(path).value(of: bytes)
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
