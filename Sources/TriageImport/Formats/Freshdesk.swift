internal import TriageData

extension ProductFormat {
    /// Tickets of Freshdesk and Freshservice, from the API, the old dump or a webhook.
    static let freshdesk = ProductFormat(
        "Freshdesk",
        when: { record in
            record.hasAny("description", "description_text", "ticket_description")
                && (record.hasAny(
                    "responder_id", "fr_due_by", "fr_escalated", "description_text", "display_id",
                    "ticket_subject", "to_emails", "priority_name")
                    || record.has("requester_id") && record.has("source"))
                && !record.hasAny("raw_subject", "brand_id", "submitter_id")
        },
        read: { record throws(BadRow) in
            let id = record.raw("display_id", "id", "ticket_id")
            guard !record.isTrue("spam"), !record.isTrue("deleted") else {
                throw .leftOut(record.line, id, "spam or deleted")
            }
            var ticket = ImportedTicket(id: id, subject: record.raw("subject", "ticket_subject") ?? "")
            ticket.body =
                record.raw("description_text")
                ?? TicketMessage.plainText(record.raw("description", "ticket_description") ?? "")
            ticket.requester = record.person(
                "requester", "email", "ticket_contact_email", "requester_email", "requester_id")
            ticket.time = record["created_at", "ticket_created_at"]
            ticket.keep("priority", named(record["priority_name", "priority", "ticket_priority"], priorities))
            ticket.keep("status", named(record["status_name", "status", "ticket_status"], states))
            ticket.keep("source", named(record["source_name", "source", "ticket_source"], sources))
            ticket.keep("type", record["type", "ticket_type"])
            ticket.keep("group", record["group", "group_name", "ticket_group_name"])
            if let number = record.raw("group_id") {
                ticket.keep("group", .string(record.tables.groups[number] ?? number))
            }
            ticket.keep("tags", record["tags"])
            record.keepOthers(in: &ticket, except: readMembers)
            return ticket
        })

    /// Members that are read above, or are no labels.
    private static let readMembers: Set<String> = [
        "subject", "description", "requester", "email", "name", "phone", "stats", "notes", "conversations",
        "ticket_subject", "ticket_description", "ticket_contact_email", "ticket_contact_name",
        "ticket_priority", "ticket_status", "ticket_source", "ticket_group_name", "ticket_type",
        "priority_name", "status_name", "source_name", "requester_name", "responder_name", "isescalated",
        "trained", "requester_email", "cc_email", "group_name",
    ]

    private static let priorities = ["1": "Low", "2": "Medium", "3": "High", "4": "Urgent"]
    private static let states = ["2": "Open", "3": "Pending", "4": "Resolved", "5": "Closed"]
    private static let sources = [
        "1": "Email", "2": "Portal", "3": "Phone", "7": "Chat", "9": "Feedback widget", "10": "Outbound",
    ]

    private static func named(_ value: JSONValue?, _ names: [String: String]) -> JSONValue? {
        guard let text = value.flatMap({ ImportedTicket.plain($0) })?.text else { return nil }
        return .string(names[text] ?? text)
    }
}
