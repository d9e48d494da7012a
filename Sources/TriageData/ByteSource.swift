internal import SystemPackage

/// Bytes in order, a piece at a time, in bounded memory.
package struct ByteSource {
    private let next: () throws(DataError) -> [UInt8]?
    /// The bytes from a place on, for a source that is at rest; none behind its end.
    private let piece: ((Int) throws(DataError) -> [UInt8])?

    private init(
        piece: ((Int) throws(DataError) -> [UInt8])? = nil, next: @escaping () throws(DataError) -> [UInt8]?
    ) {
        (self.piece, self.next) = (piece, next)
    }

    /// Pieces that `next` makes, in order; nil at the end, never an empty one.
    package init(making next: @escaping () throws(DataError) -> [UInt8]?) { self.init(next: next) }

    /// The whole of `bytes`, once.
    package init(bytes: [UInt8]) {
        self.init { place in
            Array(bytes[min(place, bytes.count)..<min(place + ByteSource.pieceSize, bytes.count)])
        }
    }

    private static let pieceSize = 1 << 16

    /// Bytes that can be read at any place.
    private init(piece: @escaping (Int) throws(DataError) -> [UInt8]) {
        var place = 0
        self.init(piece: piece) { () throws(DataError) in
            let bytes = try piece(place)
            place += bytes.count
            return bytes.isEmpty ? nil : bytes
        }
    }

    /// Pieces in order, cut anywhere.
    package init(pieces: [[UInt8]]) {
        var rest = pieces.filter { !$0.isEmpty }.makeIterator()
        self.init { () throws(DataError) in rest.next() }
    }

    /// A file, or standard input for "-"; a pipe or a device only when one is welcome.
    ///
    /// The file is closed when the source goes away.
    package init(path: String, regularOnly: Bool = false) throws(DataError) {
        let file = try Descriptor(path: path, regularOnly: regularOnly)
        if file.isAtRest {
            self.init { place throws(DataError) in try file.read(at: place) }
        } else {
            self.init { () throws(DataError) in try file.read() }
        }
    }

    /// The next piece, nil at the end; never empty.
    package func read() throws(DataError) -> [UInt8]? { try next() }

    /// Whether all bytes are there already, so that looking ahead waits for nobody.
    package var isAtRest: Bool { piece != nil }

    /// The same bytes from the first on, whatever was read; nil for a source that is not at rest.
    package var again: ByteSource? { piece.map { ByteSource(piece: $0) } }

    /// The bytes read already, and then the rest.
    package func after(_ bytes: [UInt8]) -> ByteSource {
        var taken: [UInt8]? = bytes.isEmpty ? nil : bytes
        let next = self.next
        return ByteSource(piece: piece) { () throws(DataError) in
            defer { taken = nil }
            return if let taken { taken } else { try next() }
        }
    }

    /// Whether a text begins with the mark of UTF-8 or UTF-16, or as UTF-16 does.
    package static func isMarked(_ start: [UInt8]) -> Bool {
        start.starts(with: [0xEF, 0xBB, 0xBF]) || UTF16Reader(start: start) != nil
    }

    /// The same bytes, those of UTF-16 as UTF-8; a byte order mark is dropped.
    package func asUTF8() throws(DataError) -> (source: ByteSource, encoding: String?) {
        var start: [UInt8] = []
        while start.count < 4, let piece = try read() { start += piece }
        if let reader = UTF16Reader(start: start) {
            return (after(Array(start.dropFirst(reader.markBytes))).utf8(from: reader), reader.name)
        }
        let whole = after(start)
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        return (start.starts(with: mark) ? after(Array(start.dropFirst(mark.count))) : whole, nil)
    }

    /// Bytes at a place of a source at rest, at most a piece of them; none behind its end.
    package func bytes(at place: Int) throws(DataError) -> [UInt8] { try piece?(place) ?? [] }

    /// The bytes of UTF-16 as UTF-8; `cut` is called where they end in the middle of a character.
    func utf8(from reader: UTF16Reader, cut: @escaping () -> Void = {}) -> ByteSource {
        var reader: UTF16Reader? = reader
        let next = self.next
        return ByteSource { () throws(DataError) in
            while reader != nil {
                guard let piece = try next() else {
                    if reader?.isCut == true { cut() }
                    let end = reader?.end() ?? []
                    reader = nil
                    return end.isEmpty ? nil : end
                }
                if let bytes = reader?.utf8(piece), !bytes.isEmpty { return bytes }
            }
            return nil
        }
    }

    private final class Descriptor {
        private let path: String
        private let isStandardInput: Bool
        private let file: OpenFile
        /// Whether it is a regular file that was opened here: standard input may have been read in part.
        let isAtRest: Bool

        init(path: String, regularOnly: Bool) throws(DataError) {
            isStandardInput = path == "-"
            self.path = isStandardInput ? "standard input" : path
            guard !isStandardInput else {
                (file, isAtRest) = (.standardInput, false)
                return
            }
            // Without waiting: to open a pipe without a writer would never end.
            do { file = try OpenFile(path, .readOnly, options: regularOnly ? .nonBlocking : []) } catch {
                throw .unreadable(path, errno: error)
            }
            let kind = FileInput.kind(of: file)
            if let kind, regularOnly || kind == FileInput.folderKind {
                file.close()
                throw .notAFile(path: path, kind: kind)
            }
            isAtRest = kind == nil
        }

        deinit { if !isStandardInput { file.close() } }

        func read() throws(DataError) -> [UInt8]? {
            let piece = try reading { file throws(Errno) in try file.read(ByteSource.pieceSize) }
            return piece.isEmpty ? nil : piece
        }

        func read(at place: Int) throws(DataError) -> [UInt8] {
            try reading { file throws(Errno) in try file.read(at: place, ByteSource.pieceSize) }
        }

        private func reading(_ read: (OpenFile) throws(Errno) -> [UInt8]) throws(DataError) -> [UInt8] {
            do { return try read(file) } catch {
                throw .unreadable(path: path, reason: error.description)
            }
        }
    }
}
