/// Makes any bytes valid UTF-8 text with plain line ends and spaces, and without control and invisible characters.
enum UTF8Repair {
    /// U+FFFD in UTF-8.
    static let replacement: StaticString = "\u{FFFD}"

    /// Puts the characters in order and drops encoded data.
    ///
    /// Ill-formed bytes become U+FFFD; control characters and the spaces of other alphabets become spaces; CRLF, CR
    /// and the line ends of Unicode become LF. Invisible characters go, and letters with combining marks become one
    /// character where there is one. Text that is in order, as nearly all is, comes back untouched.
    static func repair(_ bytes: [UInt8]) -> MappedText {
        characters(bytes).rewritten(by: EncodedData.dropped)
    }

    /// Puts the characters in order.
    static func characters(_ bytes: [UInt8]) -> MappedText {
        var index = firstIrregular(in: bytes)
        guard index < bytes.count else { return MappedText(bytes) }
        var rewriter = Rewriter(bytes)
        var edited = 0
        var composer = MarkComposer()
        while index < bytes.count {
            let byte = bytes[index]
            if byte >= 0x80 {
                index = repairScalar(at: index, of: bytes, with: &rewriter, &composer, &edited)
            } else {
                if isControl(byte) { repairControl(byte, at: index, of: bytes, with: &rewriter) }
                index = bytes.skipPrintable(from: index + 1)
            }
        }
        return rewriter.finish()
    }

    /// Repairs what stands at `index`, outside ASCII, and gives the index after it; `edited` is the end of the last
    /// edit made here.
    private static func repairScalar(
        at index: Int, of bytes: [UInt8], with rewriter: inout Rewriter, _ composer: inout MarkComposer,
        _ edited: inout Int
    ) -> Int {
        let length = scalarLength(in: bytes, at: index)
        guard length > 0 else {
            edited = endOfMalformed(in: bytes, at: index)
            rewriter.replace(index..<edited, with: replacement)
            return edited
        }
        let end = index + length
        guard InvisibleCharacters.mayStart(with: bytes[index]) else { return end }
        switch InvisibleCharacters.role(of: Scalars.decode(bytes, at: index).scalar) {
        case .keep: return end
        case .joiner where InvisibleCharacters.isSpelling(bytes, joinerAt: index): return end
        case .drop, .joiner: rewriter.drop(index..<end)
        case .space: rewriter.replace(index..<end, with: " ")
        case .lineEnd: rewriter.replace(index..<end, with: "\n")
        case .composing:
            let end = MarkComposer.endOfMarks(bytes, at: index)
            guard let (range, composed) = composer.compose(bytes, index..<end, from: edited) else {
                return end
            }
            rewriter.replace(range, with: composed)
            edited = end
            return end
        }
        edited = end
        return end
    }

    /// Whether an ASCII byte must not stay as it is.
    @inline(__always) private static func isControl(_ byte: UInt8) -> Bool {
        byte < 0x20 && byte != ASCII.tab && byte != ASCII.newline || byte == 0x7F
    }

    private static func firstIrregular(in bytes: [UInt8]) -> Int {
        var index = bytes.skipPrintable(from: 0)
        while index < bytes.count {
            let byte = bytes[index]
            if byte >= 0x80 {
                let length = scalarLength(in: bytes, at: index)
                guard length > 0 else { return index }
                if InvisibleCharacters.mayStart(with: byte),
                    InvisibleCharacters.role(of: Scalars.decode(bytes, at: index).scalar) != .keep
                {
                    return index
                }
                index += length
            } else {
                if isControl(byte) { return index }
                index = bytes.skipPrintable(from: index + 1)
            }
        }
        return bytes.count
    }

    private static func repairControl(
        _ byte: UInt8, at index: Int, of bytes: [UInt8], with rewriter: inout Rewriter
    ) {
        if byte == ASCII.carriageReturn {
            if bytes.peek(index + 1) == ASCII.newline {
                rewriter.drop(index..<index + 1)
            } else {
                rewriter.replace(index..<index + 1, with: "\n")
            }
        } else {
            rewriter.replace(index..<index + 1, with: " ")
        }
    }

    /// The length of the well-formed multi-byte scalar at `index`, or 0 (Unicode, table 3-7).
    static func scalarLength(in bytes: [UInt8], at index: Int) -> Int {
        let second = bytes.peek(index + 1)
        let lead = bytes[index]
        switch lead {
        case 0xC2...0xDF: return isTail(second) ? 2 : 0
        case 0xE0...0xEF:
            guard isTail(second), isTail(bytes.peek(index + 2)) else { return 0 }
            if lead == 0xE0 && second < 0xA0 || lead == 0xED && second > 0x9F { return 0 }
            return 3
        case 0xF0...0xF4:
            guard isTail(second), isTail(bytes.peek(index + 2)), isTail(bytes.peek(index + 3)) else {
                return 0
            }
            if lead == 0xF0 && second < 0x90 || lead == 0xF4 && second > 0x8F { return 0 }
            return 4
        default: return 0
        }
    }

    /// The end of the longest start of a scalar at `index`, at least one byte: what one U+FFFD stands for.
    private static func endOfMalformed(in bytes: [UInt8], at index: Int) -> Int {
        let second = bytes.peek(index + 1)
        let allowsSecond =
            switch bytes[index] {
            case 0xE0: second >= 0xA0 && second <= 0xBF
            case 0xED: second >= 0x80 && second <= 0x9F
            case 0xE1...0xEF, 0xF1...0xF3: isTail(second)
            case 0xF0: second >= 0x90 && second <= 0xBF
            case 0xF4: second >= 0x80 && second <= 0x8F
            default: false
            }
        guard allowsSecond else { return index + 1 }
        return bytes[index] >= 0xF0 && isTail(bytes.peek(index + 2)) ? index + 3 : index + 2
    }

    @inline(__always) private static func isTail(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }
}
