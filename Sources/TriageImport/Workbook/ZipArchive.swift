internal import CReaders
internal import TriageData

/// The parts in a ZIP archive at rest (PKWARE's APPNOTE 6.3), unpacked piece by piece and checked by their CRC-32.
struct ZipArchive {
    private struct Entry {
        var method: Int
        var checksum: UInt32
        var packed: Int
        var unpacked: Int
        var header: Int

        /// The entry at a place of the directory; in a ZIP64 archive, `extra` has the large numbers.
        init(_ directory: [UInt8], at place: Int, extra: [UInt8]) {
            method = directory.number(at: place + 10, 2)
            checksum = UInt32(directory.number(at: place + 16, 4))
            var large = Entry.large(extra)
            func number(at offset: Int) -> Int {
                let short = directory.number(at: place + offset, 4)
                return short == 0xFFFF_FFFF && !large.isEmpty ? large.removeFirst() : short
            }
            // In the order in which the extra field has them.
            unpacked = number(at: 24)
            packed = number(at: 20)
            header = number(at: 42)
        }

        /// The numbers of 8 bytes in a ZIP64 extra field.
        private static func large(_ extra: [UInt8]) -> [Int] {
            var place = 0
            while place + 4 <= extra.count {
                let end = place + 4 + extra.number(at: place + 2, 2)
                if extra.number(at: place, 2) == 1, end <= extra.count {
                    return stride(from: place + 4, to: end - 7, by: 8).map {
                        extra.number(at: $0, 8) & Int.max
                    }
                }
                place = end
            }
            return []
        }
    }

    private let source: ByteSource
    private let path: String
    private var entries: [String: Entry] = [:]

    /// A workbook's parts are fewer.
    private static let maximumEntries = 10_000
    private static let maximumDirectory = 16 << 20
    /// A part that unpacks to more than this times its size, beyond `freeBytes`, is an attack.
    private static let maximumRatio = 200
    private static let freeBytes = 64 << 20

    init(_ source: ByteSource, size: Int, path: String) throws(DataError) {
        (self.source, self.path) = (source, path)
        guard triage_inflate_load() != 0 else { throw .missingLibrary(path: path, package: "zlib1g") }
        try readDirectory(size)
    }

    var names: [String] { entries.keys.sorted() }

    private func damaged(_ problem: String) -> DataError {
        .damaged(
            path: path, kind: "a workbook",
            problem: "\(problem); open it and save it again, or save it as CSV")
    }

    // MARK: - Directory

    /// Reads the central directory, whose place the end record names.
    private mutating func readDirectory(_ size: Int) throws(DataError) {
        let tail = try bytes(from: max(0, size - 66_000), count: min(size, 66_000))
        let mark: [UInt8] = [0x50, 0x4B, 0x05, 0x06]
        guard tail.count >= 22,
            let end = (0...(tail.count - 22)).reversed().first(where: {
                tail[$0..<$0 + 4].elementsEqual(mark)
            })
        else { throw damaged("the archive's end is missing, as of a file that was cut off") }
        let count = tail.number(at: end + 10, 2)
        let length = tail.number(at: end + 12, 4)
        guard count <= ZipArchive.maximumEntries, length <= ZipArchive.maximumDirectory else {
            throw damaged("its directory is too large")
        }
        let directory = try bytes(from: tail.number(at: end + 16, 4), count: length)
        var place = 0
        for _ in 0..<count {
            guard place + 46 <= directory.count, directory.number(at: place, 4) == 0x0201_4B50 else {
                throw damaged("its directory is damaged")
            }
            let nameEnd = place + 46 + directory.number(at: place + 28, 2)
            guard nameEnd <= directory.count else { throw damaged("its directory is damaged") }
            let name = String(decoding: directory[place + 46..<nameEnd], as: UTF8.self)
            let isEncrypted = directory.number(at: place + 8, 2) & 1 == 1
            guard !isEncrypted else { throw damaged("it is encrypted") }
            let extraEnd = nameEnd + directory.number(at: place + 30, 2)
            guard extraEnd <= directory.count else { throw damaged("its directory is damaged") }
            entries[name] = Entry(directory, at: place, extra: Array(directory[nameEnd..<extraEnd]))
            place = extraEnd + directory.number(at: place + 32, 2)
        }
        guard place == directory.count, entries.count == count else {
            throw damaged("its directory is damaged")
        }
    }

    private func bytes(from start: Int, count: Int) throws(DataError) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            let piece = try source.bytes(at: start + bytes.count)
            guard !piece.isEmpty else { break }
            bytes += piece
        }
        return Array(bytes.prefix(count))
    }

    // MARK: - Files

    /// A part's bytes, a piece at a time; nil when the archive has none of that name.
    func open(_ name: String) throws(DataError) -> WorkbookPart? {
        guard let entry = entries[name] else { return nil }
        let header = try bytes(from: entry.header, count: 30)
        guard header.count == 30, header.number(at: 0, 4) == 0x0403_4B50 else {
            throw damaged("its part \(name) is missing")
        }
        let start = entry.header + 30 + header.number(at: 26, 2) + header.number(at: 28, 2)
        let bytes: ByteSource
        switch entry.method {
        case 0: bytes = stored(from: start, count: entry.packed)
        case 8: bytes = try unpacked(from: start, name, entry)
        default: throw damaged("its part \(name) is packed in a way that is not read")
        }
        return WorkbookPart(source: checked(bytes, name, entry)) {
            damaged("its part \(name) is damaged: \($0)")
        }
    }

    func has(_ name: String) -> Bool { entries[name] != nil }

    /// The same bytes, which are an error at their end when they are not those that were packed.
    private func checked(_ source: ByteSource, _ name: String, _ entry: Entry) -> ByteSource {
        var part = ZipPart(size: entry.unpacked, checksum: entry.checksum)
        return ByteSource(making: { () throws(DataError) in
            guard let piece = try source.read() else {
                guard part.isWhole else { throw damaged("its part \(name) is damaged") }
                return nil
            }
            part.add(piece)
            return piece
        })
    }

    private func stored(from start: Int, count: Int) -> ByteSource {
        var place = 0
        return ByteSource(making: { () throws(DataError) in
            guard place < count else { return nil }
            let piece = try source.bytes(at: start + place).prefix(count - place)
            place += piece.count
            return piece.isEmpty ? nil : Array(piece)
        })
    }

    private func unpacked(from start: Int, _ name: String, _ entry: Entry) throws(DataError) -> ByteSource {
        guard let inflate = Inflate() else { throw damaged("there is no memory to unpack it") }
        var place = 0
        var total = 0
        var input: [UInt8] = []
        var isAtEnd = false
        return ByteSource(making: { () throws(DataError) in
            while !isAtEnd {
                if input.isEmpty, place < entry.packed {
                    input = Array(try source.bytes(at: start + place).prefix(entry.packed - place))
                    place += input.count
                }
                guard let piece = inflate.read(&input, isAtEnd: &isAtEnd) else {
                    throw damaged("its part \(name) is damaged")
                }
                total += piece.count
                if total > ZipArchive.freeBytes, total > max(place, 1) * ZipArchive.maximumRatio {
                    throw damaged(
                        "its part \(name) unpacks to more than \(ZipArchive.maximumRatio) times its size")
                }
                if !piece.isEmpty { return piece }
                guard !input.isEmpty || place < entry.packed else {
                    if isAtEnd { return nil }
                    throw damaged("its part \(name) is cut off")
                }
            }
            return nil
        })
    }
}

/// One stream of DEFLATE.
private final class Inflate {
    private let stream: OpaquePointer
    private static let pieceSize = 1 << 16

    init?() {
        guard let stream = triage_inflate_open() else { return nil }
        self.stream = stream
    }

    deinit { triage_inflate_close(stream) }

    /// The next bytes out of `input`, whose read part is dropped; nil for damaged ones.
    func read(_ input: inout [UInt8], isAtEnd: inout Bool) -> [UInt8]? {
        var state: CInt = 0
        var left = input.count
        let output = [UInt8](unsafeUninitializedCapacity: Inflate.pieceSize) { buffer, filled in
            input.withUnsafeBufferPointer { bytes in
                var next = bytes.baseAddress
                filled = triage_inflate_read(stream, &next, &left, buffer.baseAddress, buffer.count, &state)
            }
        }
        input = Array(input.suffix(left))
        isAtEnd = state == 1
        return state < 0 ? nil : output
    }
}

extension [UInt8] {
    /// A number of so many bytes, the lowest first; 0 where the bytes end.
    fileprivate func number(at place: Int, _ size: Int) -> Int {
        guard place >= 0, place + size <= count else { return 0 }
        return (0..<size).reduce(0) { $0 | Int(self[place + $1]) << (8 * $1) }
    }
}
