#if Service
internal import Synchronization

/// Lets no question through for a while after the server failed several times in a row (Nygard, Release It!).
///
/// Closed, questions pass; open, all are refused at once; half-open, after the pause, one finds out whether the server is
/// back.
final class CircuitBreaker: Sendable {
    private enum State {
        case closed(failures: Int)
        case open(until: ContinuousClock.Instant)
        case probing(until: ContinuousClock.Instant)
    }

    private let failures: Int
    private let pause: Duration
    private let onChange: @Sendable (Bool) -> Void
    private let state = Mutex(State.closed(failures: 0))

    /// `onChange` gets true when the breaker opens and false when it closes.
    init(failures: Int = 3, pause: Duration = .seconds(5), onChange: @escaping @Sendable (Bool) -> Void = { _ in }) {
        (self.failures, self.pause, self.onChange) = (failures, pause, onChange)
    }

    var isOpen: Bool {
        if case .closed = state.withLock({ $0 }) { false } else { true }
    }

    /// - Throws: `.breakerOpen` while no question may pass.
    func admit(now: ContinuousClock.Instant = .now) throws(VectorError) {
        let isAdmitted = state.withLock { state in
            switch state {
            case .closed: return true
            case .open(let end), .probing(let end):
                guard end <= now else { return false }
                state = .probing(until: now + pause)
                return true
            }
        }
        guard isAdmitted else { throw .breakerOpen }
    }

    func succeeded() {
        let wasOpen = state.withLock { state in
            defer { state = .closed(failures: 0) }
            if case .closed = state { return false }
            return true
        }
        if wasOpen { onChange(false) }
    }

    /// Counts a failure of the server.
    func failed(now: ContinuousClock.Instant = .now) {
        let opened = state.withLock { state in
            switch state {
            case .closed(let count) where count + 1 < failures:
                state = .closed(failures: count + 1)
                return false
            case .closed:
                state = .open(until: now + pause)
                return true
            case .open: return false
            case .probing:
                state = .open(until: now + pause)
                return false
            }
        }
        if opened { onChange(true) }
    }
}
#endif
