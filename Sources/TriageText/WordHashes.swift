/// The words of a text as hashes, in order, symbols left out: what phrases are compared by.
public enum WordHashes {
    /// One hash a word; a hyphen and a space between two words are the same.
    public static func words(of text: [UInt8]) -> [UInt64] {
        var hashes: [UInt64] = []
        var folded: [UInt8] = []
        var index = 0
        while index < text.count {
            let kind = WordScanner.scan(text, at: &index, folded: &folded)
            if kind == .ascii || kind == .unicode { hashes.append(StableHash.hash(folded, kind: .word)) }
        }
        return hashes
    }
}
