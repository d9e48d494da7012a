/// A set that says of nearly every key that it does not hold it: one bit for each of 32,768 hashes.
struct KeyFilter: Sendable {
    private var bits = [UInt64](repeating: 0, count: 512)

    mutating func insert(_ key: UInt32) {
        let place = Self.place(key)
        bits[place >> 6] |= 1 << UInt64(place & 63)
    }

    /// Whether the key may be in the set; surely if it is.
    @inline(__always) func mayContain(_ key: UInt32) -> Bool {
        let place = Self.place(key)
        return bits[place >> 6] & 1 << UInt64(place & 63) != 0
    }

    @inline(__always) private static func place(_ key: UInt32) -> Int { Int((key &* 0x9E37_79B1) >> 17) }
}
