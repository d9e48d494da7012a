extension Double {
    var sixDecimals: Double { (self * 1e6).rounded() / 1e6 }

    /// Two whole numbers' ratio; nil for a divisor of zero.
    static func ratio(_ part: Int, _ whole: Int) -> Double? {
        whole > 0 ? Double(part) / Double(whole) : nil
    }
}

/// A share of rows with the 95 % interval of Wilson (1927), which holds for few rows too.
package struct Proportion: Sendable, Equatable {
    var part: Int
    var whole: Int

    package init(part: Int, whole: Int) { (self.part, self.whole) = (part, whole) }

    var value: Double? { .ratio(part, whole) }

    var interval: (low: Double, high: Double)? {
        guard let share = value else { return nil }
        let z = 1.959963984540054
        let (n, square) = (Double(whole), z * z)
        let middle = (share + square / (2 * n)) / (1 + square / n)
        let reach = z * (share * (1 - share) / n + square / (4 * n * n)).squareRoot() / (1 + square / n)
        return (max(0, middle - reach), min(1, middle + reach))
    }

    package var estimate: Estimate { Estimate(value: value, low: interval?.low, high: interval?.high) }
}

extension [Double] {
    /// The value that a share of these, sorted, lies below: the nearest rank.
    func quantile(_ share: Double) -> Double? {
        guard !isEmpty else { return nil }
        return self[Swift.min(count - 1, Int(share * Double(count)))]
    }

    /// The middle 95 % of these, in any order.
    package var interval: (low: Double, high: Double)? {
        let sorted = sorted()
        guard let low = sorted.quantile(0.025), let high = sorted.quantile(0.975) else { return nil }
        return (low, high)
    }
}
