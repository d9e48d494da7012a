internal import TriageData
internal import TriageText

/// One message of a ticket's conversation.
struct TicketMessage {
    var subject: String?
    /// The text, or its HTML.
    private let content: String
    private let mayBeMarkup: Bool
    /// Whether the customer wrote it; nil where the record does not tell.
    var isCustomers: Bool?
    var isPublic: Bool
    var time: String?
    /// Who wrote it: an address or a number.
    var author: String?

    /// An article, comment, thread or message of any product that keeps its conversation in a list.
    init(_ record: ProductRecord) {
        subject = record.raw("subject", "Subject")
        let type = (record.text("content_type", "ContentType", "MimeType") ?? "").lowercased()
        if let plain = record.raw("plain_body", "body_text", "text_body") {
            (content, mayBeMarkup) = (plain, false)
        } else {
            content = record.raw("body", "Body", "text", "content", "html_body") ?? ""
            mayBeMarkup = !type.hasPrefix("text/plain")
        }
        time = record.raw("created_at", "createdAt", "CreateTime", "Created", "created")
        author = record.person("author_id", "created_by", "createdBy", "user_id", "sender", "From", "from")
        isPublic = TicketMessage.isPublic(record)
        isCustomers = TicketMessage.isCustomers(record)
    }

    /// The text without markup; of a conversation, only one message is read.
    var text: String { mayBeMarkup ? TicketMessage.plainText(content) : content }

    private static func isPublic(_ record: ProductRecord) -> Bool {
        if record.isTrue("internal") || record.isTrue("private") || record.isTrue("is_private") {
            return false
        }
        if let isVisible = record.raw("IsVisibleForCustomer"), isVisible == "0" { return false }
        if record.isFalse("public") || record.isFalse("jsdPublic") || record.isFalse("isPublic") {
            return false
        }
        if record.has("internal") { return true }
        let type = (record.text("type", "ArticleType") ?? "").lowercased()
        if type == "note" || type == "lineitem" || type.hasPrefix("note-internal")
            || type.hasSuffix("internal")
        {
            return false
        }
        return (record.text("state") ?? "published").lowercased() != "draft"
    }

    private static func isCustomers(_ record: ProductRecord) -> Bool? {
        if case .bool(let incoming)? = record.fields["incoming"] { return incoming }
        if let sender = record.text("sender", "SenderType", "sender_type")?.lowercased(),
            ["customer", "agent", "system", "user", "contact"].contains(sender)
        {
            return sender == "customer" || sender == "contact"
        }
        if let number = record.raw("sender_id", "SenderTypeID"), record.has("internal") {
            return number == "2"
        }
        switch record.text("message_type")?.lowercased() {
        case "incoming"?, "0"?: return true
        case "outgoing"?, "template"?, "activity"?, "1"?, "2"?, "3"?: return false
        default: break
        }
        switch record.text("type")?.lowercased() {
        case "customer"?: return true
        case "message"?, "note"?, "reply"?, "lineitem"?: return false
        // Entries of osTicket's threads: messages, responses and notes.
        case "m"? where record.has("thread_id"): return true
        case "r"?, "n"?: return record.has("thread_id") ? false : nil
        default: return nil
        }
    }

    /// The first message of the customer; nil when there is none.
    ///
    /// Where the messages do not tell who wrote them, it is the first public one by `requester`, else the first.
    static func first(of messages: [TicketMessage], requester: String?) -> TicketMessage? {
        let times = messages.map { $0.time.flatMap { DateReader.milliseconds($0) } }
        let places = messages.indices.sorted { first, second in
            guard let earlier = times[first], let later = times[second], earlier != later else {
                return first < second
            }
            return earlier < later
        }
        let visible = places.map { messages[$0] }.filter { $0.isPublic && $0.isCustomers != false }
        let known = visible.first { $0.isCustomers == true }
        if let known { return known }
        if let requester, visible.contains(where: { $0.author != nil }) {
            return visible.first { $0.author == requester }
        }
        return visible.first
    }

    private static let cleaner = Cleaner(Cleaner.Options(html: true, quotes: false, signatures: false))
    /// What Zammad puts before a signature.
    private static let signatureMark = Array("<span class=\"js-signatureMarker\">".utf8)

    /// The text of HTML; text that is none stays as it is.
    static func plainText(_ text: String) -> String {
        var bytes = Array(text.utf8)
        if let signature = signature(in: bytes) { bytes.removeSubrange(signature...) }
        guard bytes.contains(0x3C) || bytes.contains(0x26) else {
            return bytes.count == text.utf8.count ? text : String(decoding: bytes, as: UTF8.self)
        }
        return String(decoding: cleaner.clean(bytes).text.bytes, as: UTF8.self).trimmed
    }

    /// Where the mark before a signature begins; nil without one.
    private static func signature(in bytes: [UInt8]) -> Int? {
        var place = bytes.firstIndex(of: 0x3C)
        while let start = place, !bytes[start...].starts(with: signatureMark) {
            place = bytes[(start + 1)...].firstIndex(of: 0x3C)
        }
        return place
    }
}
