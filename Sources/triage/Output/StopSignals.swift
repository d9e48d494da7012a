import ArgumentParser
import Dispatch
@preconcurrency import Glibc
import Synchronization

/// SIGINT, SIGTERM and SIGHUP as requests to stop, seen between two steps of the work so that nothing is left half written.
final class StopSignals {
    private let sources: [any DispatchSourceSignal]
    private let first: First

    private final class First: Sendable {
        let signal = Atomic<Int32>(0)
    }

    /// Notes the first signal and calls `handler` for each; a handler that restores the default action lets a second one
    /// end the program.
    ///
    /// Returns when the signals are watched: one before that would be lost.
    init(_ handler: @escaping @Sendable (Int32) -> Void = { _ in }) {
        let first = First()
        self.first = first
        sources = [SIGINT, SIGTERM, SIGHUP].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                _ = first.signal.compareExchange(expected: 0, desired: number, ordering: .relaxed)
                handler(number)
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
        let number = first.signal.load(ordering: .relaxed)
        return number == 0 ? nil : number
    }

    func cancel() { sources.forEach { $0.cancel() } }

    /// Ends the command when a signal came.
    func check() throws {
        guard let received else { return }
        Terminal.status("")
        Terminal.say("triage: interrupted; nothing was written")
        throw ExitCode(128 + received)
    }
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
