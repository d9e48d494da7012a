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

    /// Names of folders, in parts of a path, whose mails no customer sent to the desk: those of Dovecot, Exchange, Gmail,
    /// Thunderbird in the languages of the documentation, as the names are on disk (RFC 3501: `Entw&APw-rfe`).
    private static let otherFolders: Set<String> = [
        "sent", "sent items", "sent messages", "sent mail", "drafts", "draft", "junk", "junk e-mail",
        "junk email",
        "spam", "trash", "deleted items", "deleted messages", "outbox", "templates", "bin",
        "gesendet", "gesendete elemente", "gesendete objekte", "entwürfe", "entw&apw-rfe", "papierkorb",
        "gelöschte elemente", "gel&apy-schte elemente", "postausgang", "vorlagen",
        "envoyés", "envoy&aok-s", "éléments envoyés", "&amk-l&aok-ments envoy&aok-s", "brouillons",
        "corbeille",
        "indésirables", "ind&aok-sirables", "enviados", "elementos enviados", "borradores", "papelera",
        "inviata",
        "posta inviata", "bozze", "cestino", "verzonden", "verzonden items", "concepten", "prullenbak",
        "rascunhos",
        "lixeira",
    ]

    /// A mail that is left unread for its size.
    static func tooLarge(line: Int, file: String? = nil) -> MailBytes {
        let message =
            "\(file?.shown ?? "the mail") is over \(RowReader.maximumRecordBytes >> 20) MB; take it out"
        return MailBytes(
            bytes: [], line: line, file: file, fault: BadRow(line: line, code: .tooLarge, message: message))
    }

    /// Whether it lies in a folder of sent, drafted or deleted mail.
    var isNoTicket: Bool {
        folder?.lowercased().split { $0 == "." || $0 == "/" }
            .contains { MailBytes.otherFolders.contains(String($0)) } ?? false
    }
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
        if files.isEmpty { files = try MailFolder.inside(maildir: path) }
        for name in try FileInput.allNames(inFolder: path) where name.hasPrefix(".") {
            let inside = "\(path)/\(name)"
            guard FileInput.isFolder(inside), FileInput.isFolder("\(inside)/cur") else { continue }
            files += try MailFolder.maildir(inside, folder: String(name.dropFirst()))
        }
        if files.isEmpty { files = try MailFolder.mails(below: path) }
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

    /// The mails where the folder is one of a maildir's own, `cur` or `new`.
    private static func inside(maildir path: String) throws(DataError) -> [(path: String, folder: String?)] {
        let parts = path.split(separator: "/")
        guard let last = parts.last, last == "cur" || last == "new" else { return [] }
        return try FileInput.names(inFolder: path).filter { !isLeftOut($0) }.map { ("\(path)/\($0)", nil) }
    }

    /// Folders in folders beyond this are not searched.
    private static let maximumDepth = 8

    /// The files called `.eml` in a folder and the folders below it, whose names go with their mails.
    private static func mails(
        below path: String, folder: String? = nil, depth: Int = 0
    ) throws(DataError) -> [(path: String, folder: String?)] {
        var files: [(path: String, folder: String?)] = []
        for name in try FileInput.names(inFolder: path) {
            let inside = "\(path)/\(name)"
            if name.lowercased().hasSuffix(".eml") {
                files.append((inside, folder))
            } else if depth < maximumDepth, FileInput.isFolder(inside) {
                files += try mails(
                    below: inside, folder: folder.map { "\($0)/\(name)" } ?? name, depth: depth + 1)
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
            guard bytes.count <= RowReader.maximumRecordBytes else {
                return .tooLarge(line: place, file: path)
            }
            return MailBytes(bytes: bytes, line: place, file: path, folder: folder)
        } catch {
            let fault = BadRow(line: place, code: .invalidField, message: error.description)
            return MailBytes(bytes: [], line: place, file: path, folder: folder, fault: fault)
        }
    }
}
