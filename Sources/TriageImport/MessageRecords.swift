internal import TriageData

/// Records that are messages of a ticket, such as articles, comments, notes, threads and follow-ups, not tickets.
///
/// A list of them has the words of agents and notes, each as if it were a ticket of its own.
enum MessageRecords {
    /// The reason for which such a record alone is rejected.
    static let reason =
        "a message of a ticket, not a ticket; import the file of the tickets, with this one beside it"

    /// The reason for which the message of an agent is left out.
    static let agents = "a message of an agent or a private note"

    /// Whether records with these names, or rows with these columns, are messages.
    ///
    /// One name of a product's messages is enough; a name that says who wrote or sees the text counts beside
    /// one of another record or a person, where the record has no headline.
    static func isMessage(_ names: some Sequence<String>) -> Bool {
        let keys = Set(names.map(KnownColumns.key))
        guard !keys.isDisjoint(with: texts) else { return false }
        if sure.contains(where: keys.isSuperset) { return true }
        return keys.isDisjoint(with: headlines) && !keys.isDisjoint(with: visibility)
            && !keys.isDisjoint(with: belongings)
    }

    /// Whether records with these names are messages where another file has the tickets.
    static func mayBeMessage(_ names: some Sequence<String>) -> Bool {
        let keys = Set(names.map(KnownColumns.key))
        return keys.contains("ticketid") && !keys.isDisjoint(with: ["body", "htmlbody", "plainbody"])
            && keys.isDisjoint(with: ["title", "description", "rawsubject"])
    }

    private static let texts: Set<String> = [
        "body", "htmlbody", "plainbody", "bodytext", "bodyhtml", "textbody", "content", "text", "note",
        "message",
    ]
    /// Names that only messages have: of OTRS, GitLab, GLPI, GitHub, osTicket, Jira, Intercom, Zammad and Help Scout.
    private static let sure: [Set<String>] = [
        ["sendertype", "articleid"], ["sendertype", "ticketid"], ["isvisibleforcustomer", "ticketid"],
        ["noteableid", "noteabletype"], ["itemsid", "itemtype"], ["ticketsid", "isprivate"],
        ["threadid", "poster"], ["jsdpublic"], ["updateauthor", "author"], ["parttype"],
        ["ticketid", "internal", "sender"], ["ticketid", "private", "incoming"],
        ["createdby", "type", "state"],
    ]
    private static let headlines: Set<String> = [
        "title", "subject", "rawsubject", "summary", "shortdescription", "description", "name",
    ]
    private static let visibility: Set<String> = [
        "internal", "private", "isprivate", "public", "ispublic", "incoming", "sendertype",
        "isvisibleforcustomer", "issueurl",
    ]
    private static let belongings: Set<String> = [
        "ticketid", "issueid", "conversationid", "threadid", "caseid", "authorid", "userid", "author", "user",
        "createdby", "commenterid", "sender", "from",
    ]

    /// Members of a record that may hold a message.
    static let members = ["article", "comment", "message", "note", "last_message", "latest_comment"]

    /// Whether a record has a message of an agent, or one that customers do not see, beside its own members.
    static func hasAgents(_ record: ProductRecord) -> Bool {
        members.contains { name in
            guard let message = record.object(name),
                message.fields.keys.contains(where: { visibility.contains(KnownColumns.key($0)) })
            else { return false }
            let read = TicketMessage(message)
            return !read.isPublic || read.isCustomers == false
        }
    }
}
