/// A small seeded generator (Steele, Lea and Flood, 2014): the same seed gives the same numbers everywhere.
package struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Starts the sequence that belongs to `seed`.
    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return SplitMix64.mix(state)
    }

    /// The finaliser alone: a good 64-bit mix of one value.
    package static func mix(_ value: UInt64) -> UInt64 {
        var z = value
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// A number in 0 ..< 1 with 24 random bits.
    package mutating func unitFloat() -> Float { Float(next() >> 40) * 0x1p-24 }

    /// A number in 0 ..< `bound`, `bound` > 0 (the remainder's bias is below 2^-40 for bounds under 2^24).
    package mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
