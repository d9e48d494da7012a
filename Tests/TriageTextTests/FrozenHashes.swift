/// Values of the first release: a change of them breaks every saved bundle.
enum FrozenHashes {
    static let password: UInt64 = 0
    static let street: UInt64 = 0
}
