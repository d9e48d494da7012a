internal import Synchronization

/// Limits calls under way, and refuses all calls for a while after the server failed several times in a row.
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

    /// What a finished call shows about the server.
    enum Outcome {
        case healthy
        case faulty
        /// The call was cancelled, or never reached the server.
        case unknown
    }

    /// Permission for one call; `isProbe` marks the trial call of the half-open breaker.
    struct Permit: Sendable {
        var isProbe: Bool
    }

    private let options: GateOptions
    private let metrics: LLMMetrics
    private var breaker = Breaker.closed(failures: 0)
    private var running = 0
    private var waiters: [Waiter] = []
    private var lastNumber = 0
    private var retryTokens: Double
    private let retries: RetryPolicy
    /// Until when every call is refused, readable without waiting for the actor.
    private nonisolated let refusingUntil = Mutex<ContinuousClock.Instant?>(nil)

    init(_ options: GateOptions, _ retries: RetryPolicy, _ metrics: LLMMetrics) {
        self.options = options
        self.retries = retries
        self.metrics = metrics
        retryTokens = retries.initialRetryTokens
    }

    /// Whether a call would get beyond the breaker.
    nonisolated var isPassing: Bool {
        refusingUntil.withLock { $0.map { $0 <= .now } ?? true }
    }

    /// Waits for a turn.
    ///
    /// - Throws: `.breakerOpen`, `.overloaded`, or `.cancelled` when the task is cancelled while it waits.
    func acquire() async throws(LLMError) -> Permit {
        var permit = try admit()
        if running < options.concurrency {
            running += 1
            return permit
        }
        if waiters.count >= options.queue {
            retract(permit)
            throw .overloaded
        }
        let isGranted = await waitForTurn()
        guard isGranted, !Task.isCancelled else {
            if isGranted { yieldTurn() }
            retract(permit)
            throw .cancelled
        }
        // The breaker may have opened while this call waited.
        if !permit.isProbe {
            do { permit = try admit() } catch {
                yieldTurn()
                throw error
            }
        }
        return permit
    }

    /// Returns the permit and counts the outcome for the breaker.
    func release(_ permit: Permit, _ outcome: Outcome) {
        yieldTurn()
        switch outcome {
        case .healthy:
            close()
        case .faulty:
            if permit.isProbe { return open() }
            guard case .closed(let failures) = breaker else { return }
            if failures + 1 >= options.failures { open() } else { breaker = .closed(failures: failures + 1) }
        case .unknown:
            retract(permit)
        }
    }

    /// Takes one retry token; false when none is left.
    func takeRetry() -> Bool {
        guard retryTokens >= 1 else { return false }
        retryTokens -= 1
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

    private func admit() throws(LLMError) -> Permit {
        switch breaker {
        case .closed:
            retryTokens = min(retries.initialRetryTokens, retryTokens + retries.retryBudgetRatio)
            return Permit(isProbe: false)
        case .open(let end):
            guard end <= .now else { throw .breakerOpen }
            breaker = .probing
            // Until the probe is back, others are refused without asking the actor.
            refusingUntil.withLock { $0 = .now + options.probeInterval }
            return Permit(isProbe: true)
        case .probing: throw .breakerOpen
        }
    }

    /// A probe that found nothing out lets the next call probe.
    private func retract(_ permit: Permit) {
        guard permit.isProbe, case .probing = breaker else { return }
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
    private func waitForTurn() async -> Bool {
        lastNumber += 1
        let number = lastNumber
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
