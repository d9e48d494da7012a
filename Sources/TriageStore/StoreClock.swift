internal import Foundation

/// Where a store has its times from; tests bring their own.
package struct StoreClock: Sendable {
    /// Milliseconds since 1970, for people and for retention; it may jump.
    package var now: @Sendable () -> Int64
    /// Milliseconds since any moment, for leases and retries; it never jumps, not even when the machine slept.
    package var ticks: @Sendable () -> Int64

    package init(now: @escaping @Sendable () -> Int64, ticks: @escaping @Sendable () -> Int64) {
        self.now = now
        self.ticks = ticks
    }

    /// The machine's clocks.
    package static let system: StoreClock = {
        let start = ContinuousClock.now
        return StoreClock(
            now: { Int64(Date().timeIntervalSince1970 * 1000) },
            ticks: { Int64(start.duration(to: .now) / .milliseconds(1)) })
    }()
}
