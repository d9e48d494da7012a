/// Values of the first release: a change of them breaks every saved bundle.
enum FrozenHashes {
    static let password: UInt64 = 18_056_277_875_138_577_374
    static let street: UInt64 = 15_453_316_407_802_661_797
}
