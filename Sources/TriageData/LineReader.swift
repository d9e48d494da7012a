#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif

/// The lines of a source, numbered from 1, without their ends; a longer line than the limit is skipped in bounded
/// memory and said.
struct LineReader {
    enum Line {
        case text([UInt8])
        case tooLong
    }

    /// The number of the line last returned.
    private(set) var number = 0
    private let source: ByteSource
    private let limit: Int
    private var piece: [UInt8] = []
    private var position = 0
    private var atStart = true

    init(_ source: ByteSource, limit: Int) {
        self.source = source
        self.limit = limit
    }

    mutating func next() throws(DataError) -> Line? {
        var line: [UInt8] = []
        var tooLong = false
        var sawAny = false
        while true {
            if position == piece.count {
                guard let more = try source.read() else { break }
                piece = more
                position = 0
                if atStart { try skipByteOrderMark() }
                if position == piece.count { continue }
            }
            sawAny = true
            let end = endOfLine()
            let stop = end ?? piece.count
            if line.count + stop - position > limit {
                tooLong = true
                line = []
            }
            if !tooLong { line.append(contentsOf: piece[position..<stop]) }
            position = min(stop + 1, piece.count)
            if end != nil { break }
        }
        guard sawAny else { return nil }
        number += 1
        if tooLong { return .tooLong }
        if line.last == 0x0D { line.removeLast() }
        return .text(line)
    }

    /// The next line feed of the piece.
    private func endOfLine() -> Int? {
        piece.withUnsafeBytes { buffer in
            guard let start = buffer.baseAddress,
                let found = memchr(start + position, 0x0A, buffer.count - position)
            else { return nil }
            return UnsafeRawPointer(found) - start
        }
    }

    /// The mark may be cut in pieces by a slow pipe.
    private mutating func skipByteOrderMark() throws(DataError) {
        atStart = false
        while piece.count < 3, [0xEF, 0xBB, 0xBF].starts(with: piece), let more = try source.read() {
            piece += more
        }
        if piece.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }
}
