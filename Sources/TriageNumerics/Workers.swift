internal import Dispatch
internal import Foundation
internal import Synchronization

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

    /// One thread for each processor that this process may use.
    package static var allProcessors: Workers { Workers(ProcessInfo.processInfo.activeProcessorCount) }

    /// The results of `body` for many elements in their order, computed on all processors; a few are computed on this thread.
    package static func map<Element: Sendable, Result: Sendable>(
        _ elements: [Element], _ body: @Sendable (Element) -> Result
    ) -> [Result] {
        let piece = 256
        let pieces = (elements.count + piece - 1) / piece
        guard pieces > 1 else { return elements.map(body) }
        let results = Mutex([[Result]](repeating: [], count: pieces))
        allProcessors.forEach(pieces) { number in
            let found = elements[number * piece..<min((number + 1) * piece, elements.count)].map(body)
            results.withLock { $0[number] = found }
        }
        return results.withLock { Array($0.joined()) }
    }
}
