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

    /// Computes two results side by side.
    ///
    /// - Throws: The error of the first one, else that of the second.
    package static func both<First: Sendable, Second: Sendable>(
        _ first: @Sendable () throws -> First, _ second: @Sendable () throws -> Second
    ) throws -> (First, Second) {
        let firstResult = Mutex<Result<First, any Error>?>(nil)
        let secondResult = Mutex<Result<Second, any Error>?>(nil)
        Workers(2).forEach(2) { number in
            if number == 0 {
                let result = Result { try first() }
                firstResult.withLock { $0 = result }
            } else {
                let result = Result { try second() }
                secondResult.withLock { $0 = result }
            }
        }
        guard let first = firstResult.withLock({ $0 }), let second = secondResult.withLock({ $0 }) else {
            preconditionFailure("both have ended")
        }
        return (try first.get(), try second.get())
    }

    /// The results of `body` for many elements in their order, computed on all processors in pieces of `piece` elements.
    package static func map<Element: Sendable, Result: Sendable>(
        _ elements: [Element], piece: Int = 256, _ body: @Sendable (Element) -> Result
    ) -> [Result] {
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
