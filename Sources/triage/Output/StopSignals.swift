import Dispatch
@preconcurrency import Glibc
import Synchronization

/// Runs `work`, which is cancelled at the first SIGINT, SIGTERM or SIGHUP; a second one ends the program at once.
///
/// The result is the work's, and the signal that came, if one did.
func cancelledBySignals<Value: Sendable>(
    _ work: @escaping @Sendable () async -> Value
) async -> (value: Value, signal: Int32?) {
    let came = Mutex<Int32?>(nil)
    let task = Task { await work() }
    let sources = [SIGINT, SIGTERM, SIGHUP].map { number in
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler {
            came.withLock { $0 = $0 ?? number }
            signal(number, SIG_DFL)
            task.cancel()
        }
        source.resume()
        return source
    }
    let value = await task.value
    sources.forEach { $0.cancel() }
    return (value, came.withLock { $0 })
}
