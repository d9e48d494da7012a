/// A fixed set of words, looked up by byte range without making strings, ignoring ASCII case.
///
/// Only 64-bit hashes are kept: a collision would need a word built for it and could at worst hide or mask
/// one more word.
struct KeywordSet: Sendable {
    private let hashes: UInt64HashTable

    /// Makes the set from words separated by spaces.
    init(_ words: String) {
        var hashes: Set<UInt64> = []
        var current = Self.basis
        var isEmpty = true
        for byte in words.utf8 {
            if byte == ASCII.space {
                if !isEmpty { hashes.insert(current) }
                current = Self.basis
                isEmpty = true
            } else {
                current = Self.mix(current, byte)
                isEmpty = false
            }
        }
        if !isEmpty { hashes.insert(current) }
        self.init(hashes)
    }

    /// Makes the set from phrases, which may hold spaces.
    init(phrases: [String]) {
        self.init(Set(phrases.map { $0.utf8.reduce(Self.basis, Self.mix) }))
    }

    private init(_ hashes: Set<UInt64>) {
        var map = UInt64HashTable(capacity: hashes.count)
        for hash in hashes { _ = map.insert(hash) }
        self.hashes = map
    }

    /// Whether the bytes of `text` in `range` are one of the words.
    func contains(_ text: [UInt8], _ range: Range<Int>) -> Bool {
        hashes[Self.hash(text, range)] != nil
    }

    /// The hash of the bytes in `range` with ASCII capitals made small (FNV-1a, 64 bits).
    static func hash(_ text: [UInt8], _ range: Range<Int>) -> UInt64 {
        var hash = basis
        for index in range { hash = mix(hash, text[index]) }
        return hash
    }

    private static let basis: UInt64 = 0xcbf2_9ce4_8422_2325

    @inline(__always) private static func mix(_ hash: UInt64, _ byte: UInt8) -> UInt64 {
        (hash ^ UInt64(ASCII.lower(byte))) &* 0x100_0000_01b3
    }
}
