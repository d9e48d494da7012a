extension StableHash {
    /// The hash of an array: the same as for any collection, without the cost of a generic call from another module.
    package static func hash(_ bytes: [UInt8], kind: Kind) -> UInt64 {
        var hash = Accumulator(kind)
        for byte in bytes { hash.add(byte) }
        return hash.finished
    }
}
