internal import CoreMetrics
internal import Synchronization

/// One metric with one set of label values.
protocol Series: AnyObject, Sendable {
    var value: SeriesValue { get }
}

/// A counter that adds up whole and fractional amounts apart, so that neither rounds the other.
final class CounterSeries: Series, CounterHandler, FloatingPointCounterHandler {
    private let whole = AtomicCount()
    private let fraction = AtomicSum()

    func increment(by amount: Int64) { if amount > 0 { whole.add(Int(amount)) } }

    func increment(by amount: Double) { if amount > 0, amount.isFinite { fraction.add(amount) } }

    func reset() {
        whole.reset()
        fraction.set(0)
    }

    var value: SeriesValue {
        let fraction = fraction.value
        return fraction == 0 ? .whole(whole.value) : .real(Double(whole.value) + fraction)
    }
}

final class GaugeSeries: Series, MeterHandler, RecorderHandler {
    private let number = AtomicSum()

    func set(_ value: Int64) { number.set(Double(value)) }
    func set(_ value: Double) { number.set(value) }
    func increment(by amount: Double) { number.add(amount) }
    func decrement(by amount: Double) { number.add(-amount) }
    func record(_ value: Int64) { set(value) }
    func record(_ value: Double) { set(value) }

    var value: SeriesValue { .real(number.value) }
}

/// A histogram; a timer's nanoseconds are recorded as seconds.
final class HistogramSeries: Series, RecorderHandler, TimerHandler {
    private let bounds: [Double]
    /// One for each bound, and one for values above the last.
    private let counts: [AtomicCount]
    private let sum = AtomicSum()

    init(bounds: [Double]) {
        self.bounds = bounds
        counts = (0...bounds.count).map { _ in AtomicCount() }
    }

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        guard value.isFinite else { return }
        var place = 0
        while place < bounds.count, value > bounds[place] { place += 1 }
        counts[place].add(1)
        sum.add(value)
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }

    var value: SeriesValue {
        .histogram(.init(bounds: bounds, counts: counts.map(\.value), sum: sum.value))
    }

    /// What was counted so far.
    var reading: HistogramReading { HistogramReading(bounds: bounds, counts: counts.map(\.value)) }
}

/// A whole number that many threads may add to.
final class AtomicCount: Sendable {
    private let stored = Atomic<Int>(0)

    var value: Int { stored.load(ordering: .relaxed) }

    /// Wraps around after 2⁶³.
    func add(_ amount: Int) { stored.wrappingAdd(amount, ordering: .relaxed) }

    func reset() { stored.store(0, ordering: .relaxed) }
}

/// A floating-point number that many threads may add to.
final class AtomicSum: Sendable {
    private let stored = Atomic<Double>(0)

    var value: Double { stored.load(ordering: .relaxed) }

    func set(_ value: Double) { stored.store(value, ordering: .relaxed) }

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
