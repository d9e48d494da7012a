internal import TriageData

extension ProductFormat {
    /// Zendesk's tickets, from the API, an export in JSON or an event.
    static let zendesk = ProductFormat(
        "Zendesk",
        when: { record in
            record.hasAny("subject", "raw_subject") && record.has("description")
                && record.hasAny(
                    "requester_id", "submitter_id", "ticket_form_id", "brand_id", "custom_fields", "via")
                || record.has("subject") && record.has("comments")
                    && record.hasAny("requester_id", "submitter_id", "via")
        },
        read: { record throws(BadRow) in
            let id = record.raw("id", "ticket_id")
            guard record.text("status") != "deleted" else {
                throw .leftOut(record.line, id, "a deleted ticket")
            }
            let requester = record.raw("requester_id") ?? record.raw("submitter_id")
            var ticket = ImportedTicket(id: id, subject: record.raw("subject", "raw_subject") ?? "")
            let isListed = record.has("comments")
            let comments =
                isListed
                ? record.objects("comments").map { TicketMessage($0) }
                : record.tables.messages[id ?? ""] ?? []
            if comments.isEmpty {
                ticket.body = TicketMessage.plainText(record.raw("description") ?? "")
            } else if let first = TicketMessage.first(of: comments, requester: requester) {
                ticket.body = first.text
            } else {
                throw .leftOut(record.line, id, "no public comment of the requester: an agent wrote it")
            }
            ticket.requester = record.person("requester") ?? record.person("requester_id", "submitter_id")
            ticket.time = record["created_at"]
            for name in ["type", "priority", "status", "group", "tags", "brand", "organization"] {
                ticket.keep(name, record[name])
            }
            if let number = record.raw("group_id") {
                ticket.keep("group", .string(record.tables.groups[number] ?? number))
            }
            ticket.keep("channel", record.object("via")?["channel"])
            keepCustomFields(of: record, in: &ticket)
            if let metrics = record.object("metric_set", "metrics") {
                ticket.keep("reopens", metrics["reopens"])
                ticket.keep("reassignments", metrics["assignee_stations"])
                ticket.keep("group_hops", metrics["group_stations"])
            }
            record.keepOthers(in: &ticket, except: readMembers)
            return ticket
        })

    /// Members that are read above, or are no labels.
    private static let readMembers: Set<String> = [
        "subject", "description", "custom_fields", "fields", "recipient", "has_incidents", "is_public",
        "sharing_agreement_ids", "allow_channelback", "allow_attachments", "from_messaging_channel",
        "generated_timestamp", "custom_status_id", "follower_ids",
    ]

    /// Custom fields are numbers with values; their titles come from a list of fields, if one came along.
    private static func keepCustomFields(of record: ProductRecord, in ticket: inout ImportedTicket) {
        for field in record.objects("custom_fields", "fields") {
            guard let number = field.raw("id") else { continue }
            let name = field.text("title", "name") ?? record.tables.fields[number] ?? "custom_field_\(number)"
            guard let value = field["value"], (value.text?.utf8.count ?? 0) <= 100 else { continue }
            if value != .bool(false) { ticket.keep(name, value) }
        }
    }
}
