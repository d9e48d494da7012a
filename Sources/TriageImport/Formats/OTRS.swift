internal import TriageData

extension ProductFormat {
    /// Tickets of OTRS and Znuny, as their generic interface answers them [from memory].
    static let otrs = ProductFormat(
        "OTRS/Znuny",
        when: { record in
            record.hasAny("TicketNumber", "TicketID") && record.hasAny("Title", "Queue", "Article")
        },
        read: { record throws(BadRow) in
            let id = record.raw("TicketNumber", "TicketID")
            let articles = record.objects("Article", "Articles")
            let messages = articles.map { TicketMessage($0) }
            var ticket = ImportedTicket(id: id, subject: record.raw("Title") ?? "")
            ticket.requester = record.person("CustomerUserID", "CustomerUser", "CustomerID")
            if !messages.isEmpty {
                guard let first = TicketMessage.first(of: messages, requester: nil) else {
                    throw .leftOut(
                        record.line, id, "no article of a customer: an agent or the system wrote it")
                }
                ticket.body = first.text
                if ticket.subject.isEmpty { ticket.subject = first.subject ?? "" }
                if ticket.requester == nil { ticket.requester = first.author }
            }
            ticket.time = record["Created", "CreateTime"]
            for name in ["Queue", "Priority", "Type", "State", "Service", "SLA"] {
                ticket.keep(name, record[name])
            }
            for field in record.objects("DynamicField") {
                guard let name = field.text("Name"), let value = field["Value"] else { continue }
                if let text = value.text, text.utf8.count > 100 || DateReader.isDate(text) { continue }
                ticket.keep("DynamicField_\(name)", value)
            }
            for (name, value) in record.fields where name.hasPrefix("DynamicField_") {
                ticket.keep(name, value)
            }
            return ticket
        })
}
