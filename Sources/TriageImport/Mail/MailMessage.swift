internal import CReaders
internal import TriageData

/// One e-mail, read by GMime: its headers and its text.
struct MailMessage {
    var subject: String
    var text: String
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
    var labels: [String]
    var priority: String?

    /// The library that reads mail, and the package that brings it.
    static let package = "libgmime-3.0-0"
    static var isAvailable: Bool { triage_mail_load() != 0 }

    /// Nil when the bytes are no message: a message has a header.
    init?(_ bytes: [UInt8]) {
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
        labels = (header("X-Gmail-Labels") ?? header("Keywords") ?? "").split(separator: ",")
            .map { String($0).trimmed }.filter {
                !$0.isEmpty && !MailMessage.folders.contains($0.lowercased())
            }
        priority = header("X-Priority") ?? header("Importance")
        text = MailMessage.text(of: mail)
        reason = MailRules.reason(
            header, type: String(cString: triage_mail_type(mail)),
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

    private static func text(of mail: OpaquePointer) -> String {
        var plain: [String] = []
        var markup: [String] = []
        for part in 0..<triage_mail_parts(mail) {
            guard let bytes = triage_mail_part_text(mail, part) else { continue }
            var text = String(cString: bytes)
            if triage_mail_part_is_html(mail, part) != 0 {
                markup.append(text)
            } else {
                if triage_mail_part_is_flowed(mail, part) != 0 {
                    text = flowed(text, deletesSpace: triage_mail_part_deletes_space(mail, part) != 0)
                }
                plain.append(text)
            }
        }
        let written = plain.first { $0.contains { !$0.isWhitespace } } ?? ""
        guard let first = markup.first, written.utf8.count < maximumStub else { return lines(written) }
        let shown = lines(TicketMessage.plainText(first))
        return written.isEmpty || shown.utf8.count > 4 * written.utf8.count ? shown : lines(written)
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
