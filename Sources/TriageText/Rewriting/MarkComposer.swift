/// Makes one character of a letter and its combining marks, where Unicode has one (NFC).
///
/// Some programs deliver "é" as two characters. The masker and the marks of mails know the composed form only.
struct MarkComposer {
    /// Compositions made so far: a text has few, and each costs some microseconds.
    private var known: [ArraySlice<UInt8>: [UInt8]] = [:]

    /// More compositions are those of no language; the rest of such a text stays as it is.
    private static let maximumKnown = 4096
    /// More bytes of marks behind one letter are no spelling either.
    private static let maximumMarks = 16

    /// The end of the marks that start at `index`.
    static func endOfMarks(_ bytes: [UInt8], at index: Int) -> Int {
        var end = index
        while end < bytes.count, InvisibleCharacters.mayStart(with: bytes[end]) {
            let length = UTF8Repair.scalarLength(in: bytes, at: end)
            guard length > 0,
                InvisibleCharacters.role(of: Scalars.decode(bytes, at: end).scalar) == .composing
            else { break }
            end += length
        }
        return end
    }

    /// The letter before `marks` with these, and its composed form; nil when there is none, or when it would start
    /// before `limit`.
    mutating func compose(_ bytes: [UInt8], _ marks: Range<Int>, from limit: Int) -> (Range<Int>, [UInt8])? {
        guard marks.count <= Self.maximumMarks,
            let start = InvisibleCharacters.startOfScalar(bytes, before: marks.lowerBound), start >= limit
        else { return nil }
        let source = bytes[start..<marks.upperBound]
        if known[source] == nil {
            guard known.count < Self.maximumKnown else { return nil }
            known[source] = Scalars.composed(source)
        }
        guard let composed = known[source], !composed.elementsEqual(source) else { return nil }
        return (start..<marks.upperBound, composed)
    }
}
