#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Bytes in order, a piece at a time, in bounded memory.
struct ByteSource {
    private let next: () throws(DataError) -> [UInt8]?

    /// The whole of `bytes`, once.
    init(bytes: [UInt8]) { self.init(pieces: [bytes]) }

    /// Pieces in order, cut anywhere.
    init(pieces: [[UInt8]]) {
        var rest = pieces.makeIterator()
        next = { () throws(DataError) in
            while let piece = rest.next() {
                if !piece.isEmpty { return piece }
            }
            return nil
        }
    }

    /// A file, or standard input for "-"; a pipe or a device only when one is welcome.
    ///
    /// The file is closed when the source goes away.
    init(path: String, regularOnly: Bool = false) throws(DataError) {
        let file = try Descriptor(path: path, regularOnly: regularOnly)
        next = { () throws(DataError) in try file.read() }
    }

    /// The next piece, nil at the end; never empty.
    func read() throws(DataError) -> [UInt8]? {
        while let piece = try next() {
            if !piece.isEmpty { return piece }
        }
        return nil
    }

    private final class Descriptor {
        private let path: String
        private let descriptor: Int32
        private static let pieceSize = 1 << 16

        init(path: String, regularOnly: Bool) throws(DataError) {
            self.path = path == "-" ? "standard input" : path
            guard path != "-" else {
                descriptor = 0
                return
            }
            // Without waiting: to open a pipe that nobody writes to would never end.
            descriptor = open(path, O_RDONLY | O_CLOEXEC | (regularOnly ? O_NONBLOCK : 0))
            guard descriptor >= 0 else {
                throw errno == ENOENT || errno == ENOTDIR
                    ? .notFound(path: path) : .unreadable(path: path, reason: systemReason())
            }
            let kind = FileInput.kind(ofOpen: descriptor)
            if let kind, regularOnly || kind == FileInput.folderKind {
                close(descriptor)
                throw .notAFile(path: path, kind: kind)
            }
        }

        deinit { if descriptor > 2 { close(descriptor) } }

        func read() throws(DataError) -> [UInt8]? {
            var failed = false
            let piece = [UInt8](unsafeUninitializedCapacity: Descriptor.pieceSize) { buffer, count in
                var got = Glibc.read(descriptor, buffer.baseAddress, Descriptor.pieceSize)
                while got < 0, errno == EINTR {
                    got = Glibc.read(descriptor, buffer.baseAddress, Descriptor.pieceSize)
                }
                failed = got < 0
                count = max(got, 0)
            }
            if failed { throw .unreadable(path: path, reason: systemReason()) }
            return piece.isEmpty ? nil : piece
        }
    }
}

/// The system's word for the last error.
func systemReason() -> String { String(cString: strerror(errno)) }
