internal import TriageData

/// Which mails are no customer's tickets, by their headers.
enum MailRules {
    /// The reason; nil for a mail that a person may have written.
    ///
    /// Sources: RFC 3834 (automatic answers), RFC 2919 and 2369 (lists), RFC 3464 (delivery reports), RFC 5965 (abuse
    /// reports), RFC 5546 (calendars).
    static func reason(_ header: (String) -> String?, type: String, report: String?, method: String?)
        -> String?
    {
        let type = type.lowercased()
        if type == "multipart/report" { return "a report: \(report?.lowercased() ?? "delivery status")" }
        if type == "text/calendar", method?.lowercased() != "request" { return "an answer of a calendar" }
        if let reason = bounce(header) { return reason }
        if let reason = automatic(header) { return reason }
        return bulk(header)
    }

    private static let senders: Set<String> = ["mailer-daemon", "postmaster", "mail-daemon", "mdaemon"]

    private static func bounce(_ header: (String) -> String?) -> String? {
        if let path = header("Return-Path"), path == "<>" { return "a bounce: its return path is empty" }
        if header("X-Failed-Recipients") != nil { return "a bounce" }
        let from = header("From").map(MailMessage.address) ?? ""
        return senders.contains(String(from.prefix { $0 != "@" })) ? "a bounce: from a mail server" : nil
    }

    private static func automatic(_ header: (String) -> String?) -> String? {
        let submitted = header("Auto-Submitted").map {
            $0.lowercased().split { $0 == ";" || $0 == " " }.first ?? ""
        }
        if let submitted, submitted != "no" { return "an automatic mail" }
        if header("X-Autoreply") != nil || header("X-Autorespond") != nil || header("X-Auto-Reply") != nil {
            return "an automatic answer"
        }
        if let suppress = header("X-Auto-Response-Suppress")?.lowercased(), suppress != "none" {
            return "a mail that wants no automatic answer"
        }
        if header("X-Loop") != nil || header("X-Mail-Loop") != nil { return "a mail loop" }
        if let from = header("From").map(MailMessage.address), !from.isEmpty,
            let to = header("To").map(MailMessage.address), from == to
        {
            return "a mail loop: from and to are one address"
        }
        return nil
    }

    private static func bulk(_ header: (String) -> String?) -> String? {
        if let precedence = header("Precedence")?.lowercased(),
            ["bulk", "list", "junk", "auto_reply"].contains(precedence)
        {
            return "bulk mail"
        }
        let lists = [
            "List-Id", "List-Unsubscribe", "List-Post", "Feedback-ID", "X-Campaign", "X-Campaign-Id",
        ]
        return lists.contains { header($0) != nil } ? "a mail of a list or a newsletter" : nil
    }
}
