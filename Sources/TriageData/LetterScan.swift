/// Whether a file at rest is UTF-8 or Windows-1252, told by its lines with letters beyond ASCII.
///
/// A file of which most such lines are UTF-8 is UTF-8, and the others are errors of their rows. A file of which most
/// are not is Windows-1252 where its bytes stand as letters do, and another encoding where they do not.
struct LetterScan {
    /// What is looked at before the first line is read; a file without a letter beyond ASCII so far is a stream behind
    /// it.
    static let maximumBytes = 256 << 20
    /// The lines that are enough to decide.
    private static let enoughLines = 1000

    private var utf8Lines = 0
    private var otherLines = 0
    private var firstOther = 0
    private var fit = Windows1252.Fit()

    static func letters(
        of source: ByteSource, limit: Int, path: String
    ) throws(DataError) -> LineReader.Letters {
        guard let again = source.again else { return .undecided }
        switch try isUTF8(source) {
        case nil: return .undecided
        case true?: return .utf8
        case false?:
            var scan = LetterScan()
            try scan.read(LineReader(again, limit: limit))
            return try scan.letters(path: path)
        }
    }

    /// Whether all bytes are UTF-8; nil when they are ASCII, which says nothing about the rest.
    private static func isUTF8(_ source: ByteSource) throws(DataError) -> Bool? {
        var cut: [UInt8] = []
        var (size, isASCII) = (0, true)
        while size < maximumBytes, let piece = try source.read() {
            size += piece.count
            if cut.isEmpty, piece.isASCII { continue }
            isASCII = false
            let bytes = cut + piece
            let end = bytes.count - bytes.unfinishedScalar
            guard bytes[..<end].isUTF8 else { return false }
            cut = Array(bytes[end...])
        }
        return size < maximumBytes && !cut.isEmpty ? false : isASCII ? nil : true
    }

    private mutating func read(_ lines: LineReader) throws(DataError) {
        var lines = lines
        var size = 0
        while otherLines < LetterScan.enoughLines, size < LetterScan.maximumBytes, let line = try lines.next()
        {
            guard case .text(let text) = line else { continue }
            size += text.count
            guard !text.isASCII else { continue }
            if text.isUTF8 {
                utf8Lines += 1
            } else {
                if otherLines == 0 { firstOther = lines.number }
                otherLines += 1
                fit = fit + Windows1252.fit(text)
            }
        }
    }

    private func letters(path: String) throws(DataError) -> LineReader.Letters {
        guard otherLines > utf8Lines else { return .utf8 }
        if fit.isGood { return .windows1252 }
        // One or two such lines are damaged rows. They get an error each, and the other rows are read.
        guard otherLines > 2 else { return .utf8 }
        throw .otherEncoding(path: path, line: firstOther, lines: otherLines)
    }
}

extension [UInt8] {
    var isASCII: Bool {
        withUnsafeBytes { buffer in
            let words = buffer.count / 8
            for word in 0..<words
            where buffer.loadUnaligned(fromByteOffset: word * 8, as: UInt64.self) & 0x8080_8080_8080_8080 != 0
            {
                return false
            }
            return buffer[(words * 8)...].allSatisfy { $0 < 0x80 }
        }
    }

    var isUTF8: Bool { self[...].isUTF8 }

    /// The bytes of a scalar that the end cuts off.
    fileprivate var unfinishedScalar: Int {
        for length in 1...3 where length <= count {
            let byte = self[count - length]
            if byte & 0xC0 == 0x80 { continue }
            let whole = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
            return whole > length ? length : 0
        }
        return 0
    }
}

extension ArraySlice<UInt8> {
    var isUTF8: Bool { (try? UTF8Span(validating: span)) != nil }
}
