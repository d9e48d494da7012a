internal import Synchronization

/// Finished spans that wait for export.
///
/// Its length is bounded: what comes while it is full is dropped.
final class SpanQueue: Sendable {
    private let limit: Int
    private let waiting = Mutex<[FinishedSpan]>([])

    init(limit: Int) { self.limit = limit }

    /// Puts a span at the end; how many wait then, or nil when it was dropped.
    func put(_ span: FinishedSpan) -> Int? {
        waiting.withLock { waiting in
            guard waiting.count < limit else { return nil }
            waiting.append(span)
            return waiting.count
        }
    }

    /// Takes the oldest spans, at most `count`.
    func take(_ count: Int) -> [FinishedSpan] {
        waiting.withLock { waiting in
            let taken = Array(waiting.prefix(count))
            waiting.removeFirst(taken.count)
            return taken
        }
    }
}
