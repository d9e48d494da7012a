@preconcurrency import Glibc
import Dispatch
import Synchronization

/// SIGINT, SIGTERM and SIGHUP as requests to stop.
final class StopSignals {
    private let sources: [any DispatchSourceSignal]
    private let state: State

    private final class State: Sendable {
        let signal = Atomic<Int32>(0)
        let phase = Atomic<Phase>(.working)
    }

    private enum Phase: UInt8, AtomicRepresentable {
        /// A signal may end the program.
        case working
        case ending
        /// What is being written is finished first.
        case writing
    }

    /// Notes the first signal and calls `handler` for each; a handler that restores the default action lets a second one
    /// end the program.
    convenience init(_ handler: @escaping @Sendable (Int32) -> Void = { _ in }) {
        self.init(handler: { number, _ in handler(number) })
    }

    /// Ends the program at the first signal, with a sentence, until `beginWriting`.
    convenience init(ending sentence: String) {
        self.init(handler: { number, state in
            let change = state.phase.compareExchange(
                expected: .working, desired: .ending, ordering: .acquiringAndReleasing)
            guard change.exchanged else { return }
            Terminal.status("")
            Terminal.say(sentence)
            _exit(128 + number)
        })
    }

    /// Returns when the signals are watched: one before that would be lost.
    ///
    /// They have a queue of their own, so that work on all processors does not delay them.
    private init(handler: @escaping @Sendable (Int32, State) -> Void) {
        let state = State()
        self.state = state
        let queue = DispatchQueue(label: "signals")
        sources = [SIGINT, SIGTERM, SIGHUP].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                _ = state.signal.compareExchange(expected: 0, desired: number, ordering: .relaxed)
                handler(number, state)
            }
            let isWatched = DispatchSemaphore(value: 0)
            source.setRegistrationHandler { isWatched.signal() }
            source.resume()
            isWatched.wait()
            return source
        }
    }

    /// The first signal that came.
    var received: Int32? {
        let number = state.signal.load(ordering: .relaxed)
        return number == 0 ? nil : number
    }

    /// From now on a signal is only noted, so that nothing is left half written.
    func beginWriting() {
        let change = state.phase.compareExchange(
            expected: .working, desired: .writing, ordering: .acquiringAndReleasing)
        // The program is ending on the signals' queue.
        while !change.exchanged { pause() }
    }

    func cancel() { sources.forEach { $0.cancel() } }
}

/// Runs `work`, which is cancelled at the first signal to stop; a second one ends the program at once.
///
/// The result is the work's, and the signal that came, if one did.
func cancelledBySignals<Success: Sendable, Failure: Error>(
    _ work: @escaping @Sendable () async throws(Failure) -> Success
) async -> (result: Result<Success, Failure>, signal: Int32?) {
    let task = Task { () -> Result<Success, Failure> in
        do throws(Failure) { return .success(try await work()) } catch { return .failure(error) }
    }
    let stop = StopSignals { number in
        signal(number, SIG_DFL)
        task.cancel()
    }
    let result = await task.value
    stop.cancel()
    return (result, stop.received)
}
