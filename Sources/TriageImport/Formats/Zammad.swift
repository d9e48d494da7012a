internal import TriageData

extension ProductFormat {
    /// Zammad's tickets, with their articles beside or inside; states, groups and priorities are names or objects.
    static let zammad = ProductFormat(
        "Zammad",
        when: { record in
            record.hasAny("articles", "article") && record.hasAny("group", "group_id")
                && record.hasAny("number", "priority_id", "priority", "state_id", "state")
                || record.has("title")
                    && (record.hasAny(
                        "article_count", "create_article_type_id", "create_article_sender_id", "article_ids")
                        || record.hasAny("group_id", "group") && record.hasAny("priority_id", "priority")
                            && record.hasAny("state_id", "state") && !record.hasAny("html_url", "web_url")
                        || record.hasAny("articles", "article") && record.hasAny("number", "group", "state"))
        },
        read: { record throws(BadRow) in
            let id = record.raw("id", "number")
            let customer = record.person("customer", "customer_id")
            var ticket = ImportedTicket(id: id, subject: record.raw("title") ?? "")
            ticket.time = record["created_at"]
            let isListed = record.hasAny("articles", "article")
            let articles =
                isListed
                ? record.objects("articles", "article").map { TicketMessage($0) }
                : record.tables.messages[id ?? ""] ?? []
            let first = TicketMessage.first(
                of: articles, requester: record.raw("customer_id") ?? customer)
            if isListed || !articles.isEmpty {
                guard let first else {
                    throw .leftOut(
                        record.line, id, "no article of a customer: an agent or the system wrote it")
                }
                ticket.body = first.text
                if ticket.subject.isEmpty { ticket.subject = first.subject ?? "" }
            }
            ticket.requester = customer ?? first?.author
            for name in ["group", "priority", "state", "type", "tags", "organization"] {
                ticket.keep(name, record[name])
            }
            if record["group"] == nil, let number = record.raw("group_id") {
                ticket.keep("group", .string(record.tables.groups[number] ?? number))
            }
            for name in ["priority", "state"] where record[name] == nil {
                ticket.keep(name, record[name + "_id"])
            }
            record.keepOthers(in: &ticket, except: readMembers)
            return ticket
        })

    /// Members that are read above, or are no labels.
    private static let readMembers: Set<String> = [
        "title", "customer", "organization",
    ]
}
