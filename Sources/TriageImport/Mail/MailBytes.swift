internal import TriageData

/// One message's bytes, and where it is.
struct MailBytes {
    var bytes: [UInt8]
    /// The line of a mailbox, or 1.
    var line: Int
    /// The file of a maildir, for messages; nil in a mailbox.
    var file: String?
    /// The folder of a maildir; nil for the inbox.
    var folder: String?
    /// What keeps it from being read.
    var fault: BadRow?
}

/// The messages of a mailbox file (mbox), one at a time.
final class MailboxFile {
    private let source: ByteSource
    private let limit: Int
    private var splitter: LineCutter
    private var first: [UInt8]?
    private var line = 0
    private var isAtEnd = false

    init(_ source: ByteSource, limit: Int = RowReader.maximumRecordBytes) {
        (self.source, self.limit) = (source, limit)
        splitter = LineCutter(source)
    }

    /// The next message; nil at the end.
    func next() throws(DataError) -> MailBytes? {
        var bytes: [UInt8] = []
        var start = line
        var isTooLarge = false
        var wasBlank = true
        var hasBegun = first != nil
        if let first {
            self.first = nil
            bytes = first
        }
        while let text = try splitter.next() {
            line += 1
            if wasBlank, MailboxFile.isSeparator(text) {
                if hasBegun {
                    first = []
                    return message(bytes, start, isTooLarge)
                }
                (hasBegun, start, bytes) = (true, line, [])
                wasBlank = false
                continue
            }
            wasBlank = text.allSatisfy { $0 == 0x0A || $0 == 0x0D }
            guard hasBegun else { continue }
            if bytes.count + text.count > limit { (isTooLarge, bytes) = (true, []) }
            if !isTooLarge { bytes += MailboxFile.unquoted(text) }
        }
        return hasBegun ? message(bytes, start, isTooLarge) : nil
    }

    private func message(_ bytes: [UInt8], _ start: Int, _ isTooLarge: Bool) -> MailBytes {
        var message = MailBytes(bytes: bytes, line: max(start, 1))
        if isTooLarge {
            message.fault = BadRow(
                line: message.line, code: .tooLarge,
                message: "the mail is over \(limit >> 20) MB; take it out")
        }
        return message
    }

    private static let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]

    /// Whether a line opens a message: `From `, a sender and a date (RFC 4155); a sentence may begin so too.
    static func isSeparator(_ line: [UInt8]) -> Bool {
        guard line.starts(with: Array("From ".utf8)), line.count < 1000 else { return false }
        let words = String(decoding: line, as: UTF8.self).split {
            $0 == " " || $0 == "\r" || $0 == "\n" || $0 == "\r\n"
        }
        guard words.count >= 3 else { return false }
        return words.contains { weekdays.contains(String($0.prefix(3))) && $0.count <= 4 }
            && words.contains { $0.contains(":") }
    }

    /// A line without one of the signs that quote `From `.
    private static func unquoted(_ line: [UInt8]) -> [UInt8] {
        guard line.first == 0x3E else { return line }
        let rest = line.drop { $0 == 0x3E }
        return rest.starts(with: Array("From ".utf8)) ? Array(line.dropFirst()) : line
    }
}

/// Cuts bytes into lines that keep their ends, whatever encoding they are in.
struct LineCutter {
    private let source: ByteSource
    private var piece: [UInt8] = []
    private var position = 0

    init(_ source: ByteSource) { self.source = source }

    mutating func next() throws(DataError) -> [UInt8]? {
        var line: [UInt8] = []
        while true {
            if position >= piece.count {
                guard let more = try source.read() else { return line.isEmpty ? nil : line }
                (piece, position) = (more, 0)
            }
            if let end = piece[position...].firstIndex(of: 0x0A) {
                line += piece[position...end]
                position = end + 1
                return line
            }
            line += piece[position...]
            position = piece.count
        }
    }
}

/// The messages of a folder: a maildir with its subfolders, or files called `.eml`.
final class MailFolder {
    private var files: [(path: String, folder: String?)]
    private var place = 0

    /// Nil for a folder without mail.
    init?(_ path: String) throws(DataError) {
        files = try MailFolder.maildir(path, folder: nil)
        for name in try FileInput.allNames(inFolder: path) where name.hasPrefix(".") {
            let inside = "\(path)/\(name)"
            guard FileInput.isFolder(inside), FileInput.isFolder("\(inside)/cur") else { continue }
            files += try MailFolder.maildir(inside, folder: String(name.dropFirst()))
        }
        if files.isEmpty {
            files = try FileInput.names(inFolder: path).filter { $0.lowercased().hasSuffix(".eml") }
                .map { ("\(path)/\($0)", nil) }
        }
        guard !files.isEmpty || FileInput.isFolder("\(path)/cur") else { return nil }
    }

    private static func maildir(_ path: String, folder: String?) throws(DataError) -> [(
        path: String, folder: String?
    )] {
        var files: [(path: String, folder: String?)] = []
        for part in ["cur", "new"] where FileInput.isFolder("\(path)/\(part)") {
            for name in try FileInput.names(inFolder: "\(path)/\(part)") where !isLeftOut(name) {
                files.append(("\(path)/\(part)/\(name)", folder))
            }
        }
        return files
    }

    /// Whether the flags in a file's name mean a draft or a mail thrown away.
    private static func isLeftOut(_ name: String) -> Bool {
        guard let colon = name.lastIndex(of: ":"), name[colon...].hasPrefix(":2,") else { return false }
        return name[colon...].contains { $0 == "T" || $0 == "D" }
    }

    func next() throws(DataError) -> MailBytes? {
        guard place < files.count else { return nil }
        let (path, folder) = files[place]
        place += 1
        do throws(DataError) {
            let bytes = try FileInput.bytes(of: path, limit: RowReader.maximumRecordBytes)
            var message = MailBytes(bytes: bytes, line: place, file: path, folder: folder)
            if bytes.count > RowReader.maximumRecordBytes {
                message.bytes = []
                message.fault = BadRow(
                    line: place, code: .tooLarge, message: "\(path) is too large; take it out")
            }
            return message
        } catch {
            let fault = BadRow(line: place, code: .invalidField, message: error.description)
            return MailBytes(bytes: [], line: place, file: path, folder: folder, fault: fault)
        }
    }
}
