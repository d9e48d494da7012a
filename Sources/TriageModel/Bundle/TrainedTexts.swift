internal import TriageNumerics
package import TriageText
package import TriageTickets

/// Keyed hashes of the texts that a bundle was trained on, by which it recognises them.
///
/// A text's hash is that of its words in order, as the bundle prepares them: identifiers are masked, and case, symbols,
/// spaces, the kind of file and the border between subject and body do not count. 32 bits of it are kept, so that a
/// million rows take 4 MB. A text that none of n rows has is taken for one of theirs with a probability of n / 2^32:
/// 0.02 % at a million rows.
///
/// The key is made from the texts themselves, so that equal rows give equal bundles. No text can be read from the hashes,
/// and those of two sites cannot be compared; but whoever has the bundle and the exact words of a ticket can find out
/// whether it was among the training rows.
package struct TrainedTexts: Sendable {
    /// The bundle's number, which every hash depends on.
    private let key: UInt64
    /// One hash a row, ascending; equal texts have equal ones.
    private let hashes: ConstantBuffer<Int32>

    /// The hashes of training rows' contents; rows without a word have none.
    package init(contents: [UInt64?]) {
        let known = contents.compactMap(\.self)
        let key = known.reduce(UInt64(known.count)) { StableHash.pair($0, $1) }
        self.key = key
        hashes = ConstantBuffer(known.map { TrainedTexts.hash($0, key) }.sorted())
    }

    /// Rows with a hash.
    package var count: Int { hashes.count }

    /// What a text says: a hash of its words in order; nil without a word.
    package static func content(of words: Words) -> UInt64? {
        let phrase = words.phrase
        return phrase.isEmpty ? nil : content(of: phrase)
    }

    /// The same of the hashes of words in order.
    static func content(of phrase: some Collection<UInt64>) -> UInt64 {
        phrase.reduce(UInt64(phrase.count)) { StableHash.pair($0, $1) }
    }

    /// Whether a training row has this content.
    package func contains(_ content: UInt64) -> Bool {
        let wanted = TrainedTexts.hash(content, key)
        var (low, high) = (0, hashes.count)
        while low < high {
            let middle = (low + high) / 2
            if hashes[middle] < wanted { low = middle + 1 } else { high = middle }
        }
        return low < hashes.count && hashes[low] == wanted
    }

    /// The high half of the content's hash under the key.
    private static func hash(_ content: UInt64, _ key: UInt64) -> Int32 {
        Int32(bitPattern: UInt32(truncatingIfNeeded: StableHash.pair(key, content) >> 32))
    }
}

extension TrainedTexts {
    private static let hashesName = "training.texts"
    private static let keyName = "training.texts_key"

    /// Reads the hashes; nil in bundles that were trained before they were kept.
    init?(_ tensors: SafeTensors) throws(ModelError) {
        guard tensors.contains(TrainedTexts.hashesName) else { return nil }
        let shape = [try tensors.shape(of: TrainedTexts.hashesName).first ?? 0]
        hashes = try tensors.buffer(TrainedTexts.hashesName, of: Int32.self, shape: shape)
        key = try tensors.buffer(TrainedTexts.keyName, of: UInt64.self, shape: [1])[0]
    }

    /// Adds the hashes to a bundle's tensors.
    package func add(to tensors: inout SafeTensorsWriter) {
        tensors.add(TrainedTexts.hashesName, hashes.array, shape: [hashes.count])
        tensors.add(TrainedTexts.keyName, [key], shape: [1])
    }
}

extension ModelBundle {
    /// Whether the bundle was trained on a ticket's text; false for a bundle without hashes.
    package func wasTrained(on text: TicketText) -> Bool {
        guard let trainedTexts else { return false }
        var words = Words()
        words.scan(subject: text.subject.bytes, body: text.body.bytes)
        return TrainedTexts.content(of: words).map(trainedTexts.contains) ?? false
    }
}
