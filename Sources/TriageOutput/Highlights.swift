/// A text cut into stretches, some of them with the weight of the term that covers them.
struct Highlights {
    struct Stretch {
        var text: String
        var weight: Float?
    }

    let stretches: [Stretch]

    /// Terms that overlap an earlier one, as the words of one placeholder do in the original, are left out.
    init(_ bytes: [UInt8], _ terms: [(range: Range<Int>, weight: Float)]) {
        var stretches: [Stretch] = []
        var end = 0
        func add(_ range: Range<Int>, _ weight: Float?) {
            guard !range.isEmpty else { return }
            stretches.append(Stretch(text: String(decoding: bytes[range], as: UTF8.self), weight: weight))
        }
        for (range, weight) in terms.sorted(by: { $0.range.lowerBound < $1.range.lowerBound })
        where range.lowerBound >= end && range.upperBound <= bytes.count {
            add(end..<range.lowerBound, nil)
            add(range, weight)
            end = range.upperBound
        }
        add(end..<bytes.count, nil)
        self.stretches = stretches
    }
}
