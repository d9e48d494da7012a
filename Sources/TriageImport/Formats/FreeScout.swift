internal import TriageData

extension ProductFormat {
    /// Conversations of FreeScout and Help Scout, with their threads.
    static let freeScout = ProductFormat(
        "FreeScout",
        when: { record in
            record.has("subject") && record.hasAny("mailboxId", "mailbox", "threadsCount", "threads")
                || record.has("subject") && record.object("_embedded")?.has("threads") == true
        },
        read: { record throws(BadRow) in
            let id = record.raw("id", "number")
            let state = record.text("state")?.lowercased()
            let isSpam = record.text("status")?.lowercased() == "spam"
            guard !isSpam, state != "deleted", state != "draft" else {
                throw .leftOut(record.line, id, "spam, a draft or deleted")
            }
            let threads =
                record.object("_embedded")?.objects("threads").map { TicketMessage($0) }
                ?? record.objects("threads").map { TicketMessage($0) }
            var ticket = ImportedTicket(id: id, subject: record.raw("subject") ?? "")
            if let first = TicketMessage.first(of: threads, requester: nil) {
                ticket.body = first.text
            } else if !threads.isEmpty {
                throw .leftOut(record.line, id, "no message of a customer: an agent wrote it")
            } else {
                // The preview is that of the latest message, which is often an agent's.
                ticket.lack =
                    "its threads, so only the subject is read; ask the API for them with embed=threads"
            }
            ticket.requester = record.person("customer", "primaryCustomer", "createdBy")
            ticket.time = record["createdAt"]
            ticket.keep("mailbox", record["mailbox", "mailboxId"])
            for name in ["tags", "status", "type"] { ticket.keep(name, record[name]) }
            for field in record.objects("customFields") {
                guard let name = field.text("name") else { continue }
                ticket.keep(name, field["text", "value"])
            }
            return ticket
        })
}
