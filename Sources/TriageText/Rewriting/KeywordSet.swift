/// A fixed set of words, looked up by byte range without making strings, ignoring ASCII case.
///
/// Only 64-bit hashes are kept: a collision would need a word built for it and could at worst hide or mask
/// one more word.
struct KeywordSet: Sendable {
    private let hashes: UInt64HashTable
    /// How the words end: nearly all that is looked up ends otherwise.
    private let endings: EndingFilter

    /// Makes the set from words separated by spaces.
    init(_ words: String) {
        self.init(words.utf8.split(separator: ASCII.space).flatMap(Self.caseVariants))
    }

    /// A word in small letters, and with its letters outside ASCII also capital, as at the start of a sentence or
    /// throughout: the look-up makes only ASCII letters small.
    static func caseVariants(of word: some Sequence<UInt8>) -> [[UInt8]] {
        let small = word.map(ASCII.lower)
        guard small.contains(where: { $0 >= 0x80 }) else { return [small] }
        let text = String(decoding: small, as: UTF8.self)
        let first = text.prefix(1).uppercased() + text.dropFirst()
        var variants = [small]
        for capital in [first, text.uppercased()].map({ $0.utf8.map(ASCII.lower) })
        where !variants.contains(capital) {
            variants.append(capital)
        }
        return variants
    }

    /// Makes the set from phrases, which may hold spaces.
    init(phrases: [String]) {
        self.init(phrases.map { Array($0.utf8) })
    }

    private init(_ words: [[UInt8]]) {
        var hashes = UInt64HashTable(capacity: words.count)
        for word in words { _ = hashes.insert(word.reduce(Self.basis, Self.mix)) }
        self.hashes = hashes
        endings = EndingFilter(words)
    }

    /// Whether the bytes of `text` in `range` are one of the words.
    func contains(_ text: [UInt8], _ range: Range<Int>) -> Bool {
        endings.mayContain(text, range) && hashes[Self.hash(text, range)] != nil
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
