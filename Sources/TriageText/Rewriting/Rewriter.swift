/// Builds a `MappedText` from edits given from left to right; what lies between them is copied.
///
/// Nothing is allocated before the first edit, and without one `finish()` gives the source back.
package struct Rewriter: Sendable {
    private let source: [UInt8]
    private var output: [UInt8] = []
    private var map = MapBuilder()
    private var copied = 0
    private var isEdited = false

    /// Starts with nothing edited.
    package init(_ source: [UInt8]) {
        self.source = source
    }

    /// Replaces the bytes of `range` by a fixed text.
    package mutating func replace(_ range: Range<Int>, with text: StaticString) {
        guard let range = advance(to: range) else { return }
        text.withUTF8Buffer { output.append(contentsOf: $0) }
        map.append(length: text.utf8CodeUnitCount, source: range, isVerbatim: false)
    }

    package mutating func replace(_ range: Range<Int>, with bytes: some Collection<UInt8>) {
        guard !bytes.isEmpty else { return drop(range) }
        guard let range = advance(to: range) else { return }
        output.append(contentsOf: bytes)
        map.append(length: bytes.count, source: range, isVerbatim: false)
    }

    /// Leaves out the bytes of `range`.
    package mutating func drop(_ range: Range<Int>) {
        _ = advance(to: range)
    }

    /// Copies the rest and gives the rewritten text.
    package consuming func finish() -> MappedText {
        guard isEdited else { return MappedText(source) }
        copy(upTo: source.count)
        return MappedText(bytes: output, map: map, sourceCount: source.count)
    }

    /// Copies up to the start of an edit and steps over it; nil when nothing is left of the range.
    ///
    /// What an earlier edit already covered, or lies outside the source, is not edited again.
    private mutating func advance(to range: Range<Int>) -> Range<Int>? {
        let lower = min(max(range.lowerBound, copied), source.count)
        let upper = min(range.upperBound, source.count)
        guard lower < upper else { return nil }
        if !isEdited {
            isEdited = true
            output.reserveCapacity(source.count + 16)
        }
        copy(upTo: lower)
        copied = upper
        return lower..<upper
    }

    private mutating func copy(upTo end: Int) {
        guard copied < end else { return }
        output.append(contentsOf: source[copied..<end])
        map.append(length: end - copied, source: copied..<end, isVerbatim: true)
        copied = end
    }
}
