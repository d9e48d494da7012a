internal import Synchronization

/// Where answers are kept for a short time: memory, or something that several servers share.
///
/// Keys are SHA-256 in hexadecimal; values hold no personal data that masking knows.
package protocol ReplyCache: Sendable {
    /// The value of a key that is not older than it was allowed to become; nil also when the cache cannot be asked.
    func value(of key: String) async -> [UInt8]?
    /// Keeps a value for a while; what cannot be kept is let go.
    func keep(_ value: [UInt8], as key: String, for lifetime: Duration) async
}

/// Answers in memory, at most so many; the oldest goes first.
package final class MemoryReplyCache: ReplyCache {
    private struct Entry {
        var value: [UInt8]
        var end: ContinuousClock.Instant
        var number: UInt64
    }

    private struct State {
        var entries: [String: Entry] = [:]
        /// Keys in the order of their last writing; an overwritten one is there twice, with two numbers.
        var order: [(key: String, number: UInt64)] = []
        var head = 0
        var next: UInt64 = 0
    }

    private let capacity: Int
    private let state = Mutex(State())

    package init(capacity: Int) {
        precondition(capacity > 0, "a cache of \(capacity) entries")
        self.capacity = capacity
    }

    /// The value of a key, if it is still young enough.
    package func value(of key: String) async -> [UInt8]? {
        state.withLock { state in
            guard let entry = state.entries[key] else { return nil }
            guard entry.end > .now else {
                state.entries[key] = nil
                return nil
            }
            return entry.value
        }
    }

    /// Keeps a value; the oldest makes room.
    package func keep(_ value: [UInt8], as key: String, for lifetime: Duration) async {
        state.withLock { state in
            state.next += 1
            state.entries[key] = Entry(value: value, end: .now + lifetime, number: state.next)
            state.order.append((key, state.next))
            while state.entries.count > capacity || state.order.count - state.head > 2 * capacity {
                let oldest = state.order[state.head]
                state.head += 1
                if state.entries[oldest.key]?.number == oldest.number { state.entries[oldest.key] = nil }
            }
            if state.head > capacity {
                state.order.removeFirst(state.head)
                state.head = 0
            }
        }
    }
}
