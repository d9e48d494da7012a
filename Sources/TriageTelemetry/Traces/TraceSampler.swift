/// Which traces are recorded: those that the caller records; of traces that begin here, a share.
package struct TraceSampler: Sendable, Equatable {
    /// The share of traces that begin here, 0 to 1.
    package let ratio: Double

    /// A sampler of that share, cut to 0…1.
    package init(ratio: Double) { self.ratio = min(max(ratio, 0), 1) }

    /// Whether a trace that begins here with this id is recorded: services with the same share agree on it.
    func samples(_ traceID: (high: UInt64, low: UInt64)) -> Bool {
        // The last 56 bits are the random ones.
        Double(traceID.low & 0xFF_FFFF_FFFF_FFFF) < ratio * 0x1p56
    }
}
