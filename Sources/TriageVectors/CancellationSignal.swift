#if Service
internal import CPostgres
internal import Glibc

/// Wakes a thread that waits for a socket when its task is cancelled.
final class CancellationSignal: Sendable {
    /// Readable once the signal was sent; -1 where the system had no descriptor left.
    let descriptor: Int32

    init() { descriptor = triage_pq_signal() }

    func send() {
        var one: UInt64 = 1
        _ = write(descriptor, &one, MemoryLayout<UInt64>.size)
    }

    deinit { if descriptor >= 0 { close(descriptor) } }
}
#endif
