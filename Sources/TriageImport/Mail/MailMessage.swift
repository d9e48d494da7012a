internal import CReaders
internal import TriageData

/// One e-mail, read by GMime: its headers and its text.
struct MailMessage {
    var subject: String
    var text: String
    /// Whether the mail has content, and none of it is text that can be read: an attachment, encryption, winmail.dat.
    var isUnreadable: Bool
    /// Without its angle brackets.
    var messageID: String?
    /// The messages that it answers.
    var references: [String]
    var from: String?
    var to: String?
    /// Milliseconds since 1970.
    var time: Int64?
    /// Why it is no customer's ticket; nil for one that may be.
    var reason: String?
    /// Labels of Gmail and of mail programs.
    ///
    /// Nil where no header has them.
    var labels: [String]?
    var priority: String?

    /// The library that reads mail, and the package that brings it.
    static let package = "libgmime-3.0-0"
    static var isAvailable: Bool { triage_mail_load() != 0 }

    /// Nil when the bytes are no message: a message has a header.
    init?(_ bytes: [UInt8]) {
        let bytes = bytes.starts(with: MailMessage.byteOrderMark) ? Array(bytes.dropFirst(3)) : bytes
        let mail = bytes.withUnsafeBytes { buffer in
            buffer.bindMemory(to: CChar.self).baseAddress.flatMap { triage_mail_read($0, buffer.count) }
        }
        guard let mail else { return nil }
        defer { triage_mail_free(mail) }
        func header(_ name: String) -> String? {
            guard let text = triage_mail_header(mail, name) else { return nil }
            let plain = String(cString: text).trimmed
            return plain.isEmpty ? nil : plain
        }
        let known = ["From", "Subject", "Date", "Message-ID", "To", "Received"]
        guard known.contains(where: { header($0) != nil }) else { return nil }
        subject = header("Subject") ?? ""
        messageID = header("Message-ID").flatMap { MailMessage.identifiers($0).first }
        references =
            MailMessage.identifiers(header("In-Reply-To") ?? "")
            + MailMessage.identifiers(header("References") ?? "")
        from = header("From").map(MailMessage.address)
        to = (header("Delivered-To") ?? header("To")).map(MailMessage.address)
        let seconds = triage_mail_date(mail)
        time = (0...4_102_444_800).contains(seconds) ? seconds * 1000 : nil
        labels = (header("X-Gmail-Labels") ?? header("Keywords"))?.split(separator: ",")
            .map { String($0).trimmed }.filter {
                !$0.isEmpty && !MailMessage.folders.contains($0.lowercased())
            }
        priority = header("X-Priority") ?? header("Importance")
        let type = String(cString: triage_mail_type(mail))
        let content = MailMessage.content(of: bytes)
        text =
            triage_mail_all_parts(mail) == 0 && type.lowercased().hasPrefix("multipart/")
            ? MailMessage.textWithoutBoundary(content) : MailMessage.text(of: mail)
        isUnreadable = text.isEmpty && content.contains { $0 > 0x20 }
        reason = MailRules.reason(
            header, type: type,
            report: triage_mail_type_parameter(mail, "report-type").map { String(cString: $0) },
            method: triage_mail_type_parameter(mail, "method").map { String(cString: $0) })
    }

    /// Labels that say where a mail is, not what it is about.
    private static let folders: Set<String> = [
        "inbox", "unread", "opened", "sent", "important", "starred", "archived", "trash", "spam", "draft",
        "drafts",
        "category updates", "category personal", "category promotions", "category social", "category forums",
    ]

    // MARK: - Headers

    /// The identifiers in angle brackets, or the whole text where there are no brackets.
    static func identifiers(_ text: String) -> [String] {
        let parts = text.split(separator: "<").dropFirst(text.first == "<" ? 0 : 1)
        let found = parts.compactMap { part in part.firstIndex(of: ">").map { String(part[..<$0]) } }
        if !found.isEmpty || text.isEmpty { return found }
        return text.contains("@") && !text.contains(" ") ? [text] : []
    }

    /// The first address of a header, in lower case.
    static func address(_ text: String) -> String {
        if let open = text.firstIndex(of: "<"), let close = text[open...].firstIndex(of: ">") {
            return text[text.index(after: open)..<close].trimmed.lowercased()
        }
        return (text.split(separator: ",").first ?? "").trimmed.lowercased()
    }

    // MARK: - Text

    /// A plain part this short beside a far longer HTML part is a stub such as "Your program shows no HTML".
    private static let maximumStub = 200

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// What follows the header.
    private static func content(of bytes: [UInt8]) -> ArraySlice<UInt8> {
        var start = 0
        while let end = bytes[start...].firstIndex(of: 0x0A) {
            if end == start || end == start + 1 && bytes[start] == 0x0D { return bytes[(end + 1)...] }
            start = end + 1
        }
        return []
    }

    /// The content of a mail of several parts that names no boundary between them, without the lines that look like one.
    private static func textWithoutBoundary(_ content: ArraySlice<UInt8>) -> String {
        let rows = string(Array(content)).split(separator: "\n", omittingEmptySubsequences: false)
        let written = rows.filter { !$0.hasPrefix("--") && !$0.lowercased().hasPrefix("content-") }
        return lines(written.joined(separator: "\n"))
    }

    /// Bytes as UTF-8, else as Windows-1252, which mail programs send under the name of UTF-8 or of nothing.
    private static func string(_ bytes: [UInt8]) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        return String(decoding: Windows1252.utf8(bytes) ?? bytes, as: UTF8.self)
    }

    private static func text(of mail: OpaquePointer) -> String {
        var plain: [String] = []
        var markup: [String] = []
        for part in 0..<triage_mail_parts(mail) {
            var length = 0
            guard let start = triage_mail_part_text(mail, part, &length) else { continue }
            var text = string(Array(UnsafeRawBufferPointer(start: start, count: length)))
            if triage_mail_part_is_html(mail, part) != 0 {
                markup.append(text)
            } else {
                if triage_mail_part_is_flowed(mail, part) != 0 {
                    text = flowed(text, deletesSpace: triage_mail_part_deletes_space(mail, part) != 0)
                }
                plain.append(text)
            }
        }
        let written = lines(plain.first { $0.contains { !$0.isWhitespace } } ?? "")
        guard let first = markup.first, written.utf8.count < maximumStub else { return written }
        let shown = lines(TicketMessage.plainText(first))
        return isStub(written, beside: shown) ? shown : written
    }

    /// Whether a short plain part stands in for the HTML part: it is far shorter, or most of its words are not there.
    private static func isStub(_ written: String, beside shown: String) -> Bool {
        guard !written.isEmpty, shown.utf8.count <= 4 * written.utf8.count else { return !shown.isEmpty }
        let words = Set(words(of: shown))
        let own = Self.words(of: written)
        return !shown.isEmpty && own.count { words.contains($0) } * 2 < own.count
    }

    private static func words(of text: String) -> [Substring] {
        text.lowercased().split { !$0.isLetter && !$0.isNumber }
    }

    private static func lines(_ text: String) -> String {
        text.replacing("\r\n", with: "\n").replacing("\r", with: "\n").trimmed
    }

    /// Lines that end with a space go on in the next (RFC 3676).
    static func flowed(_ text: String, deletesSpace: Bool) -> String {
        var result: [String] = []
        var isOpen = false
        for line in text.replacing("\r\n", with: "\n").split(
            separator: "\n", omittingEmptySubsequences: false)
        {
            let isQuote = line.first == ">"
            let isSignature = line == "-- "
            var line = line
            if line.first == " " { line = line.dropFirst() }
            let flows = line.last == " " && !isSignature && !isQuote
            if flows, deletesSpace { line = line.dropLast() }
            if isOpen, !isQuote, !isSignature, let last = result.indices.last {
                result[last] += line
            } else {
                result.append(String(line))
            }
            isOpen = flows
        }
        return result.joined(separator: "\n")
    }
}
