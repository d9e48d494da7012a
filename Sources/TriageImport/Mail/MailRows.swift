internal import TriageData

/// The tickets of mails: the first mail of each conversation that a person wrote.
final class MailRows: RowSource {
    let columns: [String] = []
    private let path: String
    private let dates: DateReader
    private let read: () throws(DataError) -> MailBytes?
    /// Hashes of the identifiers of all mails, found before the first is read; nil for a stream.
    private let known: Set<Int>?
    private var seen: Set<Int> = []
    private var mails = 0
    private var unreadable = 0

    /// The mails that `open` opens from the first on; it is called twice, but for a stream.
    ///
    /// - Throws: `DataError.missingLibrary` without GMime, `DataError` when the mails cannot be read.
    init(
        _ path: String, isStream: Bool, dates: DateReader,
        open: () throws(DataError) -> () throws(DataError) -> MailBytes?
    ) throws(DataError) {
        guard MailMessage.isAvailable else { throw .missingLibrary(path: path, package: MailMessage.package) }
        (self.path, self.dates) = (path, dates)
        known = isStream ? nil : try MailRows.identifiers(try open())
        read = try open()
    }

    var notes: [String] {
        var notes = [
            "\(path): mail: each conversation's first mail; bounces, automatic and bulk mail left out"
        ]
        if unreadable > 0 {
            notes.append(
                "\(path): \(unreadable.counted("mail")) without text that can be read, such as winmail.dat or an encrypted part: the subject alone is read"
            )
        }
        return notes
    }

    func next() throws(DataError) -> Result<InputRow, BadRow>? {
        guard let mail = try read() else { return nil }
        mails += 1
        if let fault = mail.fault { return .failure(fault) }
        guard let message = MailMessage(mail.bytes) else {
            let what = mail.file.map { "\($0.shown) has" } ?? "this mail has"
            return .failure(
                BadRow(
                    line: mail.line, code: .invalidField,
                    message: "\(what) no header, so it cannot be read as a mail; take it out"))
        }
        return Result { () throws(BadRow) in try row(message, mail) }
    }

    private func row(_ message: MailMessage, _ mail: MailBytes) throws(BadRow) -> InputRow {
        let id = message.messageID
        if let id, !seen.insert(id.hashValue).inserted {
            throw .leftOut(mail.line, id, "a copy of a mail that was read")
        }
        if mail.isNoTicket { throw .leftOut(mail.line, id, "in a folder of sent, drafted or deleted mail") }
        if let reason = message.reason { throw .leftOut(mail.line, id, reason) }
        let parents = message.references.filter { $0 != id }.map(\.hashValue)
        if parents.contains(where: { known?.contains($0) ?? seen.contains($0) }) {
            throw .leftOut(mail.line, id, "an answer in a conversation whose first mail is here")
        }
        if message.isUnreadable { unreadable += 1 }
        var ticket = ImportedTicket(id: id, subject: message.subject, body: message.text)
        ticket.requester = message.from
        ticket.time = message.time.map { .integer($0) }
        ticket.keep("to", message.to.map { .string($0) })
        ticket.keep("labels", message.labels.map { .array($0.map { .string($0) }) })
        ticket.keep("priority", message.priority.map { .string($0) })
        ticket.keep("folder", mail.folder.map { .string($0) })
        return ticket.takeRow(line: mail.line, dates: dates)
    }

    /// The identifiers of all mails, without reading their text.
    private static func identifiers(_ read: () throws(DataError) -> MailBytes?) throws(DataError) -> Set<Int>
    {
        var found: Set<Int> = []
        while let mail = try read() {
            if let id = identifier(mail.bytes) { found.insert(id.hashValue) }
        }
        return found
    }

    private static let name = Array("message-id:".utf8)

    /// The Message-ID in a mail's header.
    private static func identifier(_ bytes: [UInt8]) -> String? {
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
            let line = bytes[start..<end]
            if line.allSatisfy({ $0 == 0x0D }) { return nil }
            if line.count > name.count, zip(line, name).allSatisfy({ $0 | 0x20 == $1 | 0x20 }) {
                // The identifier may stand in the next line, which begins with a space.
                let rest = bytes[(start + name.count)..<min(bytes.count, start + 2000)]
                return MailMessage.identifiers(
                    String(decoding: rest.prefix { $0 != 0x3E } + [0x3E], as: UTF8.self).trimmed
                )
                .first
            }
            start = end + 1
        }
        return nil
    }
}
