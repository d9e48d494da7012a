internal import Dispatch
internal import Logging
internal import Synchronization
internal import TriageData

/// Results for pages that take seconds to compute: each is computed in the background when a page wants it, and kept.
///
/// One is computed at a time, so that they leave a processor to decisions.
final class BackgroundResults<Value: Sendable>: Sendable {
    /// What a page can show at the moment.
    enum State: Sendable {
        case ready(Value)
        case running
        case failed
    }

    private struct Entry: Sendable {
        var model: String
        var version: Int64
        var state = State.running
        var isRunning = true
        var time = ContinuousClock.now
    }

    private let entries = Mutex<[String: Entry]>([:])
    private let queue = DispatchQueue(label: "triage.background", qos: .utility)
    /// How long a result is shown although what it was computed from has changed.
    private let maximumAge: Duration
    /// How long a page waits for its first result.
    private static var patience: Duration { .milliseconds(100) }
    private let logger: Logger

    init(maximumAge: Duration, logger: Logger) { (self.maximumAge, self.logger) = (maximumAge, logger) }

    /// The result of a name for a model; computes it when there is none, or when it is old and `version` is another one.
    func state(
        _ name: String, model: String, version: Int64, _ compute: @escaping @Sendable () throws -> Value
    ) async -> State {
        let begins = entries.withLock { entries in
            guard let kept = entries[name], kept.model == model else {
                entries[name] = Entry(model: model, version: version)
                return true
            }
            var isWanted = kept.version != version
            if case .failed = kept.state { isWanted = true }
            guard isWanted, !kept.isRunning, kept.time.duration(to: .now) >= maximumAge else { return false }
            entries[name]?.isRunning = true
            return true
        }
        if begins { start(name, model: model, version: version, compute) }
        let end = ContinuousClock.now + Self.patience
        while case .running? = entries.withLock({ $0[name]?.state }), ContinuousClock.now < end {
            do { try await Task.sleep(for: .milliseconds(5)) } catch { break }
        }
        return entries.withLock { $0[name]?.state } ?? .running
    }

    private func start(
        _ name: String, model: String, version: Int64, _ compute: @escaping @Sendable () throws -> Value
    ) {
        queue.async { [self] in
            var entry = Entry(model: model, version: version)
            entry.isRunning = false
            do { entry.state = .ready(try compute()) } catch {
                entry.state = .failed
                logger.error(
                    "a page's figures could not be computed",
                    metadata: ["name": "\(name)", "error": "\(error.safeDescription)"])
            }
            entry.time = .now
            // Another model may have come into use meanwhile, for which another computation waits.
            entries.withLock { if $0[name]?.model == model { $0[name] = entry } }
        }
    }
}
