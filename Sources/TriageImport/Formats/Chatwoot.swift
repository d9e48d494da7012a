internal import TriageData

extension ProductFormat {
    /// A message of Chatwoot, as its webhook sends it.
    static let chatwootMessage = ProductFormat(
        "Chatwoot", isOfEvents: true,
        when: { record in
            record.hasAny("message_type") && record.has("content")
                || record.text("event").map { $0.hasPrefix("message_") || $0.hasPrefix("conversation_") }
                    == true
        },
        read: { record throws(BadRow) in
            let chat = record.object("conversation") ?? record
            let id = chat.raw("display_id", "id") ?? record.raw("conversation_id")
            let event = record.text("event")
            guard event == nil || event == "message_created" || event == "conversation_created" else {
                throw .leftOut(record.line, id, "an event that brings no new message")
            }
            if event == "conversation_created" || record.has("messages") {
                return try conversation(record, id)
            }
            let message = TicketMessage(record)
            guard message.isPublic, message.isCustomers == true else {
                throw .leftOut(record.line, id, MessageRecords.agents)
            }
            var ticket = ImportedTicket(id: id, body: message.text)
            ticket.time = record["created_at"]
            ticket.requester = record.person("sender")
            ticket.keep("inbox", record["inbox"])
            keepLabels(of: chat, in: &ticket)
            return ticket
        })

    /// A conversation of Chatwoot, with its messages.
    static let chatwootConversation = ProductFormat(
        "Chatwoot",
        when: { record in
            record.has("inbox_id")
                && record.hasAny("messages", "meta", "contact_inbox", "last_non_activity_message")
        },
        read: { record throws(BadRow) in try conversation(record, record.raw("display_id", "id")) })

    private static func conversation(_ record: ProductRecord, _ id: String?) throws(BadRow) -> ImportedTicket
    {
        let messages = record.objects("messages").map { TicketMessage($0) }
        guard let first = TicketMessage.first(of: messages, requester: nil), first.isCustomers == true else {
            throw .leftOut(record.line, id, "no message of a customer")
        }
        var ticket = ImportedTicket(id: id, body: first.text)
        ticket.subject = record.object("additional_attributes")?.raw("mail_subject") ?? ""
        ticket.time = record["created_at"] ?? first.time.map { .string($0) }
        ticket.requester = record.object("meta")?.person("sender") ?? first.author
        keepLabels(of: record, in: &ticket)
        return ticket
    }

    private static func keepLabels(of conversation: ProductRecord, in ticket: inout ImportedTicket) {
        for name in ["labels", "priority", "status", "channel"] { ticket.keep(name, conversation[name]) }
        ticket.keep("inbox", conversation["inbox", "inbox_id"])
        ticket.keep("team", conversation.object("meta")?["team"])
        for (name, value) in conversation.object("custom_attributes")?.fields ?? [:] {
            ticket.keep(name, value)
        }
    }
}
