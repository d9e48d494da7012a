internal import Dispatch

/// A fixed number of threads that share out numbered pieces of work.
///
/// What a piece computes must not depend on which thread takes it; then no result depends on the number.
package struct Workers: Sendable {
    package let count: Int

    /// At least one thread.
    package init(_ count: Int) { self.count = max(1, count) }

    /// Calls `body` once for each number in 0 ..< `pieces` and waits for all.
    package func forEach(_ pieces: Int, _ body: @Sendable (Int) -> Void) {
        guard count > 1, pieces > 1 else {
            for piece in 0..<pieces { body(piece) }
            return
        }
        let threads = min(count, pieces)
        DispatchQueue.concurrentPerform(iterations: threads) { thread in
            for piece in stride(from: thread, to: pieces, by: threads) { body(piece) }
        }
    }
}
