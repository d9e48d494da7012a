internal import CReaders
internal import TriageData

/// The files in a ZIP archive at rest (PKWARE's APPNOTE 6.3), unpacked piece by piece.
struct ZipArchive {
    private struct Entry {
        var method: Int
        var packed: Int
        var unpacked: Int
        var header: Int
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
            entries[name] = Entry(
                method: directory.number(at: place + 10, 2), packed: directory.number(at: place + 20, 4),
                unpacked: directory.number(at: place + 24, 4), header: directory.number(at: place + 42, 4))
            place = nameEnd + directory.number(at: place + 30, 2) + directory.number(at: place + 32, 2)
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

    /// The bytes of a file, a piece at a time; nil when the archive has none of that name.
    func open(_ name: String) throws(DataError) -> ByteSource? {
        guard let entry = entries[name] else { return nil }
        let header = try bytes(from: entry.header, count: 30)
        guard header.count == 30, header.number(at: 0, 4) == 0x0403_4B50 else {
            throw damaged("a part is missing")
        }
        let start = entry.header + 30 + header.number(at: 26, 2) + header.number(at: 28, 2)
        switch entry.method {
        case 0: return stored(from: start, count: entry.packed)
        case 8: return try unpacked(from: start, entry)
        default: throw damaged("a part is packed in a way that is not read")
        }
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

    private func unpacked(from start: Int, _ entry: Entry) throws(DataError) -> ByteSource {
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
                    throw damaged("a part is damaged")
                }
                total += piece.count
                if total > ZipArchive.freeBytes, total > max(place, 1) * ZipArchive.maximumRatio {
                    throw damaged("a part unpacks to more than \(ZipArchive.maximumRatio) times its size")
                }
                if !piece.isEmpty { return piece }
                guard !input.isEmpty || place < entry.packed else {
                    if isAtEnd { return nil }
                    throw damaged("a part is cut off")
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
