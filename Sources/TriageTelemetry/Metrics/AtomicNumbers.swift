internal import Synchronization

/// A whole number that many threads add to.
final class AtomicCount: Sendable {
    private let stored = Atomic<Int>(0)

    /// The number now.
    var value: Int { stored.load(ordering: .relaxed) }

    /// Adds `amount`; wraps around after 2⁶³.
    func add(_ amount: Int) { stored.wrappingAdd(amount, ordering: .relaxed) }

    /// Sets the number to zero.
    func reset() { stored.store(0, ordering: .relaxed) }
}

/// A number with fraction that many threads add to.
final class AtomicSum: Sendable {
    private let stored = Atomic<Double>(0)

    /// The number now.
    var value: Double { stored.load(ordering: .relaxed) }

    /// Puts `value` in place of the number.
    func set(_ value: Double) { stored.store(value, ordering: .relaxed) }

    /// Adds `amount`.
    func add(_ amount: Double) {
        var before = value
        while true {
            let (exchanged, found) = stored.weakCompareExchange(
                expected: before, desired: before + amount, ordering: .relaxed)
            if exchanged { return }
            before = found
        }
    }
}
