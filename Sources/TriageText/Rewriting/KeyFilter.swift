/// A set of keys that says of nearly every other key that it does not hold it: one bit for each of some hashes.
struct KeyFilter: Sendable {
    private var bits: [UInt64]
    private let shift: UInt32

    /// An empty set for so many keys: one bit in sixteen will be set.
    init(capacity: Int) {
        var width: UInt32 = 6
        while 1 << width < 16 * capacity { width += 1 }
        bits = [UInt64](repeating: 0, count: 1 << (width - 6))
        shift = 32 - width
    }

    mutating func insert(_ key: UInt32) {
        let place = place(of: key)
        bits[place >> 6] |= 1 << UInt64(place & 63)
    }

    /// Whether the key may be in the set; surely if it is.
    @inline(__always) func mayContain(_ key: UInt32) -> Bool {
        let place = place(of: key)
        return bits[place >> 6] & 1 << UInt64(place & 63) != 0
    }

    @inline(__always) private func place(of key: UInt32) -> Int { Int((key &* 0x9E37_79B1) >> shift) }
}

/// The last four bytes of phrases, or all of a shorter one, ignoring ASCII case.
struct EndingFilter: Sendable {
    private var keys: KeyFilter

    /// The endings of phrases of at least two bytes.
    init(_ phrases: [[UInt8]]) {
        keys = KeyFilter(capacity: phrases.count)
        for phrase in phrases {
            let key = phrase.lastFour(before: phrase.count)
            keys.insert(phrase.count < 4 ? key >> (8 * UInt32(4 - phrase.count)) : key)
        }
    }

    init(_ phrases: [StaticString]) { self.init(phrases.map { $0.withUTF8Buffer { Array($0) } }) }

    /// Whether one of the phrases may end at `end`; surely if it does.
    func mayMatch(_ text: [UInt8], endingAt end: Int) -> Bool {
        let four = text.lastFour(before: end)
        return keys.mayContain(four) || keys.mayContain(four >> 8) || keys.mayContain(four >> 16)
    }

    /// Whether the bytes in a range may be one of the phrases; surely if they are.
    @inline(__always) func mayContain(_ text: [UInt8], _ range: Range<Int>) -> Bool {
        let four = text.lastFour(before: range.upperBound)
        return keys.mayContain(range.count < 4 ? four >> (8 * UInt32(4 - range.count)) : four)
    }
}
