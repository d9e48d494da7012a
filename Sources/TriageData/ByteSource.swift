internal import SystemPackage

/// Bytes in order, a piece at a time, in bounded memory.
struct ByteSource {
    private let next: () throws(DataError) -> [UInt8]?

    /// The whole of `bytes`, once.
    init(bytes: [UInt8]) { self.init(pieces: [bytes]) }

    /// Pieces in order, cut anywhere.
    init(pieces: [[UInt8]]) {
        var rest = pieces.filter { !$0.isEmpty }.makeIterator()
        next = { () throws(DataError) in rest.next() }
    }

    /// A file, or standard input for "-"; a pipe or a device only when one is welcome.
    ///
    /// The file is closed when the source goes away.
    init(path: String, regularOnly: Bool = false) throws(DataError) {
        let file = try Descriptor(path: path, regularOnly: regularOnly)
        next = { () throws(DataError) in try file.read() }
    }

    /// The next piece, nil at the end; never empty.
    func read() throws(DataError) -> [UInt8]? { try next() }

    private final class Descriptor {
        private let path: String
        private let isStandardInput: Bool
        private let file: OpenFile
        private static let pieceSize = 1 << 16

        init(path: String, regularOnly: Bool) throws(DataError) {
            isStandardInput = path == "-"
            self.path = isStandardInput ? "standard input" : path
            guard !isStandardInput else {
                file = .standardInput
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
        }

        deinit { if !isStandardInput { file.close() } }

        func read() throws(DataError) -> [UInt8]? {
            let piece: [UInt8]
            do { piece = try file.read(Descriptor.pieceSize) } catch {
                throw .unreadable(path: path, reason: error.description)
            }
            return piece.isEmpty ? nil : piece
        }
    }
}
