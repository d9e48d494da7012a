internal import Synchronization

/// Lets so many calls through at once, and none for a while after the server failed several times in a row.
///
/// The breaker (Nygard, Release It!): closed, calls pass; open, all are refused at once; half-open, after the probe
/// interval, one call finds out whether the server is back.
actor LLMGate {
    private enum Breaker {
        case closed(failures: Int)
        case open(until: ContinuousClock.Instant)
        case probing
    }

    private struct Waiter {
        var number: Int
        var continuation: CheckedContinuation<Bool, Never>
    }

    /// What a finished call says of the server.
    enum Outcome {
        case healthy
        case faulty
        /// Nothing: it was given up, or never got there.
        case unknown
    }

    /// A call's way through; it is told apart whether it probes.
    struct Pass: Sendable {
        var isProbe: Bool
    }

    private let options: GateOptions
    private let metrics: LLMMetrics
    private var breaker = Breaker.closed(failures: 0)
    private var running = 0
    private var waiters: [Waiter] = []
    private var given = 0
    private var savedRetries: Double
    private let retries: RetryPolicy
    /// Until when every call is refused, readable without waiting for the actor.
    private nonisolated let refusingUntil = Mutex<ContinuousClock.Instant?>(nil)

    init(_ options: GateOptions, _ retries: RetryPolicy, _ metrics: LLMMetrics) {
        self.options = options
        self.retries = retries
        self.metrics = metrics
        savedRetries = retries.saved
    }

    /// Whether a call would get beyond the breaker.
    nonisolated var isPassing: Bool {
        refusingUntil.withLock { $0.map { $0 <= .now } ?? true }
    }

    /// Waits for a turn.
    ///
    /// - Throws: `.breakerOpen`, `.overloaded`, or `.cancelled` when the task is cancelled while it waits.
    func enter() async throws(LLMError) -> Pass {
        var pass = try admit()
        if running < options.concurrency {
            running += 1
            return pass
        }
        if waiters.count >= options.queue {
            retract(pass)
            throw .overloaded
        }
        let isWelcome = await turn()
        guard isWelcome, !Task.isCancelled else {
            if isWelcome { yieldTurn() }
            retract(pass)
            throw .cancelled
        }
        // The breaker may have opened while this call waited.
        if !pass.isProbe {
            do { pass = try admit() } catch {
                yieldTurn()
                throw error
            }
        }
        return pass
    }

    /// Gives the turn back and tells the breaker how it went.
    func leave(_ pass: Pass, _ outcome: Outcome) {
        yieldTurn()
        switch outcome {
        case .healthy:
            close()
        case .faulty:
            if pass.isProbe { return open() }
            guard case .closed(let failures) = breaker else { return }
            if failures + 1 >= options.failures { open() } else { breaker = .closed(failures: failures + 1) }
        case .unknown:
            retract(pass)
        }
    }

    /// Takes one retry out of what was saved, if there is one.
    func takeRetry() -> Bool {
        guard savedRetries >= 1 else { return false }
        savedRetries -= 1
        return true
    }

    /// Whether the breaker lets no call through now.
    var isOpen: Bool {
        switch breaker {
        case .closed: false
        case .open(let end): end > .now
        case .probing: true
        }
    }

    private func admit() throws(LLMError) -> Pass {
        switch breaker {
        case .closed:
            savedRetries = min(retries.saved, savedRetries + retries.earned)
            return Pass(isProbe: false)
        case .open(let end):
            guard end <= .now else { throw .breakerOpen }
            breaker = .probing
            // Until the probe is back, others are refused without asking the actor.
            refusingUntil.withLock { $0 = .now + options.probeInterval }
            return Pass(isProbe: true)
        case .probing: throw .breakerOpen
        }
    }

    /// A probe that found nothing out lets the next call probe.
    private func retract(_ pass: Pass) {
        guard pass.isProbe, case .probing = breaker else { return }
        breaker = .open(until: .now)
        refusingUntil.withLock { $0 = nil }
    }

    private func open() {
        let end = ContinuousClock.now + options.probeInterval
        breaker = .open(until: end)
        refusingUntil.withLock { $0 = end }
        metrics.breaker(isOpen: true)
    }

    private func close() {
        if case .closed(0) = breaker { return }
        breaker = .closed(failures: 0)
        refusingUntil.withLock { $0 = nil }
        metrics.breaker(isOpen: false)
    }

    // MARK: - Turns

    /// True when the turn has come, false when the task was cancelled before.
    private func turn() async -> Bool {
        given += 1
        let number = given
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if Task.isCancelled { return continuation.resume(returning: false) }
                waiters.append(Waiter(number: number, continuation: continuation))
            }
        } onCancel: {
            Task { await self.forget(number) }
        }
    }

    private func forget(_ number: Int) {
        guard let place = waiters.firstIndex(where: { $0.number == number }) else { return }
        waiters.remove(at: place).continuation.resume(returning: false)
    }

    /// The turn goes to the one that waited longest.
    private func yieldTurn() {
        guard !waiters.isEmpty else {
            running -= 1
            return
        }
        waiters.removeFirst().continuation.resume(returning: true)
    }
}
