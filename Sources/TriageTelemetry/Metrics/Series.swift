internal import CoreMetrics

/// One metric with one set of label values, as the exposition reads it.
protocol Series: AnyObject, Sendable {
    /// Writes this series' lines.
    func write(to exposition: inout Exposition, name: String, labels: String)
}

/// A number that only grows: whole amounts and amounts with fraction are kept apart, so that neither rounds the other.
final class CounterSeries: Series, CounterHandler, FloatingPointCounterHandler {
    private let whole = AtomicCount()
    private let fraction = AtomicSum()

    func increment(by amount: Int64) { if amount > 0 { whole.add(Int(amount)) } }

    func increment(by amount: Double) { if amount > 0, amount.isFinite { fraction.add(amount) } }

    func reset() {
        whole.reset()
        fraction.set(0)
    }

    func write(to exposition: inout Exposition, name: String, labels: String) {
        let fraction = fraction.value
        exposition.sample(
            name, labels, fraction == 0 ? .whole(whole.value) : .real(Double(whole.value) + fraction))
    }
}

/// A number that goes up and down.
final class GaugeSeries: Series, MeterHandler, RecorderHandler {
    private let number = AtomicSum()

    func set(_ value: Int64) { number.set(Double(value)) }
    func set(_ value: Double) { number.set(value) }
    func increment(by amount: Double) { number.add(amount) }
    func decrement(by amount: Double) { number.add(-amount) }
    func record(_ value: Int64) { set(value) }
    func record(_ value: Double) { set(value) }

    func write(to exposition: inout Exposition, name: String, labels: String) {
        exposition.sample(name, labels, .real(number.value))
    }
}

/// How many values fell under each bound.
///
/// A timer's values arrive in nanoseconds and count in seconds.
final class HistogramSeries: Series, RecorderHandler, TimerHandler {
    private let bounds: [Double]
    /// One for each bound, and one for what is above the last.
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

    func write(to exposition: inout Exposition, name: String, labels: String) {
        var total = 0
        let comma = labels.isEmpty ? "" : ","
        for (bound, count) in zip(bounds, counts) {
            total += count.value
            exposition.sample("\(name)_bucket", "\(labels)\(comma)le=\"\(bound)\"", .whole(total))
        }
        total += counts[bounds.count].value
        exposition.sample("\(name)_bucket", "\(labels)\(comma)le=\"+Inf\"", .whole(total))
        exposition.sample("\(name)_sum", labels, .real(sum.value))
        exposition.sample("\(name)_count", labels, .whole(total))
    }
}
