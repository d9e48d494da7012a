/// A text cut into stretches, some of them with the weight of the term that covers them.
package struct Highlights {
    package struct Stretch {
        package var text: String
        package var weight: Float?
    }

    package let stretches: [Stretch]

    /// Terms that overlap an earlier one, as the words of one placeholder do in the original, are left out, and so is
    /// the text of the given parts.
    package init(
        _ bytes: [UInt8], _ terms: [(range: Range<Int>, weight: Float)], leavingOut parts: [Range<Int>] = []
    ) {
        var stretches: [Stretch] = []
        var end = 0
        func add(_ range: Range<Int>, _ weight: Float?) {
            guard !range.isEmpty else { return }
            stretches.append(Stretch(text: String(decoding: bytes[range], as: UTF8.self), weight: weight))
        }
        let spans = terms.map { ($0.range, $0.weight as Float?) } + parts.map { ($0, nil) }
        for (range, weight) in spans.sorted(by: { $0.0.lowerBound < $1.0.lowerBound })
        where range.lowerBound >= end && range.upperBound <= bytes.count {
            add(end..<range.lowerBound, nil)
            if let weight { add(range, weight) }
            end = range.upperBound
        }
        add(end..<bytes.count, nil)
        self.stretches = stretches
    }
}
